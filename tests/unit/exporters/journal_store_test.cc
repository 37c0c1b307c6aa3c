// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exporters/journal_store.h"

#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {
namespace {

INSTANTIATE_TEST_SUITE_P(JournalStore, StoreContract,
                         testing::Values(StoreKind{
                             "JournalStore",
                             [](const std::filesystem::path& folder, StoreLimits limits, Overflow overflow) {
                                 return std::make_unique<JournalStore>(folder, limits, overflow);
                             },
                             true}),
                         name_of_kind);

}  // namespace
}  // namespace telltale::exporters
