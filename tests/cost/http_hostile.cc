// SPDX-License-Identifier: Apache-2.0
#include "tests/cost/hostile.h"

namespace telltale::cost {
namespace {

Input text(char pieces, const std::string& letters) {
    const std::string both = pieces + letters;
    return {both.begin(), both.end()};
}
Input pattern(const std::string& letters) { return {letters.begin(), letters.end()}; }

}  // namespace

std::vector<std::pair<std::string, Input>> hostile_inputs(std::size_t size) {
    constexpr char kSingleBytes = 0, kOneSegment = '\x7f';
    const std::string start = "GET / HTTP/1.1\r\n";
    return {
        {"short_fields", repeated(text(kOneSegment, start), pattern("a:\r\n"), size)},
        {"short_fields_byte_by_byte", repeated(text(kSingleBytes, start), pattern("a:\r\n"), size)},
        {"folds", repeated(text(kOneSegment, start + "User-Agent: a\r\n"), pattern(" a\r\n"), size)},
        {"folds_byte_by_byte", repeated(text(kSingleBytes, start + "Host: a\r\n"), pattern("\t\r\n"), size)},
        {"a_target_byte_by_byte", repeated(text(kSingleBytes, "GET /"), pattern("%"), size)},
        {"cookies", repeated(text(kOneSegment, start + "Cookie: "), pattern("a=b;"), size)},
        {"pipelined", repeated(text(kOneSegment, ""), pattern("GET / HTTP/1.0\r\n\r\n"), size)},
        {"chunks", repeated(text(kOneSegment, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                            pattern("1\r\na\r\n"), size)},
        {"chunks_byte_by_byte", repeated(text(kSingleBytes, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                                         pattern("1\r\na\r\n"), size)},
    };
}

}  // namespace telltale::cost
