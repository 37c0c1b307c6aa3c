// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/extract/dns/name.h"
#include "tests/support/dns_message.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::ByteWriter;
using support::DnsMessage;
using support::DnsType;
using support::to_bytes;

std::vector<Read> from_server(const Bytes& message, bool cut = false) { return read_datagram(53, 40000, message, cut); }

// The name of a question; the type in front of it.
std::string question(std::uint16_t type, const std::string& name) {
    return std::string{static_cast<char>(type & 0xff), static_cast<char>(type >> 8)} + name;
}
std::string answer(std::uint16_t type, std::uint32_t ttl, const std::string& name, const std::string& value) {
    std::string out = question(type, "");
    for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(ttl >> shift & 0xff);
    out += static_cast<char>(name.size());
    return out + name + value;
}
std::string octets(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
}

Bytes sample_response() {
    return DnsMessage(0x1234)
        .response()
        .question("WWW.example.com", DnsType::a)
        .cname("WWW.example.com", "cdn.example.net", 300)
        .answer("cdn.example.net", "192.0.2.7", 60)
        .answer("cdn.example.net", "2001:db8::7", 61)
        .txt("cdn.example.net", {"text"}, 62)
        .edns(1232)
        .bytes();
}

TEST(Dns, ReadsAResponse) {
    const std::vector<Read> records = from_server(sample_response());
    ASSERT_EQ(records.size(), 1U);
    const Read& read = records[0];
    EXPECT_EQ(read.kind, RecordKind::dns);
    EXPECT_FALSE(read.truncated);
    EXPECT_EQ(read.text(Field::dns_transaction), "4660");
    EXPECT_EQ(read.text(Field::dns_response), "1");
    EXPECT_EQ(read.all(Field::dns_question), std::vector<std::string>{question(1, "WWW.example.com")});
    EXPECT_EQ(read.all(Field::dns_answer),
              (std::vector<std::string>{
                  answer(5, 300, "WWW.example.com", "cdn.example.net"),
                  answer(1, 60, "cdn.example.net", octets({192, 0, 2, 7})),
                  answer(28, 61, "cdn.example.net", octets({0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7})),
                  answer(16, 62, "cdn.example.net", "\4text"),
              }));
}

TEST(Dns, ReadsAQueryAndANegativeAnswer) {
    const std::vector<Read> query = read_datagram(40000, 53, DnsMessage(1).question("a.b", DnsType::aaaa).bytes());
    ASSERT_EQ(query.size(), 1U);
    EXPECT_EQ(query[0].text(Field::dns_response), "0");
    EXPECT_EQ(query[0].text(Field::dns_question), question(28, "a.b"));
    const std::vector<Read> none = from_server(DnsMessage(1).response().rcode(3).question("a.b", DnsType::a).bytes());
    ASSERT_EQ(none.size(), 1U);
    EXPECT_EQ(none[0].text(Field::dns_rcode), "3");
    EXPECT_FALSE(none[0].has(Field::dns_answer));
}

TEST(Dns, AnUpdateHasNoQuestion) {
    const std::vector<Read> records =
        from_server(DnsMessage(1).flags(0x2800).question("zone.example", DnsType::a).bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_FALSE(records[0].has(Field::dns_question));
}

TEST(DnsName, Texts) {
    struct Case {
        const char* description;
        Bytes wire;
        std::size_t at;  // where the name starts
        dns::NameError error;
        std::string text;
        std::size_t used;  // bytes that the name takes at its place
    };
    using dns::NameError;
    const Bytes longest = [] {
        ByteWriter out;
        for (int i = 0; i < 3; ++i) out.u8(63).raw(Bytes(63, 'a'));
        return out.u8(61).raw(Bytes(61, 'a')).u8(0).take();
    }();
    Bytes too_long = longest;
    too_long[192] = 62;
    too_long.insert(too_long.begin() + 193, 'a');
    const std::string a63(63, 'a');
    const Case cases[] = {
        {"the root", {0}, 0, NameError::none, ".", 1},
        {"labels", to_bytes(std::string("\3www\7example\0", 13)), 0, NameError::none, "www.example", 13},
        {"case is kept", {1, 'A', 1, 'b', 0}, 0, NameError::none, "A.b", 5},
        {"dots and backslashes in labels", {3, 'a', '.', '\\', 0}, 0, NameError::none, "a\\.\\\\", 5},
        {"octets that are not printable", {4, 0, ' ', 0x7f, 0xff, 0}, 0, NameError::none, "\\000\\032\\127\\255", 6},
        {"a pointer", {1, 'x', 0, 1, 'y', 0xc0, 0}, 3, NameError::none, "y.x", 4},
        {"a pointer to a pointer", {1, 'x', 0, 0xc0, 0, 0xc0, 3}, 5, NameError::none, "x", 2},
        {"a pointer to itself", {0xc0, 0}, 0, NameError::bad, "", 0},
        {"a pointer forward", {0xc0, 2, 1, 'x', 0}, 0, NameError::bad, "", 0},
        {"two pointers at each other", {0xc0, 2, 0xc0, 0}, 2, NameError::bad, "", 0},
        {"a pointer into its own name", {1, 'x', 0xc0, 0}, 0, NameError::bad, "", 0},
        {"the reserved label types", {0x80, 0}, 0, NameError::bad, "", 0},
        {"255 octets", longest, 0, NameError::none, a63 + "." + a63 + "." + a63 + "." + std::string(61, 'a'), 255},
        {"256 octets", too_long, 0, NameError::bad, "", 0},
        {"no end", {1, 'x'}, 0, NameError::short_message, "", 0},
        {"a label without its end", {5, 'x'}, 0, NameError::short_message, "", 0},
        {"half a pointer", {1, 'x', 0xc0}, 0, NameError::short_message, "", 0},
    };
    for (const Case& c : cases) {
        base::ByteReader reader(c.wire);
        ASSERT_TRUE(reader.skip(c.at));
        dns::NameText name;
        EXPECT_EQ(read_name(c.wire, reader, name), c.error) << c.description;
        if (c.error != NameError::none) continue;
        EXPECT_EQ(name.view(), c.text) << c.description;
        EXPECT_EQ(c.wire.size() - c.at - reader.remaining(), c.used) << c.description;
    }
}

TEST(Dns, APrefixNeverGivesAWrongValue) {
    const Bytes message = sample_response();
    const Read whole = from_server(message).at(0);
    for (std::size_t size = 1; size < message.size(); ++size) {
        const Bytes prefix(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
        for (const bool cut : {true, false}) {
            for (const Read& read : from_server(prefix, cut)) {
                const auto questions = read.all(Field::dns_question);
                const auto answers = read.all(Field::dns_answer);
                const auto all = whole.all(Field::dns_answer);
                ASSERT_LE(answers.size(), all.size());
                ASSERT_TRUE(std::equal(answers.begin(), answers.end(), all.begin())) << size;
                ASSERT_TRUE(questions.empty() || questions == whole.all(Field::dns_question)) << size;
                ASSERT_TRUE(read.truncated || answers == all) << size;
            }
        }
    }
}

TEST(Dns, ACutMessageStillGivesItsQuestion) {
    Bytes message = sample_response();
    message.resize(12 + 17 + 4 + 3);
    const std::vector<Read> records = from_server(message, true);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated);
    EXPECT_EQ(records[0].text(Field::dns_question), question(1, "WWW.example.com"));
}

TEST(Dns, Hostile) {
    struct Case {
        const char* description;
        Bytes message;
        std::size_t records;
    };
    const auto header = [](unsigned questions, unsigned answers) {
        return ByteWriter().u16(1).u16(0x8180).u16(questions).u16(answers).u16(0).u16(0);
    };
    const Bytes a_question = {1, 'a', 0, 0, 1, 0, 1};
    const Case cases[] = {
        {"shorter than a header", Bytes(11), 0},
        {"a header alone", header(0, 0).take(), 1},
        {"claims a question that is not there", header(1, 0).take(), 0},
        {"claims many questions", header(65535, 65535).raw(a_question).take(), 1},
        {"a question that points to itself", header(1, 0).raw(Bytes{0xc0, 12, 0, 1, 0, 1}).take(), 0},
        {"data that is longer than the message",
         header(1, 1).raw(a_question).raw(Bytes{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 200, 1, 2, 3, 4}).take(), 1},
    };
    for (const Case& c : cases) EXPECT_EQ(from_server(c.message).size(), c.records) << c.description;

    // An address of the wrong length is no address.
    const std::vector<Read> odd =
        from_server(header(1, 1).raw(a_question).raw(Bytes{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 3, 1, 2, 3}).take());
    ASSERT_EQ(odd.size(), 1U);
    EXPECT_FALSE(odd[0].has(Field::dns_answer));

    // A bad name in one record does not hide the next.
    const std::vector<Read> next = from_server(header(1, 2)
                                                   .raw(a_question)
                                                   .raw(Bytes{0xc0, 60, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 9, 9, 9, 9})
                                                   .raw(Bytes{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4})
                                                   .take());
    ASSERT_EQ(next.size(), 1U);
    EXPECT_TRUE(next[0].truncated);
    EXPECT_EQ(next[0].all(Field::dns_answer), std::vector<std::string>{answer(1, 1, "a", octets({1, 2, 3, 4}))});
}

TEST(Dns, MoreAnswersThanARecordHolds) {
    DnsMessage message(1);
    message.response().question("many.example", DnsType::a);
    for (int i = 0; i < 400; ++i) message.answer("many.example", "192.0.2.1", 1);
    const std::vector<Read> records = from_server(message.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated);
    EXPECT_GT(records[0].all(Field::dns_answer).size(), 100U);
    EXPECT_LT(records[0].all(Field::dns_answer).size(), 400U);
}

Bytes with_length(const Bytes& message) {
    return ByteWriter().u16(static_cast<std::uint32_t>(message.size())).raw(message).take();
}

TEST(DnsTcp, MessagesOverAStream) {
    const Bytes one = with_length(DnsMessage(1).question("one.example", DnsType::a).bytes());
    const Bytes two = with_length(sample_response());
    Bytes both = one;
    both.insert(both.end(), two.begin(), two.end());
    const StreamOptions port53{.destination_port = 53};
    const std::vector<Read> whole = read_stream({both}, port53).records;
    ASSERT_EQ(whole.size(), 2U);
    EXPECT_EQ(whole[1], from_server(sample_response()).at(0));
    for (std::size_t at = 1; at < both.size(); ++at) {
        ASSERT_EQ(read_stream(in_two(both, at), port53).records, whole) << at;
    }
    ASSERT_EQ(read_stream(in_pieces(both, 1), port53).records, whole);
    EXPECT_TRUE(read_stream({both}, {.destination_port = 5353}).records.empty());
    EXPECT_TRUE(read_stream({to_bytes("GET / HTTP/1.1 no length here")}, port53).records.empty());
}

TEST(Dns, OnOtherPortsByItsForm) {
    const auto records = [](const Bytes& bytes) { return read_datagram(40000, 8053, bytes).size(); };
    const Bytes query = support::DnsMessage(1).question("www.example.com", support::DnsType::a).bytes();
    const Bytes answer = support::DnsMessage(1)
                             .response()
                             .question("www.example.com", support::DnsType::a)
                             .answer("www.example.com", "192.0.2.7", 60)
                             .bytes();
    EXPECT_EQ(records(query), 1U);
    EXPECT_EQ(records(answer), 1U);
    const auto changed = [&](std::size_t at, std::uint8_t value) {
        Bytes bytes = query;
        bytes[at] = value;
        return records(bytes);
    };
    EXPECT_EQ(changed(2, 0x29), 0U) << "another opcode";
    EXPECT_EQ(changed(3, 0x40), 0U) << "a reserved flag";
    EXPECT_EQ(changed(3, 0x03), 0U) << "a question with an error code";
    EXPECT_EQ(changed(5, 2), 0U) << "two questions";
    EXPECT_EQ(changed(14, ' '), 0U) << "another letter";
    EXPECT_EQ(changed(query.size() - 3, 99), 0U) << "a rare type";
    EXPECT_EQ(changed(query.size() - 1, 3), 0U) << "another class";
    Bytes longer = query;
    longer.push_back(0);
    EXPECT_EQ(records(longer), 0U) << "a byte too many";
    for (std::size_t size = 0; size < query.size(); ++size) {
        EXPECT_EQ(records(Bytes(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(size))), 0U) << size;
    }
}

}  // namespace
}  // namespace telltale::extract
