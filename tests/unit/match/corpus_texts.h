// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace telltale::match::testing {

// The folder of real captures and their truth: $TELLTALE_CORPUS, or ../shared/corpus beside the repository. Empty if
// there is no such folder.
std::filesystem::path corpus_folder();

// The distinct texts that real devices sent, by pattern set ("host_name", "user_agent", "dhcp_vendor_class",
// "dhcp_fingerprint", "dhcp_host_name"), from the truth files, read once. Empty without a corpus.
const std::map<std::string, std::set<std::string>>& corpus_texts();

}  // namespace telltale::match::testing
