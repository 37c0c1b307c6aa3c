// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target on inputs that grow, under valgrind's callgrind, which counts the instructions of each:
//     valgrind --tool=callgrind ... cost_<name> CORPUS_FOLDER BYTES
// Every input of the corpus is grown to BYTES, 2, 4 and 8 times as much in several ways, and what hostile.h has for the
// target is made in these sizes. cost.py reads the counts.
#include <valgrind/callgrind.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "tests/cost/hostile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using telltale::cost::Input;

constexpr std::size_t kMaxSeeds = 12;
constexpr std::size_t kDoublings = 4;

Input read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// How an input grows: the bytes after the first `keep` are repeated, or one octet is.
struct Growth {
    const char* name;
    double keep;  // part of the input that stays as it is
    int octet;    // -1: what follows is repeated
};
constexpr Growth kGrowths[] = {
    {"whole", 0, -1},   {"tail", 0.5, -1},   {"last_eighth", 0.875, -1},
    {"zeros", 0.25, 0}, {"ones", 0.5, 0xff}, {"letters", 0.75, 'a'},
};

Input grow(const Input& seed, const Growth& growth, std::size_t size) {
    const auto keep = static_cast<std::size_t>(static_cast<double>(seed.size()) * growth.keep);
    Input grown(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(keep));
    const std::size_t period = seed.size() - keep;
    grown.reserve(size);
    for (std::size_t i = 0; grown.size() < size; ++i) {
        grown.push_back(growth.octet < 0 ? seed[keep + i % period] : static_cast<std::uint8_t>(growth.octet));
    }
    grown.resize(size);
    return grown;
}

void measure(const std::string& label, const Input& input) {
    const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[input.size()]);
    std::copy(input.begin(), input.end(), copy.get());
    CALLGRIND_ZERO_STATS;
    LLVMFuzzerTestOneInput(copy.get(), input.size());
    CALLGRIND_DUMP_STATS_AT(label.c_str());
}

}  // namespace

int main(int count, char** arguments) {
    const std::size_t bytes = count == 3 ? std::strtoul(arguments[2], nullptr, 10) : 0;
    if (bytes == 0) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER BYTES\n", arguments[0]);
        return 2;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    // Evenly over the corpus, the same ones every time.
    const std::size_t step = std::max<std::size_t>(1, (files.size() + kMaxSeeds - 1) / kMaxSeeds);
    for (std::size_t i = 0; i < files.size(); i += step) {
        const Input seed = read_file(files[i]);
        if (seed.size() < 8) continue;
        LLVMFuzzerTestOneInput(seed.data(), seed.size());  // what is made once is made here
        for (const Growth& growth : kGrowths) {
            for (std::size_t doubling = 0; doubling < kDoublings; ++doubling) {
                const std::size_t size = bytes << doubling;
                measure(files[i].filename().string() + " " + growth.name + " " + std::to_string(size),
                        grow(seed, growth, size));
            }
        }
    }
    for (std::size_t doubling = 0; doubling < kDoublings; ++doubling) {
        const std::size_t size = bytes << doubling;
        for (const auto& [name, input] : telltale::cost::hostile_inputs(size)) {
            measure(name + " hostile " + std::to_string(size), input);
        }
    }
    return 0;
}
