"""Switches each rule of law and of the protocol off in turn and asks whether a test notices.

A rule that no test misses is a rule that nobody would miss if it went wrong. The list of rules comes from the program
`teilhabe-rules --list` (id, tab, requirements that the rule serves); the tests run with TEILHABE_RULE_OFF=<id>.
Writes a table as CSV, and `killed survived` to the file of counts.
"""

import argparse
import concurrent.futures
import csv
import os
import pathlib
import re
import subprocess
import sys

TIMEOUT_SECONDS = 600  # A rule switched off must not make a test hang; if it does, the test noticed.
FAILED_TEST = re.compile(r"^\[  FAILED  \] ([^\s,]+\.[^\s,]+)", re.MULTILINE)


def failing_tests(binary: pathlib.Path, rule: str | None) -> list[str]:
    """Returns the names of the tests that fail, or a word in brackets for how the program ended; empty: all pass."""
    environment = {key: value for key, value in os.environ.items() if key != "TEILHABE_RULE_OFF"}
    if rule is not None:
        environment["TEILHABE_RULE_OFF"] = rule
    try:
        done = subprocess.run([binary, "--gtest_brief=1", "--gtest_color=no"], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return [f"({binary.name}: no end)"]
    if done.returncode == 0:
        return []
    names = list(dict.fromkeys(FAILED_TEST.findall(done.stdout.decode("utf-8", "replace"))))
    return names or [f"({binary.name}: ended with {done.returncode})"]


def read_rules(program: pathlib.Path) -> dict[str, list[str]]:
    """Returns rule id → requirements; an id with rows of several periods comes once."""
    text = subprocess.run([program, "--list"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True).stdout
    rules: dict[str, list[str]] = {}
    for line in text.decode("utf-8").splitlines():
        rule, _, hint = line.partition("\t")
        if rule.strip():
            rules.setdefault(rule.strip(), []).extend(hint.replace("\t", " ").split())
    return rules


def names_requirement(test: str, requirements: list[str]) -> bool:
    """Tests are named after requirements: C-05 is `C_05` in a test's name."""
    parts = re.split(r"[./]", test)
    return any(re.search(rf"(?<![A-Za-z0-9]){re.escape(word.replace('-', '_'))}(?![A-Za-z0-9])", part)
               for word in requirements for part in parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="build folder with bin/ and tests/")
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="file with names of test programs")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--counts", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()

    lines = [line.partition("#")[0].strip() for line in options.binaries.read_text(encoding="utf-8").splitlines()]
    binaries = [(options.bin / "tests" / name).resolve() for name in lines if name]
    absent = [binary.name for binary in binaries if not os.access(binary, os.X_OK)]
    if absent or not binaries:
        print(f"✗ not built: {' '.join(absent) or 'nothing is listed'}")
        return 1
    rules = read_rules((options.bin / "bin" / "teilhabe-rules").resolve())
    if not rules:
        print("✗ teilhabe-rules --list names no rule")
        return 1

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        # With every rule on, all must pass; else a failure below would prove nothing.
        broken = [name for names in pool.map(failing_tests, binaries, [None] * len(binaries)) for name in names]
        if broken:
            print("✗ these tests fail with every rule on: " + " ".join(broken))
            return 1
        results = {rule: [pool.submit(failing_tests, binary, rule) for binary in binaries] for rule in rules}
        rows = []
        for rule, requirements in rules.items():
            failing = [name for result in results[rule] for name in result.result()]
            by_requirement = next((name for name in failing if names_requirement(name, requirements)), "")
            rows.append((rule, " ".join(requirements), "killed" if failing else "survived",
                         failing[0] if failing else "", by_requirement))
            sign = "✓" if failing else "✗"
            print(f"{sign} {rule:<44} {rows[-1][2]:<9} {by_requirement or rows[-1][3]}", flush=True)

    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("rule", "requirements", "result", "first_failing_test", "test_of_requirement"))
        writer.writerows(rows)
    killed = sum(row[2] == "killed" for row in rows)
    named = sum(bool(row[4]) for row in rows)
    print(f"{killed} of {len(rows)} rules are missed by a test when they are off; {named} by a test of their requirement")
    options.counts.write_text(f"{killed} {len(rows) - killed}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
