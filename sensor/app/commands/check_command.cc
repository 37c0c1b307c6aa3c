// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/check_command.h"

#include <cstdio>
#include <string>

#include "sensor/app/config/load_config.h"
#include "sensor/app/config/option_documents.h"
#include "sensor/app/service/service.h"
#include "sensor/app/setup/signature_setup.h"
#include "sensor/app/setup/site_key.h"

namespace telltale::app {
namespace {

int print(const std::string& text) {
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? kExitDone : kExitFailed;
}

void report(const std::string& problem) { std::fprintf(stderr, "%s\n", problem.c_str()); }

// Checks the files that the configuration names; reports all problems at once.
bool check_named_files(const LoadedConfig& loaded) {
    const Config& config = loaded.config;
    const auto key = read_site_key(config.site_key_file, loaded.where("site_key_file"));
    if (!key) report(key.error().text);
    const auto settings = check_settings(loaded);
    if (!settings) report(settings.error().text);
    const auto folder = find_signatures(config.signatures);
    if (!folder) {
        report(folder.error().text);
        return false;
    }
    const auto signatures = load_signatures(*folder, {});
    if (!signatures) {
        report(loaded.where("signatures.path") + ": the signatures in " + folder->string() + " cannot be used:");
        report(signatures.error().text);
    }
    return key && settings && signatures;
}

}  // namespace

int run_check(const CheckOptions& options) {
    if (options.sample) return print(sample_configuration());
    if (options.reference) return print(option_reference());
    const auto loaded = load_config(options.config);
    if (!loaded) {
        report(loaded.error().text);
        return kExitBadInput;
    }
    if (!check_named_files(*loaded)) return kExitBadInput;
    return print(options.config.string() + ": ok\n");
}

}  // namespace telltale::app
