#!/usr/bin/env python3
"""Checks of the repository as a whole, and for each a proof that it can fail."""

import pathlib
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import checks  # pylint: disable=wrong-import-position
from repository import ROOT, includes, without_comments  # pylint: disable=wrong-import-position


class Repository(unittest.TestCase):
    """The checks on this repository."""

    def assert_nothing(self, wrong):
        if wrong:
            self.fail("\n" + "\n".join(wrong))

    def test_no_service_includes_another(self):
        self.assert_nothing(checks.service_includes(ROOT))

    def test_no_service_links_another(self):
        self.assert_nothing(checks.service_links(ROOT))

    def test_common_folders_include_only_lower_ones(self):
        self.assert_nothing(checks.common_layers(ROOT))

    def test_domain_is_pure(self):
        self.assert_nothing(checks.domain_is_pure(ROOT))

    def test_domain_links_neither_grpc_nor_database(self):
        edges = checks.link_graph(ROOT)
        services = {path.name for path in (ROOT / "services").iterdir() if (path / "domain").is_dir()}
        self.assertEqual({f"{name}_domain" for name in services} - set(edges), set(), "domain without a library")
        self.assert_nothing(checks.domain_links(edges))

    def test_folders_have_readmes(self):
        self.assert_nothing(checks.folders_without_readme(ROOT))

    def test_dependencies_are_documented(self):
        self.assert_nothing(checks.undocumented_dependencies(ROOT))

    def test_no_traces_of_a_machine(self):
        self.assert_nothing(checks.machine_traces(ROOT))

    def test_tests_do_not_sleep(self):
        self.assert_nothing(checks.sleeping_tests(ROOT))

    def test_files_are_short(self):
        self.assert_nothing(checks.long_files(ROOT))

    def test_threats_are_kept(self):
        self.assert_nothing(checks.threat_table(ROOT))

    def test_requirement_index_is_what_its_generator_makes(self):
        self.assert_nothing(checks.requirement_index(ROOT))

    def test_requirements_that_are_named_exist(self):
        self.assert_nothing(checks.requirement_numbers(ROOT))

    def test_tests_are_built(self):
        self.assert_nothing(checks.unbuilt_tests(ROOT))

    def test_copied_contracts_are_copies(self):
        self.assert_nothing(checks.copied_contracts(ROOT))


class Checks(unittest.TestCase):
    """Each check on a small tree that is good, and on the same tree with one fault."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="teilhabe-structure.")
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name).resolve()

    def write(self, path, text=""):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")

    def found(self, check):
        # The list of files is remembered per root, so each question gets a tree of its own.
        checks.files_of.cache_clear()
        return check(self.root)

    def assert_finds(self, check, *parts):
        found = "\n".join(self.found(check))
        for part in parts:
            self.assertIn(part, found)

    def test_comments_and_strings_are_left_out(self):
        text = '#include "a/b.h"  // #include "c.h"\n/* x\n */ f("std::thread", \'"\'); // y\ng();\n'
        self.assertEqual(includes(text), [(1, "a/b.h")])
        self.assertNotIn("thread", without_comments(text))
        self.assertEqual(without_comments(text).count("\n"), text.count("\n"))

    def test_service_includes(self):
        self.write("services/carriers/service.cc", '#include "services/carriers/domain/rules.h"\n')
        self.write("services/node/main.cc", '#include "services/carriers/service.h"\n')
        self.write("services/ctl/main.cc", '// #include "services/carriers/service.h"\n')
        self.assertEqual(self.found(checks.service_includes), [])
        self.write("services/eligibility/a.cc", '\n#include <services/carriers/domain/rules.h>\n')
        self.write("services/gateway/a.cc", '#  include "services/node/node.h"\n')
        self.assert_finds(checks.service_includes, "services/eligibility/a.cc:2", "services/gateway/a.cc:1")

    def test_service_links(self):
        self.write("services/carriers/CMakeLists.txt", "# teilhabe::node_service\nDEPS teilhabe::carriers_domain teilhabe::base")
        self.write("services/node/CMakeLists.txt", "DEPS teilhabe::carriers_service")
        self.assertEqual(self.found(checks.service_links), [])
        self.write("services/eligibility/CMakeLists.txt", "DEPS teilhabe::base\n  teilhabe::carriers_domain)")
        self.assert_finds(checks.service_links, "services/eligibility/CMakeLists.txt:2", "carriers_domain")

    def test_common_layers(self):
        self.write("common/law/a.cc", '#include "common/law/a.h"\n#include "common/base/id.h"\n#include "absl/time/time.h"\n')
        self.assertEqual(self.found(checks.common_layers), [])
        self.write("common/base/a.cc", '#include "common/law/a.h"\n')
        self.write("common/rpc/a.cc", '#include "services/carriers/a.h"\n')
        self.write("common/misc/a.cc", "")
        self.assert_finds(checks.common_layers, "common/base/a.cc:1", "common/rpc/a.cc:1", "common/misc/a.cc:1")

    def test_domain_is_pure(self):
        self.write("services/carriers/service.cc", "#include <grpcpp/grpcpp.h>\nabsl::Now();\n")
        self.write("services/carriers/domain/a.cc", "#include <string>\n// never absl::Now()\nint known_now = runtime(0);\n")
        self.write("services/carriers/domain/a_test.cc", "#include <fstream>\n")
        self.assertEqual(self.found(checks.domain_is_pure), [])
        faults = ["#include <grpcpp/grpcpp.h>", '#include "google/protobuf/message.h"',
                  '#include "teilhabe/carriers/v1/carriers.pb.h"', "#include <sqlite3.h>", "#include <libpq-fe.h>",
                  "#include <postgresql/libpq-fe.h>", "#include <thread>", "#include <fstream>",
                  "auto t = std::chrono::system_clock::now();", "auto t = absl::Now();", 'std::getenv("X");',
                  "std::thread t;", "auto t = time(nullptr);"]
        for fault in faults:
            with self.subTest(fault):
                self.write("services/carriers/domain/a.cc", fault + "\n")
                self.assert_finds(checks.domain_is_pure, "services/carriers/domain/a.cc:1")

    def test_domain_links(self):
        self.write("CMakeLists.txt", """\
            cmake_minimum_required(VERSION 3.25)
            project(sample LANGUAGES NONE)
            add_library(gRPC::grpc++ INTERFACE IMPORTED)
            add_library(base INTERFACE)
            add_library(teilhabe::base ALIAS base)
            add_library(contracts INTERFACE)
            target_link_libraries(contracts INTERFACE gRPC::grpc++)
            add_library(good_domain INTERFACE)
            target_link_libraries(good_domain INTERFACE teilhabe::base)
            add_library(bad_domain INTERFACE)
            target_link_libraries(bad_domain INTERFACE teilhabe::base contracts)
            add_library(worse_domain INTERFACE)
            target_link_libraries(worse_domain INTERFACE /usr/lib/libsqlite3.so)
            """)
        found = checks.domain_links(checks.link_graph(self.root))
        self.assertEqual(found, ["bad_domain → contracts → gRPC::grpc++", "worse_domain → /usr/lib/libsqlite3.so"])

    def test_folders_without_readme(self):
        self.write("common/README.md")
        self.write("common/base/README.md")
        self.write("common/base/a.cc")
        self.write("common/base/data/a.csv")
        self.write("proto/README.md")
        self.write("proto/teilhabe/carriers/v1/a.proto")
        self.write("proto/third_party/google/a.proto")
        self.write("build/common/x/a.cc")
        self.assertEqual(self.found(checks.folders_without_readme), [])
        self.write("services/carriers/a.cc")
        self.assertEqual(self.found(checks.folders_without_readme),
                         ["services: has no README.md", "services/carriers: has no README.md"])

    def test_undocumented_dependencies(self):
        self.write("deploy/dependencies.txt", "# build ignored\nbuild  g++  # compiles\ntest   npm  unless npm  # fetches\n")
        self.write("proto/package.json", '{"devDependencies": {"@bufbuild/buf": "1.2.3"}}')
        self.write("README.md", "# X\n## Dependencies\n| g++, npm | a |\n### More\n| `@bufbuild/buf` (npm) | b |\n## Y\n")
        self.assertEqual(self.found(checks.undocumented_dependencies), [])
        self.write("README.md", "# X\n| npm | a |\n## Dependencies\n| g++ | npm |\n## Y\n| @bufbuild/buf | b |\n")
        self.assertEqual(self.found(checks.undocumented_dependencies),
                         ["README.md: the table of dependencies does not name npm",
                          "README.md: the table of dependencies does not name @bufbuild/buf"])

    def test_machine_traces(self):
        slash = "/"  # So that this file is no trace itself.
        self.write("a.md", f"https://example.org/home/a, $X{slash}work/a, ../work{slash}b, http://127.0.0.1:8080\n")
        self.write("deploy/demo", f"# for example {slash}home/operator\n")
        self.assertEqual(self.found(checks.machine_traces), [])
        faults = {"a.cc": f'"{slash}work/main/a"', "b.md": f"see {slash}home/me/a", "c.py": f"\n'{slash}root/x'",
                  "deploy/demo": f"cd {slash}home/me/", "d.json": '"resolved": "x"', ".npmrc": "registry=x",
                  "e.txt": "http://10.0.0.1/simple", "f.txt": f"deb http:{slash}{slash}mirror.invalid{slash}debian bookworm main"}
        for path, text in faults.items():
            self.write(path, text + "\n")
        found = "\n".join(self.found(checks.machine_traces))
        for path in faults:
            with self.subTest(path):
                self.assertIn(path + ":", found)

    def test_sleeping_tests(self):
        self.write("common/base/a.cc", "std::this_thread::sleep_for(1);\n")
        self.write("common/base/a_test.cc", "// usleep(1)\nint asleep(int);\n")
        self.assertEqual(self.found(checks.sleeping_tests), [])
        for fault in ("std::this_thread::sleep_for(x);", "usleep(1);", "absl::SleepFor(x);", "sleep(1);"):
            with self.subTest(fault):
                self.write("common/base/a_test.cc", fault + "\n")
                self.assert_finds(checks.sleeping_tests, "common/base/a_test.cc:1")

    def test_long_files(self):
        self.write("a.cc", "\n" * checks.MAX_LINES)
        self.write("common/x/data/b.py", "\n" * 1000)
        self.write("proto/third_party/b.proto", "\n" * 1000)
        self.write("notes.md", "\n" * 1000)
        self.assertEqual(self.found(checks.long_files), [])
        self.write("a.cc", "\n" * (checks.MAX_LINES + 1))
        self.write("tool", "#!/bin/sh\n" * 1000)
        self.assert_finds(checks.long_files, "a.cc", "tool")

    def threats(self, *shown):
        rows = [f"| {number} | threat | behaviour | {shown[number - 1] if number <= len(shown) else 'later'} |"
                for number in range(1, checks.THREATS + 1)]
        self.write("SECURITY.md", "# Security\n" + "\n".join(rows) + "\n")
        return rows

    def test_threat_table(self):
        self.write("common/a_test.cc", "TEST_P(Store, MovedHeadAborts) {\n")
        self.write("tests/scenarios/b_test.py", "class B:\n    def test_second_start(self): pass\n")
        self.threats("`Store.MovedHeadAborts`", "`B.test_second_start`; the rest later")
        self.assertEqual(self.found(checks.threat_table), [])
        rows = self.threats("`Store.Other`", "", "`test_other`")
        self.assert_finds(checks.threat_table, "row 1 names Store.Other", "row 2 does not say", "row 3 names test_other")
        self.write("SECURITY.md", "\n".join(rows[:40] + rows[41:]))
        self.assert_finds(checks.threat_table, "rows are not 1 to at least 80")

    def test_requirement_index(self):
        self.write("tests/requirements/requirements.csv", "id,text,force,home\nN-04,Plan.,must,x\n")
        self.assert_finds(checks.requirement_index, "tests/requirements.md: is not what")
        (self.root / "tests/requirements.md").write_text(checks.index.index_of(self.root), encoding="utf-8")
        self.assertEqual(self.found(checks.requirement_index), [])
        self.write("tests/scenarios/a_test.py", "class A:\n    def test_N_04_plan(self): pass\n")
        self.assert_finds(checks.requirement_index, "tests/requirements.md: is not what")

    def test_requirement_numbers(self):
        self.write("tests/requirements/requirements.csv", "id,text,force,home\nC-05,Who.,must,x\nN-04,Plan.,must,x\n")
        self.write("common/a_test.cc", "TEST(A, C_05_B4_N_04_Plan) {}\nTEST(A, OfC_99) {}\n")
        self.write("services/a/domain/rules.csv", "id,tests\nx,C_05 A4 N-04\n")
        self.write("tests/scenarios/a_test.py", "class A:\n    def test_N_04_plan(self): pass\n")
        self.assertEqual(self.found(checks.requirement_numbers), [])
        faults = {"common/a_test.cc": "TEST(N_4, Plan) {}", "common/b_test.cc": '{"T_300_Row", 1},',
                  "services/a/domain/rules.csv": "id,tests\nx,N_05", "services/b/domain/list.csv": "id,source\nx,law; N-400",
                  "tests/mutation.csv": "rule,requirements,result\nx,C_06 A,killed",
                  "tests/oracle/admission_golden.csv": "name,source\na,T-01",
                  "tests/scenarios/a_test.py": "class A:\n    def test_plan_N_044(self): pass",
                  "tests/requirements/requirements.csv": "id,text,force,home\nC-05,a,b,c\nN-04,a,b,c\nN-04,a,b,c"}
        for path, text in faults.items():
            self.write(path, text + "\n")
        found = "\n".join(self.found(checks.requirement_numbers))
        for path in faults:
            with self.subTest(path):
                self.assertIn(path + ": ", found)

    def test_unbuilt_tests(self):
        self.write("common/CMakeLists.txt", "teilhabe_test(x SRCS a_test.cc b/b_test.cc)\n")
        for name in ("a_test.cc", "b/b_test.cc", "c.cc"):
            self.write(f"common/{name}")
        self.assertEqual(self.found(checks.unbuilt_tests), [])
        self.write("common/b/a_test.cc")
        self.write("common/test.cc")
        self.write("common/b/CMakeLists.txt", "# a_test.cc\nteilhabe_test(x SRCS more_a_test.cc)\n")
        self.assertEqual(self.found(checks.unbuilt_tests), ["common/b/a_test.cc: is in no CMakeLists.txt"])

    def test_copied_contracts(self):
        self.write("origin/grpc/health/v1/health.proto", "a")
        self.write("proto/third_party/grpc/health/v1/health.proto", "a")
        self.assertEqual(checks.copied_contracts(self.root, self.root / "origin"), [])
        self.write("proto/third_party/grpc/health/v1/health.proto", "b")
        self.assertEqual(len(checks.copied_contracts(self.root, self.root / "origin")), 1)


if __name__ == "__main__":
    unittest.main()
