// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/web_config.h"

#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "exporters/prometheus/credentials.h"
#include "signatures/map_reader.h"
#include "signatures/problems.h"
#include "signatures/yaml_document.h"

namespace telltale::app {
namespace {

namespace fs = std::filesystem;
using signatures::MapReader;
using signatures::YamlKind;
using signatures::YamlValue;

void read_tls(MapReader& root, const fs::path& folder, prometheus_http::ServerConfig& server) {
    const YamlValue map = root.child("tls_server_config", YamlKind::map);
    if (!map) return;
    MapReader tls(map, root.file(), "tls_server_config", root.problems());
    server.tls_certificate = folder / tls.required_text("cert_file");
    server.tls_key = folder / tls.required_text("key_file");
    if (const std::string file = tls.text("client_ca_file"); !file.empty()) server.tls_client_ca = folder / file;
    constexpr auto kTypes = std::to_array<std::string_view>({"NoClientCert", "RequireAndVerifyClientCert"});
    if (tls.any("client_auth_type")) {
        const auto type = tls.word("client_auth_type", kTypes);
        if (type && (*type == 1) == server.tls_client_ca.empty()) {
            tls.fail(tls.position_of("client_auth_type").line,
                     "RequireAndVerifyClientCert and client_ca_file belong together");
        }
    }
    tls.finish();
}

void read_users(MapReader& root, prometheus_http::ServerConfig& server) {
    const YamlValue map = root.child("basic_auth_users", YamlKind::map);
    if (!map) return;
    for (YamlValue user = map.first(); user; user = user.next().next()) {
        const std::string hash(user.next().kind() == YamlKind::scalar ? user.next().text() : std::string_view());
        if (!prometheus_http::is_password_hash(hash)) {
            root.fail(user.line(),
                      "a user's password is given as its bcrypt hash: htpasswd -nBC 10 \"\" | tr -d ':\\n'");
        }
        server.users[std::string(user.text())] = hash;
    }
}

}  // namespace

base::Status read_web_config(const fs::path& file, prometheus_http::ServerConfig& server) {
    std::ostringstream text;
    if (!(text << std::ifstream(file, std::ios::binary).rdbuf())) {
        return base::Error{file.string() + ": cannot be read, or is empty"};
    }
    signatures::YamlDocument document;
    signatures::YamlDocument::Failure failure;
    signatures::Problems problems;
    if (!document.parse(text.str(), failure)) {
        problems.add({file.string(), failure.line}, failure.text);
        return problems.to_error();
    }
    const std::string shown = file.string();
    MapReader root(YamlValue(document, 0), shown, "web configuration", problems);
    read_tls(root, file.parent_path(), server);
    read_users(root, server);
    root.finish();
    if (!problems.none()) return problems.to_error();
    return base::Done{};
}

}  // namespace telltale::app
