// SPDX-License-Identifier: Apache-2.0
#include "tests/cost/hostile.h"

namespace telltale::cost {
namespace {

// A header that claims 65,535 questions and answers.
Input header(std::uint8_t flags) { return {0x00, 0x12, 0x34, flags, 0x00, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}; }

// The longest name, once, and then questions or answers that point to it.
Input after_a_long_name(Input message, const Input& fixed) {
    for (int label = 0; label < 3; ++label) {
        message.push_back(63);
        message.insert(message.end(), 63, 0x01);
    }
    message.push_back(0);
    message.insert(message.end(), fixed.begin(), fixed.end());
    return message;
}

}  // namespace

std::vector<std::pair<std::string, Input>> hostile_inputs(std::size_t size) {
    const Input question{0xc0, 0x0c, 0, 1, 0, 1};
    const Input alias{0xc0, 0x0c, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 0x0c};
    const Input text{0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, 8, 3, 'a', '=', '1', 3, 'b', '=', '2'};
    const Input service{0xc0, 0x0c, 0, 33, 0, 1, 0, 0, 0, 60, 0, 8, 0, 0, 0, 0, 0, 1, 0xc0, 0x0c};
    Input services_and_texts = service;
    services_and_texts.insert(services_and_texts.end(), text.begin(), text.end());
    Input one_question = header(0x80);
    one_question[5] = 0;
    one_question[6] = 1;
    Input multicast = one_question;
    multicast[0] = 1;  // chooses the port
    return {
        {"questions_that_point", repeated(after_a_long_name(header(0), {0, 1, 0, 1}), question, size)},
        {"aliases_that_point", repeated(after_a_long_name(one_question, {0, 1, 0, 1}), alias, size)},
        {"multicast_texts", repeated(after_a_long_name(multicast, {0, 1, 0, 1}), text, size)},
        {"multicast_services", repeated(after_a_long_name(multicast, {0, 1, 0, 1}), services_and_texts, size)},
        {"root_questions", repeated(header(0), {0, 0, 1, 0, 1}, size)},
        {"one_label_a_byte", repeated(header(0), {1, 'a'}, size)},
    };
}

}  // namespace telltale::cost
