// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "signatures/load.h"

namespace telltale::signatures {

// A sound bundle in a temporary folder whose files a test replaces one by one.
class BundleFixture : public testing::Test {
  protected:
    void SetUp() override {
        dir_ = std::filesystem::path(testing::TempDir()) /
               ("bundle-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(dir_);
        write("manifest.yaml", kManifest);
        write("sources.yaml", "sources:\n  - {code: s, what: test, licence: none}\n");
        write("o.yaml", kOwner);
        write("d.yaml", kDevices);
        write("p.yaml", kPolicy);
    }
    void TearDown() override { std::filesystem::remove_all(dir_); }

    void write(const std::string& name, const std::string& content) const {
        std::filesystem::create_directories((dir_ / name).parent_path());
        std::ofstream(dir_ / name, std::ios::binary) << content;
    }

    // The error's text, or "" when the bundle loads.
    std::string error() const {
        const auto bundle = load_bundle(dir_);
        return bundle ? "" : bundle.error().text;
    }

    static constexpr const char* kManifest =
        "format: 1\n"
        "version: 1\n"
        "licence: none\n"
        "weights: {maker_only: 0.6, registrant: 0.4}\n"
        "files: [sources.yaml, o.yaml, d.yaml, p.yaml]\n";
    static constexpr const char* kOwner =
        "owner: {id: acme, name: Acme, country: US, sources: [s]}\n"
        "destinations:\n"
        "  - suffix: acme.com\n"
        "    category: other\n"
        "    sources: [s]\n"
        "    match: [www.acme.com]\n"
        "    no_match: [notacme.com]\n";
    static constexpr const char* kDevices =
        "makers:\n"
        "  - {id: acme, name: Acme, registrants: [Acme Inc.], registrant_weight: 0.4, sources: [s]}\n"
        "fingerprints:\n"
        "  - id: ua.acme\n"
        "    set: user_agent\n"
        "    regex: 'Acme/(\\d+)'\n"
        "    says: {maker: acme, model: $1, weight: 0.5}\n"
        "    sources: [s]\n"
        "    match: [Acme/1]\n"
        "    no_match: [Acme]\n";
    static constexpr const char* kPolicy =
        "policies:\n"
        "  - id: p\n"
        "    name: P\n"
        "    description: D\n"
        "    severity: high\n"
        "    when: {device.maker: acme, destination.owner: {not: [acme, internal]}}\n"
        "    sources: [s]\n";

    std::filesystem::path dir_;
};

}  // namespace telltale::signatures
