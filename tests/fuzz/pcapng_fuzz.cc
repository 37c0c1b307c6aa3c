// SPDX-License-Identifier: Apache-2.0
// PcapngReader on a hostile file: the input is the file.

#include "sensor/capture/pcapng_reader.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"

namespace {

using namespace telltale::capture;
using telltale::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const telltale::MemoryFile file(data, size);
    if (!file.written()) return 0;
    auto stream = InputStream::open(file.path(), nullptr);
    if (!stream) return 0;
    PcapngReader reader(**stream);
    std::uint64_t turn = 0;
    Record record;
    ReadStatus status = reader.read_ahead();
    std::size_t records = 0;
    unsigned sum = 0;
    if (status != ReadStatus::broken) {
        while ((status = reader.read(record)) == ReadStatus::record) {
            require(++records <= size / 12, "a packet has a block of its own");
            require(record.captured_length <= size, "a packet lies in the file");
            require(record.wire_length >= record.captured_length, "nothing is captured that was not sent");
            require(record.nanoseconds >= 0 && record.nanoseconds < 1'000'000'000, "a part of a second");
            for (std::uint32_t i = 0; i < record.captured_length; ++i) sum += record.data[i];
            (*stream)->begin_turn(++turn);
        }
    }
    require(reader.position() <= size, "it reads no more than the file has");
    require((status == ReadStatus::broken) != reader.reason().empty(), "what is broken has a reason");
    require(status != ReadStatus::broken || reader.read(record) == ReadStatus::broken, "what is broken stays so");
    return sum == 0xffffffff ? -1 : 0;
}
