// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdio>

namespace telltale::kafka {

// Lets the configuration's opaque, an `Opaque`, know what OpenSSL finds wrong with brokers' certificates: librdkafka's
// errors do not say it. `certificate_error` (an std::atomic<int>) becomes X509_V_ERR_*, on librdkafka's threads. It
// decides nothing.
template <typename Opaque>
void watch_certificates(rd_kafka_conf_t& conf) {
    rd_kafka_conf_set_ssl_cert_verify_cb(
        &conf, [](rd_kafka_t*, const char*, std::int32_t, int* x509_error, int, const char*, std::size_t, char* reason,
                  std::size_t size, void* opaque) {
            if (*x509_error == 0) return 1;
            static_cast<Opaque*>(opaque)->certificate_error.store(*x509_error, std::memory_order_relaxed);
            std::snprintf(reason, size, "X509 error %d", *x509_error);
            return 0;
        });
}

}  // namespace telltale::kafka
