// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "exporters/store/booked_store.h"

namespace telltale::exporters {

// A store that survives restarts, in the plainest form: a journal in one file, to which every change is added, and
// which is read again when the store is opened. Memory holds an index alone. For tests of the contract: it syncs
// nothing, and the journal never shrinks.
class JournalStore final : public BookedStore {
  public:
    // Opens what the folder holds, as a new boot.
    JournalStore(const std::filesystem::path& folder, StoreLimits limits, Overflow overflow);

  protected:
    Kept keep(const StoredEnvelope& envelope) override;
    base::Status load(model::Topic topic, Position after, std::size_t max, std::vector<StoredEnvelope>& batch) override;
    void release(model::Topic topic, Position up_to) override;
    void note_reader(ReaderId reader) override;
    void note_drop(const DropRange& range) override;
    void note_evicted(model::Topic topic) override;
    void note_told(const DropRange& range) override;
    void note_place(ReaderId reader, model::Topic topic, Position up_to) override;
    void note_dead(const DeadEvent& dead) override;

  private:
    void replay(std::istream& journal);
    void replay(char letter, std::istream& record, std::streamoff at);
    void write(const std::string& record);
    [[nodiscard]] StoredEnvelope read_at(std::streamoff at) const;

    const std::filesystem::path file_;
    std::ofstream journal_;
    std::streamoff end_ = 0;  // of the journal
    unsigned boots_ = 0;
    base::EnumArray<model::Topic, std::map<Position, std::streamoff>> places_;  // of events in the journal
};

}  // namespace telltale::exporters
