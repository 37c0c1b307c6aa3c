// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "sensor/model/event.h"

namespace telltale::ecs {

inline constexpr std::string_view kEcsVersion = "9.4.0";
inline constexpr std::size_t kMaxTextCharacters = 255;  // of any text but the message
inline constexpr std::size_t kMaxMessageCharacters = 1024;

// The sensor as its events show it (observer.* and telltale.sensor). Empty fields are left out, sensor and boot id must
// not be empty.
struct ObserverInfo {
    std::string sensor_id;
    std::string boot_id;  // another one at every start
    std::string name;
    std::string hostname;
    std::string version;
    std::string ingress_interface;  // or empty, for files
    std::string signatures_version;
};

// Writes events as Elastic Common Schema JSON, one object without a line feed (see exporters/README.md for the fields
// and exporters/ecs/schema for the JSON Schemas). Text is valid UTF-8, bounded, and cannot forge a line. Keeps its
// buffers: one instance per thread.
class JsonFormat {
  public:
    explicit JsonFormat(const ObserverInfo& observer);
    ~JsonFormat();
    JsonFormat(JsonFormat&&) noexcept;
    JsonFormat& operator=(JsonFormat&&) noexcept;

    // Appends the event as the one with this sequence number in its topic.
    void render(const model::Event& event, std::uint64_t sequence, std::string& out);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Returns event.id: the same for the same sensor, boot, topic and sequence, so that a repeat overwrites itself
// downstream.
std::string event_id(model::Topic topic, std::uint64_t sequence, const ObserverInfo& observer);
// The same up to the sequence.
std::string event_id_prefix(model::Topic topic, const ObserverInfo& observer);

}  // namespace telltale::ecs
