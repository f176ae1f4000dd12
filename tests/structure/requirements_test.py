#!/usr/bin/env python3
"""Tests of the generator of the index of requirements, on small trees."""

import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "requirements"))

import index  # pylint: disable=wrong-import-position

RULES = """\
id,list,valid_from,valid_to,tests
a,AB,2018-01-01,2019-12-31,N_04 A1
a,AB,2020-01-01,,N_04 A1
b,AB/nw-n EV/nw-n,2018-01-01,,N_04 N_17
c,AB/th-t AB,2018-01-01,2021-06-30,T_23
"""


class Tree(unittest.TestCase):
    """A small repository."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="teilhabe-requirements.")
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name).resolve()
        self.write(index.TABLE, "id,text,force,home\n" + "".join(
            f"{number},Text of {number}. More.,must,x\n" for number in ("C-05", "N-04", "N-17", "T-23")))

    def write(self, path, text=""):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        index.files_of.cache_clear()

    def entry(self, number):
        return next(entry for entry in index.entries(self.root) if entry.requirement.id == number)

    def names(self, number):
        return [test.name for test in self.entry(number).tests]


class Names(Tree):
    """Which tests bear a number."""

    def test_numbers(self):
        for name, numbers in {"A.N_04_Plan": ["N-04"], "A.test_N_04": ["N-04"], "N_04.Plan": ["N-04"],
                              "A.T_21_T_32_Both": ["T-21", "T-32"], "C_05_B5_T_21_x": ["C-05", "T-21"],
                              "A.SIN_04": [], "A.N_04x": [], "A.N_044_x": ["N-044"], "A.Law3_x": [], "A.n_04": []}.items():
            with self.subTest(name):
                self.assertEqual(index.numbers_in_name(name), numbers)
        self.assertEqual(index.numbers_in("law.md 1; N-04 and N_05, T-04"), ["N-04", "N-05", "T-04"])

    def test_cpp(self):
        self.write("common/a_test.cc", """\
            TEST(A, N_04_Plan) {
            TEST_P(
                B, N_04_Rows) {
            TEST(A, DISABLED_N_04_Off) {}
            // TEST(A, N_04_Gone) {}
            TEST(A, Other) { f("N_04_NoRow"); }
            const Row kRows[] = {{"N_04_First", 1}, {"C_05_Of_N_04", 2}, Row{"N_04", 3}, {"N_04 A1", 4},
                                 {absl::StrCat("N_04_Of_", word), 5}};
            """)
        self.write("common/rows_for_test.h", '{"N_04_Shared", 1},\n')
        self.write("common/b.cc", 'TEST(A, N_04_NotHere) {}\n{"N_04_NorHere", 1}\n')
        self.assertEqual(self.names("N-04"), ["A.N_04_Plan", "B.N_04_Rows", "N_04_First", "C_05_Of_N_04", "N_04",
                                              "N_04_Of_*", "N_04_Shared"])
        self.assertEqual(self.names("C-05"), ["C_05_Of_N_04"])

    def test_python(self):
        self.write("tests/scenarios/a_test.py", """\
            import unittest
            class A(unittest.TestCase):
                def test_N_04_plan(self): pass
                def helper_N_04(self): pass
                @unittest.skip("why")
                def test_N_04_off(self): pass
            class N_17_Policy(unittest.TestCase):
                def test_signed(self): pass
            @unittest.skip("why")
            class Off(unittest.TestCase):
                def test_N_04_off_too(self): pass
            TEXT = "def test_N_04_text(self): pass"
            """)
        for folder in ("oracle", "structure", "lib"):
            self.write(f"tests/{folder}/a.py", "class A:\n  def test_N_04_b(self): pass\n")
        for folder in ("oracle", "structure"):
            self.write(f"tests/{folder}/a_test.py", "class A:\n  def test_N_04_c(self): pass\n")
        self.assertEqual(self.names("N-04"), ["A.test_N_04_plan"])
        self.assertEqual(self.names("N-17"), ["N_17_Policy.test_signed"])

    def test_levels(self):
        self.assertEqual(self.entry("N-04").level, "")
        self.write(index.GOLDEN, 'name,source\n"AB, plan","§ 1; N-04"\nother,§ 2\n')
        self.assertEqual((self.entry("N-04").level, self.names("N-04")), ("golden", ["AB, plan"]))
        self.write("services/a/a_test.cc", "TEST(A, N_04_Plan) {}\n")
        self.assertEqual(self.entry("N-04").level, "unit")
        self.write("services/a/service_for_test.h", "auto stub = v1::Service::NewStub(channel);\n")
        self.write("services/a/b_test.cc", '#include "services/a/service_for_test.h"\nTEST(B, N_04_Plan) {}\n')
        self.assertEqual(self.entry("N-04").level, "contract")
        self.write("tests/scenarios/a_test.py", "class A:\n  def test_N_04_plan(self): pass\n")
        self.assertEqual(self.entry("N-04").level, "scenario")


class Rules(Tree):
    """Days, Land and mutations."""

    def test_days_and_lands(self):
        self.write("services/a/domain/rules.csv", RULES)
        self.assertEqual(self.entry("N-04").days_and_lands(),
                         ("2018-01-01.. (2020-01-01); 2018-01-01..", "Bund; Nordrhein-Westfalen"))
        self.assertEqual(self.entry("N-17").days_and_lands(), ("2018-01-01..", "Nordrhein-Westfalen"))
        self.assertEqual(self.entry("T-23").days_and_lands(),
                         ("2018-01-01..2021-06-30; 2018-01-01..2021-06-30", "Bund; Thüringen"))
        self.assertEqual(self.entry("C-05").days_and_lands(), ("–", "–"))

    def test_a_policy_has_its_own_first_day(self):
        self.write("services/a/domain/rules.csv", RULES)
        self.write("services/a/domain/policies.csv", "id,land,valid_from,source\nnw-n,05,,x\nth-t,16,2018-05-15,x\n")
        self.assertEqual(self.entry("T-23").days_and_lands()[0], "2018-01-01..2021-06-30; 2018-05-15..2021-06-30")
        self.assertEqual(self.entry("N-17").days_and_lands()[0], "2018-01-01..")

    def test_tables_that_are_no_rules(self):
        self.write("services/b/domain/policies.csv", "id,land,source\nnw-n,05,requirement N-17\n")
        self.write("services/b/domain/items.csv", "id,valid_from,valid_to,source\nplan,2020-01-01,,law.md 8; N-04\n")
        self.assertEqual(self.entry("N-17").days_and_lands(), ("–", "Nordrhein-Westfalen"))
        self.assertEqual(self.entry("N-04").days_and_lands(), ("2020-01-01..", "Bund"))
        self.assertEqual(self.entry("N-04").mutation(), "–")

    def test_mutations(self):
        self.write("services/a/domain/rules.csv", RULES)
        self.assertEqual(self.entry("N-04").mutation(), "not run 2")
        self.write(index.MUTATION, "rule,requirements,result\na,N_04 A1,killed\np,C_05,survived\nc,N_17,killed\n")
        self.assertEqual(self.entry("N-04").mutation(), "killed 1, not run 1")
        self.assertEqual(self.entry("C-05").mutation(), "survived 1", "a rule of no table")
        self.assertEqual(self.entry("N-17").mutation(), "not run 1", "the table says what a rule serves today")
        self.assertEqual(self.entry("T-23").mutation(), "killed 1")


class Text(Tree):
    """The document."""

    def test_sentence(self):
        self.assertEqual(index.sentence("One thing (Nr. 5, e.g. A) holds. Another not."), "One thing (Nr. 5, e.g. A) holds.")
        self.assertEqual(index.sentence("Without an end"), "Without an end.")
        long = index.sentence("word, " * 100)
        self.assertLessEqual(len(long), index.MAX_SENTENCE + 1)
        self.assertTrue(long.endswith("word …"), long)

    def test_index(self):
        self.write("services/a/domain/rules.csv", RULES)
        self.write("tests/scenarios/a_test.py", "class A:\n  def test_N_04_plan(self): pass\n")
        self.write("common/a_test.cc", "TEST(A, N_04_Plan) {}\n" + "".join(f'{{"C_05_Row{at}"}},\n' for at in range(100)))
        text = index.index_of(self.root)
        self.assertEqual(text, index.index_of(self.root))
        for line in ("| done: with a scenario | 1 |", "| with unit tests only | 1 |", "| none yet | 2 |", "| all | 4 |",
                     "| N-04 | must | Text of N-04. | scenario | 2 | 2018-01-01.. (2020-01-01); 2018-01-01.. "
                     "| Bund; Nordrhein-Westfalen | not run 2 |",
                     "| C-05 | must | Text of C-05. | unit | 100 | – | – | – |",
                     "* unit, `common/a_test.cc`: `A.N_04_Plan`", "* scenario, `tests/scenarios/a_test.py`: `A.test_N_04_plan`",
                     "* rules, not run: `a`, `b`"):
            with self.subTest(line):
                self.assertIn(line + "\n", text)
        self.assertIn("| T-23 | must | Text of T-23. | none yet | 0 |", text)
        below = text[text.index("## Tests by requirement"):]
        self.assertLessEqual(max(map(len, below.splitlines())), index.MAX_LINE)

    def test_table_of_the_source(self):
        source = ("# Requirements\n| id | requirement | force | home |\n| --- | --- | --- | --- |\n"
                  '| N-04 | Plan, with "quotes". | must | a, b |\n\n- N-05: no row\n| T-122 | Staff. | soll | c |\n')
        self.assertEqual(index.table_of(source), 'id,text,force,home\nN-04,"Plan, with ""quotes"".",must,"a, b"\n'
                         "T-122,Staff.,soll,c\n")


class Command(unittest.TestCase):
    """The program on the repository itself."""

    def test_check_writes_nothing(self):
        before = (ROOT / index.INDEX).read_bytes()
        done = subprocess.run([ROOT / "tests/requirements/generate", "--check"], capture_output=True, text=True, check=False)
        self.assertEqual((ROOT / index.INDEX).read_bytes(), before)
        self.assertEqual(done.returncode, 1 if done.stderr else 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
