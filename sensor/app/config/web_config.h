// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "exporters/prometheus/metrics_server.h"
#include "sensor/base/result.h"

namespace telltale::app {

// Adds the settings of a web-config file, as Prometheus' exporters have it (github.com/prometheus/exporter-toolkit,
// docs/web-configuration.md): tls_server_config with cert_file, key_file, client_ca_file and client_auth_type, and
// basic_auth_users. Files are relative to it. Other keys are errors, with their lines.
base::Status read_web_config(const std::filesystem::path& file, prometheus_http::ServerConfig& server);

}  // namespace telltale::app
