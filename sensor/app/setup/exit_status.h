// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace telltale::app {

// Exit statuses of every command.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;    // the work could not be finished: an output failed
inline constexpr int kExitBadInput = 2;  // command line, configuration, signatures or capture cannot be used

}  // namespace telltale::app
