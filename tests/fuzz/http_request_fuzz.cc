// SPDX-License-Identifier: Apache-2.0
// Requests to the server of metrics: the outcome does not depend on how the bytes come in.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "exporters/prometheus/http_message.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale::prometheus_http;
    using telltale::require;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const HeadReading whole = read_request(bytes);
    // At most some hundred prefixes, so that the target's own cost grows with the input and no faster.
    const std::size_t step = 1 + size / 256;
    std::size_t first = 0;
    while (first < size && std::holds_alternative<MoreNeeded>(read_request(bytes.substr(0, first)))) {
        first = std::min(first + step, size);
    }
    const HeadReading early = read_request(bytes.substr(0, first));
    if (const auto* const request = std::get_if<HttpRequest>(&early)) {
        const auto* const again = std::get_if<HttpRequest>(&whole);
        require(again != nullptr && again->method == request->method && again->path == request->path,
                "the same request with more behind it");
        require(request->path.starts_with('/') && request->path.size() <= kMaxTargetBytes, "a path");
    } else if (const auto* const refusal = std::get_if<HttpResponse>(&early)) {
        require(refusal->status >= 400 && refusal->body != nullptr, "a refusal with a text");
    }
    if (std::holds_alternative<MoreNeeded>(whole)) require(size <= kMaxHeadBytes + 4, "no more than a head is awaited");
    return 0;
}
