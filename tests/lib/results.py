"""Turns what ctest and unittest leave behind into counts.

Prints `passed failed skipped` on standard output, and the logs of what failed on standard error.
Usage: results.py ctest EXIT_CODE JUNIT_XML LOG | results.py unittest EXIT_CODE LOG
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

MAX_LINES = 80  # Of one failed test.
MAX_TESTS = 20  # Whose logs are shown.

# What ctest writes where a test says of itself that it skips; any other reason for not running is a failure.
SKIPPED_BY_ITSELF = {"SKIP_REGULAR_EXPRESSION_MATCHED", "SKIP_RETURN_CODE"}


def tail(text: str) -> str:
    lines = text.rstrip().splitlines()
    cut = [f"({len(lines) - MAX_LINES} lines before)"] if len(lines) > MAX_LINES else []
    return "\n".join("    " + line for line in cut + lines[-MAX_LINES:])


def read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def ctest_counts(code: int, xml: str):
    """Returns (passed, failed, skipped, [(name, log)]) from ctest's JUnit text; empty: ctest did not get that far."""
    if not xml:
        return 0, 1, 0, []
    passed = skipped = 0
    bad = []
    for case in ElementTree.fromstring(xml).iter("testcase"):
        status = case.get("status")
        reason = case.find("skipped")
        if status == "run":
            passed += 1
        elif status == "disabled" or (reason is not None and reason.get("message") in SKIPPED_BY_ITSELF):
            skipped += 1
        else:
            bad.append((case.get("name"), case.findtext("system-out") or ""))
    failed = len(bad)
    if failed == 0 and (code != 0 or passed == 0):
        failed = 1  # No test found, or ctest itself failed.
    return passed, failed, skipped, bad


def unittest_counts(code: int, log: str):
    """Returns (passed, failed, skipped) from what unittest prints at its end."""
    ran = re.findall(r"^Ran (\d+) tests? in ", log, re.MULTILINE)
    verdict = re.findall(r"^(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$", log, re.MULTILINE)
    if not ran or not verdict:
        return 0, 1, 0
    counts = {}
    for part in filter(None, verdict[-1][1].split(", ")):
        name, _, number = part.rpartition("=")
        counts[name] = int(number)
    failed = counts.get("failures", 0) + counts.get("errors", 0) + counts.get("unexpected successes", 0)
    skipped = counts.get("skipped", 0)
    passed = max(0, int(ran[-1]) - failed - skipped)
    if failed == 0 and (code != 0 or passed + skipped == 0):
        failed = 1
    return passed, failed, skipped


def main(arguments) -> int:
    kind, code = arguments[0], int(arguments[1])
    if kind == "ctest":
        passed, failed, skipped, bad = ctest_counts(code, read(arguments[2]))
        for name, log in bad[:MAX_TESTS]:
            print(f"  ✗ {name}\n{tail(log)}", file=sys.stderr)
        if len(bad) > MAX_TESTS:
            print(f"  ✗ and {len(bad) - MAX_TESTS} more: {' '.join(n for n, _ in bad[MAX_TESTS:])}", file=sys.stderr)
        if failed and not bad:
            print(tail(read(arguments[3])), file=sys.stderr)
    else:
        log = read(arguments[2])
        passed, failed, skipped = unittest_counts(code, log)
        if failed:
            print(tail(log if code != 124 else log + "\n(ended: it took too long)"), file=sys.stderr)
    print(passed, failed, skipped)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
