# SPDX-License-Identifier: Apache-2.0
"""Rules on protocols, words and documents."""
import unittest

from cases import RuleTest
from rules import documents, protocols, words


class ProtocolsTest(RuleTest):
    TREE = {
        "sensor/extract/dns/dns.h": "", "sensor/extract/tls/tls.h": "", "sensor/extract/tls_server/x.h": "",
        "sensor/extract/registry.h": '    {"dns", Transport::udp, dns::sniff},\n    {"mdns", Transport::udp, dns::sniff_multicast},\n'
                                     '    {"tls", Transport::tcp, tls::sniff},\n    {"tls_server", Transport::tcp, tls_server::sniff},\n',
        "sensor/extract/README.md": "## What is read\n| protocol | where |\n|---|---|\n| `dns`, `mdns` | UDP |\n| `tls` | TCP |\n"
                                    "| `tls_server` | TCP |\n",
        "tests/bench/extract_bench.cc": "BENCHMARK(DnsQuery);\nBENCHMARK(TlsHello);\nBENCHMARK(TlsServerHello);\nBENCHMARK(UnknownBytes);\n",
        "tests/fuzz/LEDGER.md": "| dns | 2026 |\n| tls | 2026 |\n| tls_server | 2026 |\n| pcap | 2026 |\n",
        "tests/fuzz/pcap_fuzz.cc": "", "tests/fuzz/corpus/pcap/a": "",
    } | {path.format(name): "" for name in ("dns", "tls", "tls_server")
         for path in ("tests/unit/extract/{}/a_test.cc", "tests/golden/{}/capture.pcap", "tests/fuzz/{}_fuzz.cc", "tests/fuzz/corpus/{}/a")}

    def without(self, *parts):
        return {path: text for path, text in self.TREE.items() if not any(part in path for part in parts)}

    def edited(self, path, old, new=""):
        self.assertIn(old, self.TREE[path])
        return self.TREE | {path: self.TREE[path].replace(old, new)}

    def test_equal(self):
        self.passes(protocols.find, self.TREE)

    def test_a_folder_without_its_parts(self):
        self.finds(protocols.find, self.without("unit/extract/dns", "golden/dns"), "no unit test", "no golden case")
        self.finds(protocols.find, self.without("dns_fuzz", "corpus/dns"), "dns:1: has no fuzz target", "LEDGER.md:1: dns is no target")
        self.finds(protocols.find, self.without("corpus/dns"), "has no corpus")

    def test_registry(self):
        self.finds(protocols.find, self.edited("sensor/extract/registry.h", '    {"tls", Transport::tcp, tls::sniff},\n'),
                   "sensor/extract/tls:1: has no line", "tls is in no line")
        self.finds(protocols.find, self.edited("sensor/extract/registry.h", "tls::sniff", "ssl::sniff"),
                   "tls is of ssl, which is no folder", "sensor/extract/tls:1: has no line")

    def test_documents(self):
        self.finds(protocols.find, self.edited("sensor/extract/README.md", ", `mdns`"), "mdns has no row")
        self.finds(protocols.find, self.edited("sensor/extract/README.md", "`mdns`", "`mdns`, `wins`"), "wins is in no line")

    def test_benchmarks(self):
        self.finds(protocols.find, self.edited("tests/bench/extract_bench.cc", "BENCHMARK(TlsHello);\n"), "tls:1: has no benchmark")
        self.finds(protocols.find, self.edited("tests/bench/extract_bench.cc", "UnknownBytes", "Bytes"), "Bytes begins with no")

    def test_fuzz(self):
        self.finds(protocols.find, self.edited("tests/fuzz/LEDGER.md", "| tls | 2026 |\n"), "tls_fuzz.cc:1: has no row")
        self.finds(protocols.find, self.without("pcap_fuzz"), "corpus/pcap:1: is of no target", "pcap is no target")


class WordsTest(RuleTest):
    REFUSED = [
        ("// The driver tells none.", "'tells'"), ("// The header stands before it.", "'stands'"),
        ("// nullopt when it is none", "'is none'"), ("// One static library a folder.", "'One static library a folder'"),
        ("// 1,000 records a second", "'1,000 records a second'"), ("// costs 290 bytes a flow, more or less", "'290 bytes a flow'"),
        ("// Of a producer that ended.", "'Of'"), ("// What became of it.", "'What'"), ("// lost for want of room", "'for want of'"),
        ('const char* s = "the state of before is lost";', "'of before'"), ('log("taken over: {}");', "'taken over'"),
    ]
    ALLOWED = ["// A class stands for a device.", "// a name that stands in for a provider: a stand-in", "// One of them that a worker polls.", "// once a frame has come", "// Returns what it has.",
               'key("told");', "int told = tell(stands);", "// 1. A folder", "// Takes the result over the wire."]

    def test_refused(self):
        for text, found in self.REFUSED:
            with self.subTest(text=text):
                self.finds(words.find, {"sensor/a.cc": text + "\n"}, found)

    def test_allowed(self):
        for text in self.ALLOWED:
            with self.subTest(text=text):
                self.passes(words.find, {"sensor/a.cc": text + "\n"})

    def test_documents_and_scripts(self):
        self.finds(words.find, {"README.md": "All is well.\nThe file stands in a folder.\n", "tests/a.py": "x = 1  # what tells it\n",
                                "ansible/a.yaml": "# told\nkey: told\n"}, "README.md:2: 'stands'", "a.py:1: 'tells'", "a.yaml:1: 'told'")


class DocumentsTest(RuleTest):
    KNOWN = [documents.Document("TELLTALE_KINDS", "R.md", 1, documents.CELL, "## Kinds")]
    LIST = '#define TELLTALE_KINDS(X) \\\n    X(first, "one", "help, (more)") \\\n    X(hidden, "", "help")\n'

    def find(self, tree, known=None, internal=()):
        known = self.KNOWN if known is None else known
        return documents.find(tree, known, internal)

    def test_rows(self):
        self.passes(self.find, {"sensor/a.h": self.LIST, "R.md": "## Kinds\n| x, one | a |\n"})
        self.finds(self.find, {"sensor/a.h": self.LIST, "R.md": "| one | a |\n## Kinds\n| ones | a |\n## Other\n| one | b |\n"},
                   "sensor/a.h:2: one has no row in R.md")

    def test_a_list_with_two_documents(self):
        two = self.KNOWN + [documents.Document("TELLTALE_KINDS", "S.md", 1)]
        tree = {"sensor/a.h": self.LIST, "R.md": "## Kinds\n| one | a |\n", "S.md": "`two`"}
        self.finds(lambda tree: self.find(tree, two), tree, "one has no row in S.md")

    def test_a_list_made_of_lists(self):
        whole = self.LIST.replace("KINDS", "PART") + '#define TELLTALE_KINDS(X) X(zero, "zero") TELLTALE_PART(X)\n'
        tree = {"sensor/a.h": whole, "R.md": "## Kinds\n| zero | a |\n"}
        self.finds(self.find, tree, "one has no row in R.md")

    def test_nothing_to_see(self):
        rows = {"R.md": "## Kinds\n| one | a |\n"}
        self.finds(self.find, rows, "TELLTALE_KINDS is gone")
        self.finds(self.find, rows | {"sensor/a.h": "#define TELLTALE_KINDS(X) Y(one)\n"}, "has no entry that", "no entry with argument 1")
        self.finds(self.find, {"sensor/a.h": self.LIST, "R.md": "# Sorts\n| one | a |\n"}, "R.md:1: has no section")
        self.finds(lambda tree: self.find(tree, self.KNOWN * 2), {"sensor/a.h": self.LIST} | rows, "listed twice for R.md")
        self.finds(lambda tree: self.find(tree, internal=[("TELLTALE_GONE", "why")]), {"sensor/a.h": self.LIST} | rows, "GONE is gone")

    def test_a_list_that_nothing_documents(self):
        self.finds(self.find, {"sensor/a.h": self.LIST.replace("KINDS", "WORDS")}, "TELLTALE_WORDS is documented nowhere",
                   "TELLTALE_KINDS is gone")

    def test_counters(self):
        counter = {"sensor/a.h": '#define TELLTALE_A_COUNTERS(X) X(seen, counter, "Frames " "seen")\n'}
        find = lambda tree: documents.find(tree, [], [])
        self.finds(find, counter | {documents.COUNTERS: "# Counters\n"}, "a.h:1: seen has no row in sensor/COUNTERS.md")
        self.passes(find, counter | {documents.COUNTERS: "# Counters\n| `seen` | `a.seen` | | Frames seen |\n"})


if __name__ == "__main__":
    unittest.main()
