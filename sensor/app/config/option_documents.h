// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace telltale::app {

// A configuration file with every option, its default and its help: telltale.sample.yaml.
std::string sample_configuration();

// The options as Markdown: REFERENCE.md.
std::string option_reference();

}  // namespace telltale::app
