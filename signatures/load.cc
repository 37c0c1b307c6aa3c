// SPDX-License-Identifier: Apache-2.0
#include "signatures/load.h"

#include <exception>
#include <utility>

#include "signatures/bundle_files.h"
#include "signatures/draft.h"
#include "signatures/validate.h"

namespace telltale::signatures {
namespace {

base::Result<Bundle> load(const std::filesystem::path& dir) {
    Problems problems;
    BundleFiles files = read_bundle_files(dir, problems);
    Draft draft;
    draft.weights = files.weights;
    for (const BundleFile& file : files.files) {
        YamlDocument document;
        YamlDocument::Failure failure;
        if (document.parse(file.content, failure)) {
            parse_file(YamlValue(document, 0), file.shown, draft, problems);
        } else {
            problems.add({file.shown, failure.line}, failure.text);
        }
    }
    validate(draft, problems);
    if (!problems.none()) return problems.to_error();
    draft.bundle.version = std::move(files.version);
    draft.bundle.released_s = files.released_s;
    draft.bundle.digest = std::move(files.digest);
    return std::move(draft.bundle);
}

}  // namespace

base::Result<Bundle> load_bundle(const std::filesystem::path& dir) {
    try {
        return load(dir);
    } catch (const std::exception& error) {  // memory, or a path that cannot be expressed
        return base::Error{dir.string() + ": the bundle cannot be loaded: " + error.what()};
    }
}

}  // namespace telltale::signatures
