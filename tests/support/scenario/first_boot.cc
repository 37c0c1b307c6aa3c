// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario/scenario_parts.h"

namespace telltale::support {
namespace {

// Reporting body 00 is for tests (GSMA TS.06), the check digit is right. The subscriber numbers are from blocks of
// zeros.
constexpr const char* kImei = "004401530000013";
constexpr const char* kImsi = "404100000000001";
constexpr const char* kOwnNumber = "+917000000001";
constexpr const char* kContactNumber = "+919876500001";
constexpr const char* kHost = "api.account.xiaomi.com";

std::string url_encoded_number(const std::string& number) { return "%2B" + number.substr(1); }

HttpRequest get(const LocalHost& phone, std::string target) {
    HttpRequest request;
    request.target = std::move(target);
    request.host = kHost;
    request.user_agent = phone.profile->user_agent;
    request.headers = {{"Connection", "Keep-Alive"}, {"Accept-Encoding", "gzip"}};
    return request;
}

}  // namespace

void schedule_first_boot(LocalNetwork& network, Timeline& timeline, LocalHost& phone, std::uint64_t time_ns) {
    const RemoteHost& account = remote_host(kHost);
    const auto leak = [&network, &phone](const char* identifier, const char* parameter, const char* text) {
        network.truth().add_leak(phone.device, identifier, parameter, text, kHost);
    };
    // Cloud messaging is activated: the phone identifies itself.
    timeline.at(time_ns, [&network, &phone, &account, leak](std::uint64_t now) {
        const std::string activate =
            std::string("/pass/activate/dev/gJdSrbINnnek8ICE/activating?operator=40410&imei=") + kImei +
            "&imsi=" + kImsi;
        const std::vector<HttpRequest> requests{
            get(phone, activate), get(phone, "/pass/user@id?type=MXPH&externalId=" + url_encoded_number(kOwnNumber))};
        network.http_session(phone, account, now, requests, 420);
        leak("imei", "imei", kImei);
        leak("imsi", "imsi", kImsi);
        leak("msisdn", "externalId", kOwnNumber);
    });
    // A contact is added and a message sent: the number of the other person leaves too.
    for (const std::uint64_t minutes : {4U, 7U}) {
        timeline.at(time_ns + minutes * 60 * kSecondNs, [&network, &phone, &account, leak](std::uint64_t now) {
            const std::vector<HttpRequest> requests{
                get(phone, "/pass/user@id?type=MXPH&externalId=" + url_encoded_number(kContactNumber))};
            network.http_session(phone, account, now, requests, 180);
            leak("msisdn", "externalId", kContactNumber);
        });
    }
    // Log-in to the cloud: the same identifiers once more.
    timeline.at(time_ns + 11 * 60 * kSecondNs, [&network, &phone, &account, leak](std::uint64_t now) {
        HttpRequest request = get(phone, "/pass/v3/user@id");
        request.method = "POST";
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.body = to_bytes(std::string("imei=") + kImei + "&imsi=" + kImsi +
                                "&phone=" + url_encoded_number(kOwnNumber) + "&locale=en_IN");
        network.http_session(phone, account, now, std::vector<HttpRequest>{request}, 640);
        leak("imei", "imei", kImei);
        leak("imsi", "imsi", kImsi);
        leak("msisdn", "phone", kOwnNumber);
    });
}

}  // namespace telltale::support
