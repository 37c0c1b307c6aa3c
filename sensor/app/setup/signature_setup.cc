// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/signature_setup.h"

#include <cstdlib>
#include <system_error>

#include "sensor/app/version.h"
#include "signatures/load.h"

namespace telltale::app {

namespace fs = std::filesystem;

base::Result<fs::path> find_signatures(const fs::path& asked) {
    if (!asked.empty()) return asked;
    std::error_code ignored;
    if (const char* named = std::getenv("TELLTALE_SIGNATURES"); named != nullptr && *named != '\0')
        return fs::path(named);
    for (const std::string_view folder : {kInstalledSignatures, kBuiltSignatures}) {
        const fs::path candidate(folder);
        if (fs::exists(candidate / "manifest.yaml", ignored)) return candidate;
    }
    return base::Error{"no signatures found in " + std::string(kInstalledSignatures) + " or " +
                       std::string(kBuiltSignatures) + ": name their folder with --signatures DIR"};
}

fs::path user_cache_folder() {
    const char* base = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    fs::path folder;
    if (base != nullptr && *base == '/') {
        folder = base;
    } else if (home != nullptr && *home == '/') {
        folder = fs::path(home) / ".cache";
    } else {
        return {};
    }
    std::error_code error;
    fs::create_directories(folder, error);
    return error ? fs::path() : folder / "telltale";
}

base::Result<std::shared_ptr<const match::CompiledSignatures>> load_signatures(const fs::path& folder,
                                                                               const fs::path& cache_dir) {
    auto bundle = signatures::load_bundle(folder);
    if (!bundle) return bundle.error();
    match::CompileOptions options;
    options.cache_dir = cache_dir;
    return match::compile(std::make_shared<const signatures::Bundle>(std::move(*bundle)), options);
}

}  // namespace telltale::app
