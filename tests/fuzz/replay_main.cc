// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer: every file of a folder, then mutations of them, the same ones at every run.
//     fuzz_<name> FOLDER [MUTATIONS]      fuzz_<name> FILE      (one input, to look at a finding)
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

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t kMaxInputBytes = 64 * 1024;
constexpr std::uint64_t kSeed = 0x7e117a1e;

Input read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// At the end of an allocation of its own, so that a sanitizer sees a read beyond it.
void run(const Input& input) {
    const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[input.size()]);
    std::copy(input.begin(), input.end(), copy.get());
    LLVMFuzzerTestOneInput(copy.get(), input.size());
}

// SplitMix64: the same numbers everywhere.
class Numbers {
  public:
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(next() % limit); }

  private:
    std::uint64_t state_ = kSeed;
};

std::ptrdiff_t place(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

void mutate(Input& input, const Input& other, Numbers& numbers) {
    constexpr std::uint8_t kTelling[] = {0, 1, 2, 0x0a, 0x0d, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff};
    const std::size_t at = numbers.below(input.size() + 1);
    const std::size_t length = std::min(numbers.below(16) + 1, input.size() - at);
    switch (numbers.below(8)) {
        case 0:
            if (at < input.size()) input[at] ^= static_cast<std::uint8_t>(1U << numbers.below(8));
            break;
        case 1:
            if (at < input.size()) input[at] = kTelling[numbers.below(sizeof kTelling)];
            break;
        case 2:
            if (at < input.size()) input[at] = static_cast<std::uint8_t>(numbers.next());
            break;
        case 3: input.erase(input.begin() + place(at), input.begin() + place(at + length)); break;
        case 4:
            input.insert(input.begin() + place(at), numbers.below(64), static_cast<std::uint8_t>(numbers.next()));
            break;
        case 5: {
            const Input piece(input.begin() + place(at), input.begin() + place(at + length));
            input.insert(input.begin() + place(numbers.below(input.size() + 1)), piece.begin(), piece.end());
            break;
        }
        case 6: input.resize(at); break;
        default: {  // the end of another input
            const std::size_t from = numbers.below(other.size() + 1);
            input.resize(at);
            input.insert(input.end(), other.begin() + place(from), other.end());
        }
    }
    if (input.size() > kMaxInputBytes) input.resize(kMaxInputBytes);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "usage: %s FOLDER [MUTATIONS] | FILE\n", arguments[0]);
        return 2;
    }
    const std::filesystem::path path = arguments[1];
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(path)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
    } else if (std::filesystem::is_regular_file(path)) {
        files.push_back(path);
    }
    if (files.empty()) {
        std::fprintf(stderr, "%s: no inputs\n", path.c_str());
        return 2;
    }
    std::vector<Input> inputs;
    for (const auto& file : files) inputs.push_back(read_file(file));
    for (const Input& input : inputs) run(input);

    const long mutations = count > 2 ? std::strtol(arguments[2], nullptr, 10) : 0;
    Numbers numbers;
    for (long i = 0; i < mutations; ++i) {
        Input input = inputs[numbers.below(inputs.size())];
        const std::size_t edits = numbers.below(6) + 1;
        for (std::size_t edit = 0; edit < edits; ++edit) mutate(input, inputs[numbers.below(inputs.size())], numbers);
        run(input);
    }
    std::printf("%zu inputs, %ld mutations\n", inputs.size(), mutations);
    return 0;
}
