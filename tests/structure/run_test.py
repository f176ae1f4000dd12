#!/usr/bin/env python3
"""Tests of the test runner itself: a runner that counts wrongly makes every other test worthless."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))

import mutate  # pylint: disable=wrong-import-position
import results  # pylint: disable=wrong-import-position

# Stands in for cmake, ctest and the rest; what STUB_FAIL names fails.
STUB = """#!/usr/bin/env bash
name=${0##*/} all="${0##*/} $*"
[[ " ${STUB_FAIL:-} " == *" $name "* || " ${STUB_FAIL:-} " == *" $name:${2:-} "* ]] && code=1 || code=0
if [[ $name == ctest ]]; then
  while (($# > 0)); do
    [[ $1 != --output-junit ]] || cat "$STUB_JUNIT" >"$2"
    shift
  done
fi
[[ $all != *" ci" ]] || mkdir -p proto/node_modules
echo "stub $all"
exit $code
"""
JUNIT = """<testsuite>
<testcase name="A.Good" status="run"><system-out>fine</system-out></testcase>
<testcase name="A.Skipped" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>
<testcase name="A.Off" status="disabled"/>
%s</testsuite>
"""
JUNIT_BAD = """<testcase name="A.Bad" status="fail"><failure message=""/><system-out>why it is bad</system-out></testcase>
<testcase name="b_NOT_BUILT" status="notrun"><skipped message="Unable to find executable"/></testcase>
"""
GOOD_SCENARIO = """import os, unittest
class T(unittest.TestCase):
    def test_a(self): self.assertTrue(os.environ['TEILHABE_BIN'].endswith('build/release/bin'))
    @unittest.skip('why')
    def test_b(self): pass
unittest.main()
"""
BAD_SCENARIO = """import unittest
class T(unittest.TestCase):
    def test_a(self): self.fail('no such carrier')
    def test_b(self): pass
unittest.main()
"""


class Tree(unittest.TestCase):
    """A small repository with the real runner and stubs for all tools."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="teilhabe-run.")
        self.addCleanup(scratch.cleanup)
        base = pathlib.Path(scratch.name).resolve()
        self.root, self.bin = base / "repository", base / "stubs"
        for name in ("run", "lib"):
            self.copy(f"tests/{name}")
        for name in ("cmake", "ctest", "npm", "clang-format", "clang-tidy"):
            self.write(self.bin / name, STUB, executable=True)
        self.write(self.root / "deploy/install-dependencies", STUB, executable=True)
        for name in ("proto/package.json", "proto/package-lock.json", "proto/released.binpb",
                     "common/base/a.cc"):
            self.write(self.root / name, "")
        self.write(self.root / "tests/scenarios/a_test.py", GOOD_SCENARIO)
        self.write(self.root / "tests/structure/a_test.py", GOOD_SCENARIO.replace("os.environ['TEILHABE_BIN']", "'build/release/bin'"))
        self.write(base / "junit.xml", JUNIT % "")
        self.junit = base / "junit.xml"

    def copy(self, name):
        source, target = ROOT / name, self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)

    def write(self, path, text, executable=False):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if executable:
            path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run_tests(self, *arguments, fail="", program="tests/run", **environment):
        env = {key: value for key, value in os.environ.items() if not key.startswith(("TEILHABE_", "STUB_", "GIT_"))}
        env |= {"PATH": f"{self.bin}:{env['PATH']}", "STUB_FAIL": fail, "STUB_JUNIT": str(self.junit)} | environment
        done = subprocess.run([self.root / program, *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120, check=False)
        done.last = done.stdout.rstrip("\n").rpartition("\n")[2]
        done.all = done.stdout + done.stderr
        return done


class Runner(Tree):
    """tests/run."""

    def test_all_good(self):
        done = self.run_tests()
        # install; proto: tools, lint, breaking; format; two builds; two ctest; structure; scenario.
        self.assertEqual((done.last, done.returncode), ("11 passed, 0 failed", 0), done.all)
        self.assertIn("skipped: 6", done.stdout)
        self.assertTrue((self.root / "build/test-logs/ctest-dev.log").is_file())

    def test_failing_unit_tests_are_counted_and_shown(self):
        self.write(self.junit, JUNIT % JUNIT_BAD)
        done = self.run_tests("--only", "dev", fail="ctest")
        self.assertEqual((done.last, done.returncode), ("2 passed, 2 failed", 1), done.all)
        self.assertIn("why it is bad", done.all)
        self.assertIn("failed: ctest-dev", done.stdout)

    def test_ctest_that_fails_without_failing_tests(self):
        done = self.run_tests("--only", "dev", fail="ctest")
        self.assertEqual((done.last, done.returncode), ("2 passed, 1 failed", 1), done.all)

    def test_failing_build_stops_what_needs_it_and_nothing_else(self):
        done = self.run_tests(fail="cmake:release")
        self.assertEqual((done.last, done.returncode), ("8 passed, 1 failed", 1), done.all)
        self.assertIn("scenarios are not run", done.stdout)

    def test_failing_installation_ends_the_run(self):
        done = self.run_tests(fail="install-dependencies")
        self.assertEqual((done.last, done.returncode), ("0 passed, 1 failed", 1), done.all)

    def test_failing_checks(self):
        for tool, section, last in (("npm", "proto", "1 passed, 2 failed"), ("clang-format", "format", "0 passed, 1 failed")):
            with self.subTest(section):
                self.run_tests("--only", "proto")  # So that buf is there.
                done = self.run_tests("--only", section, fail=tool)
                self.assertEqual((done.last, done.returncode), (last, 1), done.all)

    def test_missing_release_of_contracts(self):
        (self.root / "proto/released.binpb").unlink()
        done = self.run_tests("--only", "proto")
        self.assertEqual((done.last, done.returncode), ("2 passed, 1 failed", 1), done.all)
        self.assertIn("npm --prefix proto run release", done.all)

    def test_buf_is_fetched_once_per_lock_file(self):
        for lock, fetched in (("1", True), ("1", False), ("2", True)):
            self.write(self.root / "proto/package-lock.json", lock)
            self.run_tests("--only", "proto")
            log = (self.root / "build/test-logs/proto-tools.log").read_text(encoding="utf-8")
            self.assertEqual("npm --prefix proto ci" in log, fetched)

    def test_scenarios(self):
        crash = "import sys, unittest\nsys.exit(0)\n"
        for name, text, last in (("fails", BAD_SCENARIO, "3 passed, 1 failed"), ("ends early", crash, "2 passed, 1 failed")):
            with self.subTest(name):
                self.write(self.root / "tests/scenarios/b_test.py", text)
                done = self.run_tests("--only", "scenarios")
                self.assertEqual((done.last, done.returncode), (last, 1), done.all)

    def test_scenario_without_end(self):
        self.write(self.root / "tests/scenarios/b_test.py", "while True: pass\n")
        done = self.run_tests("--only", "scenarios", TEILHABE_TEST_TIMEOUT="1")
        self.assertEqual((done.last, done.returncode), ("2 passed, 1 failed", 1), done.all)
        self.assertIn("took too long", done.all)

    def test_nothing_passed_is_no_success(self):
        (self.root / "tests/structure/a_test.py").unlink()
        done = self.run_tests("--only", "structure")
        self.assertEqual((done.last, done.returncode), ("0 passed, 0 failed", 1), done.all)

    def test_wrong_calls(self):
        for arguments in (("--only",), ("--only", "nothing"), ("--fast",)):
            self.assertEqual(self.run_tests(*arguments).returncode, 2)
        self.assertIn("--mutate", self.run_tests("--help").stdout)

    def test_mutation(self):
        self.write(self.root / "build/dev/bin/teilhabe-rules", "#!/bin/sh\nprintf 'r1\\tC-05\\nr2\\tT-21 T-32\\nr1\\tN-04\\n'\n", True)
        self.write(self.root / "tests/mutation_binaries.txt", "law_test  # rules\n")
        test = "#!/bin/sh\n[ \"$TEILHABE_RULE_OFF\" != r1 ] || { echo '[  FAILED  ] X.Other (1 ms)'; " \
               "echo '[  FAILED  ] All/Y.N_04_Plan/0, where GetParam() = 3'; exit 1; }\n"
        self.write(self.root / "build/dev/tests/law_test", test, True)
        done = self.run_tests("--mutate")
        self.assertEqual((done.last, done.returncode), ("3 passed, 1 failed", 1), done.all)  # install, build, r1; r2.
        table = (self.root / "tests/mutation.csv").read_text(encoding="utf-8")
        self.assertEqual(table, "rule,requirements,result,first_failing_test,test_of_requirement\n"
                                "r1,C-05 N-04,killed,X.Other,All/Y.N_04_Plan/0\nr2,T-21 T-32,survived,,\n")
        self.write(self.root / "build/dev/tests/law_test", "#!/bin/sh\nexit 1\n", True)
        done = self.run_tests("--mutate")
        self.assertEqual((done.last, done.returncode), ("2 passed, 1 failed", 1), done.all)
        self.assertIn("fail with every rule on", done.all)


class Continuous(Tree):
    """.ci/run."""

    def git(self, *arguments, folder=None):
        subprocess.run(["git", "-C", folder or self.root, "-c", "user.name=T", "-c", "user.email=t@example.org",
                        "-c", "protocol.file.allow=always", *arguments], check=True, capture_output=True)

    def test_archive_of_a_shallow_clone(self):
        self.copy(".ci/run")
        self.write(self.root / ".gitignore", "/build/\nnode_modules/\n")
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "one")
        self.git("commit", "-qm", "two", "--allow-empty")
        clone, temp = self.root.parent / "clone", self.root.parent / "temp"
        temp.mkdir()
        self.git("clone", "-q", "--depth", "1", f"file://{self.root}", clone)
        self.write(clone / "tests/structure/b_test.py", BAD_SCENARIO)  # Not committed: does not count.
        self.root = clone
        done = self.run_tests(program=".ci/run", TMPDIR=str(temp))
        self.assertEqual((done.last, done.returncode), ("11 passed, 0 failed", 0), done.all)
        self.assertEqual(list(temp.iterdir()), [])
        self.assertFalse((clone / "build").exists())
        done = self.run_tests("--only", "format", program=".ci/run", fail="clang-format", TMPDIR=str(temp))
        self.assertEqual((done.last, done.returncode), ("0 passed, 1 failed", 1), done.all)


class Counting(unittest.TestCase):
    """tests/lib."""

    def test_unittest_output(self):
        for log, code, want in (("Ran 3 tests in 0.1s\n\nOK\n", 0, (3, 0, 0)),
                                ("Ran 1 test in 0.1s\n\nOK (skipped=1)\n", 0, (0, 0, 1)),
                                ("Ran 9 tests in 1s\n\nFAILED (failures=1, errors=2, skipped=1, expected failures=1)\n", 1, (5, 3, 1)),
                                ("Ran 2 tests in 1s\n\nFAILED (unexpected successes=1)\n", 1, (1, 1, 0)),
                                ("Ran 0 tests in 1s\n\nFAILED (errors=1)\n", 1, (0, 1, 0)),
                                ("Ran 0 tests in 1s\n\nNO TESTS RAN\n", 5, (0, 1, 0)),
                                ("Ran 0 tests in 1s\n\nOK\n", 0, (0, 1, 0)),
                                ("Ran 2 tests in 1s\n\nOK\n", 139, (2, 1, 0)),
                                ("Traceback\n", 1, (0, 1, 0)), ("", 0, (0, 1, 0))):
            with self.subTest(log):
                self.assertEqual(results.unittest_counts(code, log), want)

    def test_junit_output(self):
        self.assertEqual(results.ctest_counts(0, JUNIT % "")[:3], (1, 0, 2))
        self.assertEqual(results.ctest_counts(8, JUNIT % JUNIT_BAD)[:3], (1, 2, 2))
        self.assertEqual(results.ctest_counts(0, "<testsuite/>")[:3], (0, 1, 0))
        self.assertEqual(results.ctest_counts(1, "")[:3], (0, 1, 0))

    def test_requirement_in_a_test_name(self):
        self.assertTrue(mutate.names_requirement("Law.C_05_Unknown", ["C-05"]))
        self.assertTrue(mutate.names_requirement("All/T_21.Pays/3", ["N-04", "T-21"]))
        self.assertFalse(mutate.names_requirement("Law.C_055", ["C-05"]))
        self.assertFalse(mutate.names_requirement("Law.Unknown", []))


if __name__ == "__main__":
    unittest.main()
