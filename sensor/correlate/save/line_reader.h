// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "sensor/correlate/save/field_reader.h"
#include "sensor/correlate/save/saved.h"

namespace telltale::correlate {

// Reads the lines of a saved state, as write_state() wrote them: a head, rows and an end; or rows, as RowMaker made
// them, in the order of kRowKinds.
class LineReader {
  public:
    // Takes the text's next line. Returns what is wrong with it, or nothing.
    std::string take(std::string_view line);
    [[nodiscard]] bool ended() const { return ended_; }

    // Takes a row. One of a device that is not there is left out. Returns what is wrong with it, or nothing.
    std::string take_row(std::string_view line);
    // After the last row: sorts the lists, because rows come in any order.
    void end_rows();

    SavedState& state() { return state_; }

  private:
    using Json = rapidjson::Value;

    std::string head(const Json& json, std::string_view kind);
    std::string body(const Json& json, std::string_view kind);
    std::string end(const Json& json);
    std::string add_device_row(const Json& json);
    // A row of which a part of a device is made.
    template <typename Row>
    std::string read_row(const Json& json, Row& row) const;
    std::string add_report(const Json& json);
    std::string add_evidence(const Json& json);
    // With `numbers`, devices go by their ids.
    template <typename Saved>
    std::string add(const Json& json, std::vector<Saved>& list, const FieldReader::DeviceNumbers* numbers);
    std::string add_any(const Json& json, std::string_view kind, const FieldReader::DeviceNumbers* numbers);

    SavedState state_;
    FieldReader::DeviceNumbers numbers_;
    std::uint64_t lines_ = 0;
    bool ended_ = false;
};

}  // namespace telltale::correlate
