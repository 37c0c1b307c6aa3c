// SPDX-License-Identifier: Apache-2.0
#include "signatures/oui_registry.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "signatures/load.h"

namespace telltale::signatures {
namespace {

namespace fs = std::filesystem;

fs::path write_registry(const std::string& name) {
    const fs::path dir = fs::path(testing::TempDir()) / name;
    fs::create_directories(dir);
    std::ofstream(dir / "oui.csv") << "Registry,Assignment,Organization Name,Organization Address\r\n"
                                   << "MA-L,0010FA,\"Apple, Inc.\",1 Infinite Loop Cupertino CA US 95014 \r\n"
                                   << "MA-L,70B3D5,IEEE Registration Authority,445 Hoes Lane\r\n"
                                   << "MA-L,001122,\"The \"\"Quoted\"\" Company\",x\r\n"
                                   << "MA-L,AABBC,too short,x\r\n"
                                   << "continued address\r\n"
                                   << "MA-L,0C1DAF,Xiaomi Communications Co Ltd,The Rainbow City\n";
    std::ofstream(dir / "mam.csv") << "MA-M,001122A,Longer Company,x\n";
    std::ofstream(dir / "oui36.csv") << "MA-S,70B3D5F2F,TELEPLATFORMS,\"Polbina st., 3/1\"\nMA-S,001122ABC,Private,\n";
    return dir;
}

TEST(OuiRegistryTest, FindsTheLongestPrefix) {
    const auto registry = OuiRegistry::load(write_registry("oui-longest"));
    ASSERT_TRUE(registry) << registry.error().text;
    EXPECT_EQ(registry->size(), 7U);
    EXPECT_EQ(registry->skipped_lines(), 2U);
    struct Case {
        const char* description;
        model::MacAddress mac;
        const char* expected;
    };
    const Case cases[] = {
        {"quoted name with a comma", {{0x00, 0x10, 0xfa, 1, 2, 3}}, "Apple, Inc."},
        {"plain name", {{0x0c, 0x1d, 0xaf, 0xff, 0xff, 0xff}}, "Xiaomi Communications Co Ltd"},
        {"doubled quotes", {{0x00, 0x11, 0x22, 0x00, 0, 0}}, "The \"Quoted\" Company"},
        {"28 bits before 24", {{0x00, 0x11, 0x22, 0xa0, 0, 0}}, "Longer Company"},
        {"private 36 bits fall back", {{0x00, 0x11, 0x22, 0xab, 0xc0, 0}}, "Longer Company"},
        {"36 bits", {{0x70, 0xb3, 0xd5, 0xf2, 0xf0, 0x01}}, "TELEPLATFORMS"},
        {"block of the registry itself", {{0x70, 0xb3, 0xd5, 0x00, 0x00, 0x01}}, ""},
        {"unknown", {{0x00, 0x00, 0x5e, 0, 0, 1}}, ""},
        {"locally administered", {{0x02, 0x10, 0xfa, 1, 2, 3}}, ""},
        {"multicast", {{0x01, 0x10, 0xfa, 1, 2, 3}}, ""},
        {"broadcast", {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, ""},
    };
    for (const Case& c : cases) EXPECT_EQ(registry->organisation(c.mac), c.expected) << c.description;
}

TEST(OuiRegistryTest, NamesThePackageWhenTheFolderIsMissing) {
    const auto registry = OuiRegistry::load("/nonexistent");
    ASSERT_FALSE(registry);
    EXPECT_NE(registry.error().text.find("/nonexistent/oui.csv"), std::string::npos);
    EXPECT_NE(registry.error().text.find("ieee-data"), std::string::npos);
}

TEST(OuiRegistryTest, RefusesAFileWithoutPrefixes) {
    const fs::path dir = fs::path(testing::TempDir()) / "oui-empty";
    fs::create_directories(dir);
    std::ofstream(dir / "oui.csv") << "something else\n";
    EXPECT_FALSE(OuiRegistry::load(dir));
}

TEST(OuiRegistryTest, NormalizesCaseAndPunctuation) {
    EXPECT_EQ(normalized_organisation("Apple, Inc."), normalized_organisation("APPLE INC"));
    EXPECT_NE(normalized_organisation("Apple, Inc."), normalized_organisation("Appleton Inc"));
}

TEST(OuiRegistryTest, ShippedMakersAreFoundInTheInstalledRegistry) {
    if (!fs::exists("/usr/share/ieee-data/oui.csv")) GTEST_SKIP() << "ieee-data is not installed";
    const auto begin = std::chrono::steady_clock::now();
    const auto registry = OuiRegistry::load();
    const auto end = std::chrono::steady_clock::now();
    ASSERT_TRUE(registry) << registry.error().text;
    std::cout << "registry: " << registry->size() << " prefixes in "
              << std::chrono::duration<double, std::milli>(end - begin).count() << " ms\n";
    EXPECT_GT(registry->size(), 30'000U);
    const auto bundle = load_bundle(TELLTALE_SOURCE_DIR "/signatures");
    ASSERT_TRUE(bundle) << bundle.error().text;
    const RegistrantIndex index(*bundle);
    struct Case {
        model::MacAddress mac;
        const char* maker;
    };
    const Case cases[] = {{{{0x0c, 0x1d, 0xaf, 1, 2, 3}}, "xiaomi"}, {{{0x00, 0x1e, 0x10, 1, 2, 3}}, "huawei"},
                          {{{0x00, 0x03, 0x93, 1, 2, 3}}, "apple"},  {{{0x00, 0x40, 0x8c, 1, 2, 3}}, "axis"},
                          {{{0x24, 0x0a, 0xc4, 1, 2, 3}}, ""},  // Espressif: a module
                          {{{0xda, 0xa1, 0x19, 1, 2, 3}}, ""}};
    for (const Case& c : cases) {
        const std::int32_t maker = index.maker_of(registry->organisation(c.mac));
        const std::string id = maker < 0 ? "" : bundle->makers[static_cast<std::size_t>(maker)].id;
        EXPECT_EQ(id, c.maker) << registry->organisation(c.mac);
    }
}

}  // namespace
}  // namespace telltale::signatures
