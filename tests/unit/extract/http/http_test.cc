// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::to_bytes;
using Demand = StreamVerdict::Demand;

constexpr StreamOptions kPort80{.destination_port = 80};

TEST(Http, Requests) {
    struct Case {
        const char* description;
        std::string text;
        const char* method;
        const char* target;
        const char* host;
        const char* user_agent;
    };
    const Case cases[] = {
        {"plain", "GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nUser-Agent: Agent/1.0 (x)\r\n\r\n", "GET", "/a?b=c",
         "example.com", "Agent/1.0 (x)"},
        {"bare line feeds", "GET / HTTP/1.0\nhost:example.com\nuser-agent:A\n\n", "GET", "/", "example.com", "A"},
        {"white space around values", "GET / HTTP/1.1\r\nHost: \t example.com:8080 \r\n\r\n", "GET", "/",
         "example.com:8080", ""},
        {"a folded value", "GET / HTTP/1.1\r\nUser-Agent: A\r\n\t  B\r\nHost: h\r\n\r\n", "GET", "/", "h", "A B"},
        {"a fold at the start of a value", "GET / HTTP/1.1\r\nHost:\r\n h\r\n\r\n", "GET", "/", "h", ""},
        {"the first of two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET", "/", "a", ""},
        {"a target with spaces", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/a b", "a", ""},
        {"empty lines first", "\r\n\r\nPOST /x HTTP/1.1\r\nHost: a\r\n\r\n", "POST", "/x", "a", ""},
        {"WebDAV", "PROPFIND /dav HTTP/1.1\r\nHost: a\r\n\r\n", "PROPFIND", "/dav", "a", ""},
        {"no fields", "GET / HTTP/1.1\r\n\r\n", "GET", "/", "", ""},
        {"lines without a colon", "GET / HTTP/1.1\r\nnonsense\r\nHost: a\r\n\r\n", "GET", "/", "a", ""},
    };
    for (const Case& c : cases) {
        const StreamReading reading = read_stream({to_bytes(c.text)}, kPort80);
        ASSERT_EQ(reading.records.size(), 1U) << c.description;
        const Read& read = reading.records[0];
        EXPECT_EQ(read.kind, RecordKind::http) << c.description;
        EXPECT_FALSE(read.truncated) << c.description;
        EXPECT_EQ(read.text(Field::method), c.method) << c.description;
        EXPECT_EQ(read.text(Field::target), c.target) << c.description;
        EXPECT_EQ(read.text(Field::service_name), c.host) << c.description;
        EXPECT_EQ(read.text(Field::user_agent), c.user_agent) << c.description;
        EXPECT_EQ(reading.named, *c.host != '\0') << c.description;
        EXPECT_EQ(reading.demand, Demand::next_message) << c.description;
    }
}

TEST(Http, NamesOfFieldsAndCookies) {
    const auto read = [](const std::string& head) { return read_stream({to_bytes(head)}).records.at(0); };
    const Read record = read(
        "GET / HTTP/1.1\r\nHost: a.example\r\nx-lower:1\r\nCookie: sid=secret; theme = dark;; broken; =x\r\n"
        "X-Requested-With: com.example.app\r\nCookie: more=1\r\n\r\n");
    EXPECT_EQ(record.text(Field::http_field_names), "Host,x-lower,Cookie,X-Requested-With,Cookie");
    EXPECT_EQ(record.text(Field::http_cookie_names), "sid,theme,more");
    EXPECT_EQ(record.text(Field::http_requested_with), "com.example.app");
    for (const auto& [field, value] : record.fields) EXPECT_EQ(value.find("secret"), std::string::npos);

    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 200; ++i) many += "x-name-" + std::to_string(i) + ": 1\r\n";
    const Read cut = read(many + "\r\n");
    EXPECT_TRUE(cut.truncated);
    EXPECT_LE(cut.text(Field::http_field_names).size(), 512U);
    EXPECT_TRUE(cut.text(Field::http_field_names).starts_with("x-name-0,x-name-1,")) << "whole names";
}

TEST(Http, NotRequests) {
    const char* const cases[] = {
        "GET rtsp://camera/1 RTSP/1.0\r\n\r\n",
        "OPTIONS sip:a@b SIP/2.0\r\n\r\n",
        "get / HTTP/1.1\r\n\r\n",
        "GETTING / HTTP/1.1\r\n\r\n",
        "EHLO example.com\r\n",
        "GET \r\n\r\n",
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n",
    };
    for (const char* text : cases) {
        const StreamReading reading = read_stream({to_bytes(text)}, kPort80);
        EXPECT_TRUE(reading.records.empty()) << text;
        EXPECT_EQ(reading.demand, Demand::next_message) << text;
    }
}

TEST(Http, ResponsesAreLeftAtOnce) {
    const StreamReading reading = read_stream({to_bytes("HTTP/1.1 200 OK\r\nServer: x\r\n\r\nGET / HTTP/1.1\r\n\r\n")});
    EXPECT_TRUE(reading.records.empty());
    EXPECT_EQ(reading.demand, Demand::finished);
}

TEST(Http, TargetsWithAnAuthority) {
    struct Case {
        const char* line;
        const char* authority;
    };
    const Case cases[] = {
        {"CONNECT example.com:443 HTTP/1.1", "example.com:443"},
        {"GET http://user:pw@example.com:81/x?y HTTP/1.1", "example.com:81"},
        {"GET http://example.com HTTP/1.1", "example.com"},
        {"GET /redirect?to=http://example.com/ HTTP/1.1", ""},
    };
    for (const Case& c : cases) {
        const StreamReading reading = read_stream({to_bytes(std::string(c.line) + "\r\n\r\n")}, kPort80);
        ASSERT_EQ(reading.records.size(), 1U) << c.line;
        EXPECT_EQ(reading.records[0].text(Field::http_authority), c.authority) << c.line;
        EXPECT_EQ(reading.named, *c.authority != '\0') << c.line;
    }
}

TEST(Http, TellsHowLongBodiesAre) {
    const auto fields_of = [](const std::string& line) {
        const StreamReading reading = read_stream({to_bytes("POST / HTTP/1.1\r\n" + line + "\r\n\r\n")}, kPort80);
        EXPECT_EQ(reading.records.size(), 1U) << line;
        return reading.records.empty() ? Read{} : reading.records[0];
    };
    EXPECT_EQ(fields_of("Content-Length: 123456").text(Field::http_content_length), "123456");
    EXPECT_EQ(fields_of("Content-Length: 0").text(Field::http_content_length), "0");
    const Read chunked = fields_of("Transfer-Encoding: chunked\r\nContent-Length: 5");
    EXPECT_EQ(chunked.text(Field::http_chunked), "1");
    EXPECT_FALSE(chunked.has(Field::http_content_length)) << "RFC 9112 section 6.3: it does not count";
    EXPECT_EQ(fields_of("transfer-encoding: gzip, Chunked").text(Field::http_chunked), "1");
    const Read neither = fields_of("Transfer-Encoding: identity");
    EXPECT_FALSE(neither.has(Field::http_chunked) || neither.has(Field::http_content_length));
}

TEST(Http, EveryRequestOfAConnectionIsFound) {
    const std::string get = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string post = "POST /2 HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nGET /";
    const std::string upload = "PUT /3 HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n";
    struct Case {
        const char* description;
        std::vector<std::string> segments;
        std::vector<std::string> hosts;
    };
    const Case cases[] = {
        {"pipelined in one segment", {get + post + get}, {"a", "b", "a"}},
        {"one per segment", {get, post, get}, {"a", "b", "a"}},
        {"a request behind a body in another segment", {post, get}, {"b", "a"}},
        {"pipelined, the last one over segments", {get + post.substr(0, 20), post.substr(20) + get}, {"a", "b", "a"}},
        {"a chunked body", {upload, "0\r\n\r\n", get}, {"c", "a"}},
        {"pipelined behind a chunked body", {upload + "0\r\n\r\n" + get}, {"c", "a"}},
        {"behind one with trailers and extensions",
         {upload + "3;x=y\r\nabc\r\n000\r\nTrailer: x\r\n\r\n" + post},
         {"c", "b"}},
        {"a size with zeros before it", {upload + "0000000003\r\nabc\r\n0\r\n\r\n" + post}, {"c", "b"}},
        {"a size beyond all numbers", {upload + "ffffffffffffffff\r\nabc\r\n0\r\n\r\n" + get, get}, {"c", "a"}},
        {"a chunk that lies about its size", {upload + "2\r\nabc\r\n0\r\n\r\n" + get, get}, {"c", "a"}},
        {"a long body",
         {"POST / HTTP/1.1\r\nHost: d\r\nContent-Length: 99999\r\n\r\n", std::string(5000, 'x'), get},
         {"d", "a"}},
    };
    for (const Case& c : cases) {
        std::vector<Bytes> segments;
        for (const std::string& text : c.segments) segments.push_back(to_bytes(text));
        std::vector<std::string> hosts;
        for (const Read& read : read_stream(segments, kPort80).records) hosts.push_back(read.text(Field::service_name));
        EXPECT_EQ(hosts, c.hosts) << c.description;
    }
}

const std::string kRequest =
    "POST /path/to HTTP/1.1\r\nAccept: */*\r\nUser-Agent: Agent/1.0\r\n (folded)\r\nHost: www.example.com\r\nX: "
    "y\r\n\r\n";

TEST(Http, EverySplitPointGivesTheSame) {
    const Bytes stream = to_bytes(kRequest);
    const std::vector<Read> whole = read_stream({stream}, kPort80).records;
    ASSERT_EQ(whole.size(), 1U);
    for (std::size_t at = 1; at < stream.size(); ++at) {
        ASSERT_EQ(read_stream(in_two(stream, at), kPort80).records, whole) << at;
    }
    ASSERT_EQ(read_stream(in_pieces(stream, 1), kPort80).records, whole);
}

TEST(Http, APrefixNeverGivesAWrongValue) {
    const Bytes stream = to_bytes(kRequest);
    for (std::size_t size = 1; size < stream.size(); ++size) {
        const Bytes prefix(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
        const StreamReading waiting = read_stream({prefix}, kPort80);
        ASSERT_TRUE(waiting.records.empty()) << size;
        ASSERT_EQ(waiting.demand, Demand::more) << size;
        for (const Read& read : read_stream({prefix}, {.destination_port = 80, .cut = true}).records) {
            const std::string host = read.text(Field::service_name);
            const std::string agent = read.text(Field::user_agent);
            ASSERT_TRUE(read.truncated) << size;
            ASSERT_TRUE(host.empty() || host == "www.example.com") << size;
            ASSERT_TRUE(std::string("Agent/1.0 (folded)").starts_with(agent)) << size;
            ASSERT_TRUE(std::string("/path/to").starts_with(read.text(Field::target)) || size < 25) << size;
        }
    }
    const Bytes cut = to_bytes(kRequest.substr(0, kRequest.find("X: y")));
    const StreamReading reading = read_stream({cut}, {.destination_port = 80, .cut = true});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_EQ(reading.records[0].text(Field::service_name), "www.example.com");
}

TEST(Http, ACutLineGivesHalfAUserAgentButNoHalfHost) {
    const StreamOptions cut{.destination_port = 80, .cut = true};
    const Read agent = read_stream({to_bytes("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: Agent/1")}, cut).records.at(0);
    EXPECT_EQ(agent.text(Field::user_agent), "Agent/1");
    EXPECT_EQ(agent.text(Field::service_name), "a");
    EXPECT_TRUE(agent.truncated);
    const Read host = read_stream({to_bytes("GET / HTTP/1.1\r\nHost: www.exam")}, cut).records.at(0);
    EXPECT_FALSE(host.has(Field::service_name));
}

TEST(Http, LongHeads) {
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::string field = "Cookie: " + std::string(1000, 'c') + "\r\n";
    std::string fits = head;
    for (int i = 0; i < 15; ++i) fits += field;
    const StreamReading whole = read_stream(in_pieces(to_bytes(fits + "\r\n"), 1400), kPort80);
    ASSERT_EQ(whole.records.size(), 1U);
    EXPECT_FALSE(whole.records[0].truncated);

    const StreamReading over = read_stream(in_pieces(to_bytes(fits + field + field + "\r\n"), 1400), kPort80);
    ASSERT_EQ(over.records.size(), 1U);
    EXPECT_TRUE(over.records[0].truncated);
    EXPECT_EQ(over.records[0].text(Field::service_name), "a");

    EXPECT_TRUE(read_stream(in_pieces(to_bytes("GET /" + std::string(30000, 'a')), 1400), kPort80).records.empty());

    const StreamReading target =
        read_stream({to_bytes("GET /" + std::string(9000, 'a') +
                              " HTTP/1.1\r\nHost: a\r\nUser-Agent: " + std::string(3000, 'u') + "\r\n\r\n")},
                    kPort80);
    ASSERT_EQ(target.records.size(), 1U);
    EXPECT_TRUE(target.records[0].truncated);
    EXPECT_EQ(target.records[0].text(Field::service_name), "a");
    EXPECT_EQ(target.records[0].text(Field::user_agent), std::string(1024, 'u'));
}

}  // namespace
}  // namespace telltale::extract
