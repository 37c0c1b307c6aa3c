# SPDX-License-Identifier: Apache-2.0
import unittest

from cpp import Cpp


class CppTest(unittest.TestCase):
    def functions(self, text):
        return [(function.name, function.branches) for function in Cpp(text).functions]

    def test_functions_have_their_scope_in_the_name(self):
        self.assertEqual(self.functions("namespace telltale::a {\nnamespace {\nint f(int x) { return x; }\n}\n"
                                        "class C {\n  public:\n    bool is() const { return a && b; }\n};\n"
                                        "void C::g() noexcept {}\n}\n"),
                         [("a::f", 0), ("a::C::is", 1), ("a::C::g", 0)])

    def test_member_initializers_in_braces_are_not_the_body(self):
        self.assertEqual(self.functions("C::C(int x) : a_(x), b_{x, {1}}, c_{} {\n    if (x) f();\n}\n"), [("C::C", 1)])

    def test_operators_templates_and_tests_are_functions(self):
        self.assertEqual(self.functions("template <typename T, int N = 3>\nbool operator==(const T& a, T b) { return a ? 1 : 0; }\n"
                                        "TEST(Ring, IsEmpty) { for (;;) {} }\n"),
                         [("operator==", 1), ("TEST(Ring,IsEmpty)", 1)])

    def test_initializers_are_no_functions(self):
        self.assertEqual(self.functions("constexpr int kA[] = {1, f(2)};\nstd::function<void(int)> f_{nullptr};\n"
                                        "auto g = [](int x) { return x; };\n"), [])

    def test_comments_strings_and_digits_are_not_code(self):
        code = Cpp('// if (x) {\nconst char* a = "} if"; char b = \'{\'; int c = 1\'000; auto d = R"x(")x";\n')
        self.assertEqual(code.code.split(), ["const", "char*", "a", "=", ";", "char", "b", "=", ";", "int", "c", "=", "1'000;",
                                             "auto", "d", "=", ";"])
        self.assertEqual([literal.text for literal in code.literals], ["} if", '"'])

    def test_whole_lines_are_one_comment(self):
        comments = Cpp("// a\n// b\nint x;  // c\n// d\n").comments
        self.assertEqual([(comment.line, comment.text, comment.last_line) for comment in comments],
                         [(1, "a\nb", 2), (3, "c", 3), (4, "d", 4)])

    def test_types_are_definitions(self):
        types = Cpp("namespace telltale::a {\nclass Later;\nenum class E : int { x };\nstruct S final : B {\n    struct In {};\n};\n"
                    "struct S::Out {};\nusing T = int;\nusing Bytes = base::Bytes;\nstruct V v{};\n}\n").types
        self.assertEqual([one.name for one in Cpp("TELLTALE_ENUMERATION(Colour, int, LIST)\n").types], ["Colour"])
        after = Cpp("// Why.\nTELLTALE_ENUMERATION(Colour, int, LIST)\n\n// What.\nstruct Paint {\n    COUNTERS\n};\n").types
        self.assertEqual([(one.name, one.header_line) for one in after], [("Paint", 5), ("Colour", 2)])
        self.assertEqual([(one.name, one.nested) for one in types if one.name != "V"],
                         [("E", False), ("S", False), ("In", True), ("Out", True), ("T", False)])


if __name__ == "__main__":
    unittest.main()
