// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_server.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/extract/tls_server/certificate.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::from_hex;
using support::operator+;

using Texts = std::vector<std::string>;
constexpr StreamOptions kFromServer{.source_port = 443, .destination_port = 40000};

Bytes answer(std::size_t fragment = 16384) {
    return support::handshake_records(
        support::server_hello(0x0303, 0xc02f, "http/1.1") +
            support::certificate_message({support::certificate(), support::certificate()}) +
            support::server_hello_done(),
        fragment);
}

void expect_answer(const StreamReading& reading, const std::string& what) {
    ASSERT_EQ(reading.records.size(), 1U) << what;
    const Read& record = reading.records[0];
    EXPECT_EQ(record.kind, RecordKind::tls_server);
    EXPECT_FALSE(record.truncated);
    EXPECT_EQ(record.text(Field::tls_version), std::to_string(0x0303)) << what;
    EXPECT_EQ(record.text(Field::tls_cipher), std::to_string(0xc02f));
    // printf %s 771,49199,65281-16 | md5sum
    EXPECT_EQ(record.text(Field::tls_ja3s), "7bee5c1d424b7e5f943b06983bb11422");
    EXPECT_EQ(record.text(Field::tls_alpn), "http/1.1");
    EXPECT_EQ(record.text(Field::certificate_subject), "www.example.com");
    EXPECT_EQ(record.text(Field::certificate_organisation), "Example Ltd");
    EXPECT_EQ(record.text(Field::certificate_issuer), "Example CA 1");
    EXPECT_EQ(record.text(Field::certificate_issuer_organisation), "Example Trust");
    EXPECT_EQ(record.all(Field::certificate_names), (Texts{"www.example.com", "example.com"}));
    EXPECT_EQ(reading.demand, StreamVerdict::Demand::finished);
}

TEST(TlsServer, ReadsHelloAndCertificate) {
    for (const std::size_t fragment : {16384U, 100U, 7U, 1U}) {
        const Bytes stream = answer(fragment);
        for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, std::size_t{1460}, stream.size()}) {
            expect_answer(read_stream(in_pieces(stream, piece), kFromServer),
                          std::to_string(fragment) + " by " + std::to_string(piece));
        }
    }
}

TEST(TlsServer, EverySplitPointGivesTheSame) {
    const Bytes stream = answer();
    for (std::size_t at = 1; at < stream.size(); ++at) {
        expect_answer(read_stream(in_two(stream, at), kFromServer), std::to_string(at));
    }
}

TEST(TlsServer, Tls13EndsWithTheHello) {
    const Bytes hello = support::handshake_records(support::server_hello(0x0304, 0x1301));
    const StreamReading reading = read_stream({hello + from_hex("140303000101 1703030002ffff")}, kFromServer);
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::tls_version), std::to_string(0x0304));
    EXPECT_FALSE(reading.records[0].has(Field::certificate_subject));
    EXPECT_EQ(reading.demand, StreamVerdict::Demand::finished);
}

TEST(TlsServer, ARetryIsFollowedByTheHello) {
    const Bytes retry = support::handshake_records(support::server_hello(0x0304, 0x1301, {}, true));
    const Bytes hello = support::handshake_records(support::server_hello(0x0304, 0x1302));
    EXPECT_EQ(read_stream({retry, hello}, kFromServer).records.size(), 2U);
}

TEST(TlsServer, AResumedSessionHasNoCertificate) {
    const Bytes hello = support::handshake_records(support::server_hello(0x0303, 0xc02f));
    const StreamReading reading = read_stream({hello, from_hex("140303000101")}, kFromServer);
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_FALSE(reading.records[0].has(Field::certificate_subject));
    const Bytes anonymous =
        support::handshake_records(support::server_hello(0x0303, 0x006d) + support::server_hello_done());
    EXPECT_EQ(read_stream({anonymous}, kFromServer).records.size(), 1U);
}

TEST(TlsServer, EveryTruncationGivesWholeValues) {
    expect_whole_values(tcp(kFromServer), answer(), {{Field::certificate_subject, "www.example.com"}},
                        {.uncut = Uncut::what_is_sound, .and_also = [](const Read& record, std::size_t size) {
                             for (const std::string& name : record.all(Field::certificate_names)) {
                                 EXPECT_TRUE(name == "www.example.com" || name == "example.com") << size << name;
                             }
                         }});
}

TEST(TlsServer, BrokenOnes) {
    EXPECT_TRUE(read_stream({from_hex("1603030006 020000020303")}, kFromServer).records.empty()) << "no random";
    EXPECT_TRUE(read_stream({from_hex("1603030006 02ffffff0303")}, kFromServer).records.empty()) << "too long";
    Bytes stream = answer();
    stream[9 + 2 + 32 + 1 + 2 + 1 + 2 + 2] = 0xff;  // the length of an extension
    EXPECT_TRUE(read_stream({stream}, kFromServer).records.empty());
}

TEST(Certificate, OddOnesAreReadAsFarAsTheyGo) {
    tls_server::Certificate none;
    EXPECT_FALSE(tls_server::read_certificate(from_hex("3000"), none));
    EXPECT_FALSE(tls_server::read_certificate(from_hex("3084ffffffff"), none)) << "a length of four bytes";
    EXPECT_FALSE(tls_server::read_certificate({}, none));

    support::CertificateNames many;
    many.subject = std::string(300, 'x');
    many.dns_names.clear();
    for (int i = 0; i < 40; ++i) many.dns_names.push_back("host" + std::to_string(i) + ".example.com");
    const Bytes der = support::certificate(many);
    tls_server::Certificate certificate;
    ASSERT_TRUE(tls_server::read_certificate(der, certificate));
    EXPECT_EQ(certificate.subject_name, "") << "longer than a name may be";
    EXPECT_EQ(certificate.dns_name_count, tls_server::Certificate::kMaxNames);
    EXPECT_TRUE(certificate.more_names);
}

}  // namespace
}  // namespace telltale::extract
