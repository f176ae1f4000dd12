"""The index of requirements: which tests are named after each, how near to users they are, from which day and in which
Land the rules hold that serve it, and whether a test misses those rules when they are off.

Everything is read from the repository; the same files give the same text.
"""

import ast
import csv
import dataclasses
import datetime
import io
import pathlib
import re
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "structure"))

from repository import files_of, read  # pylint: disable=wrong-import-position

TABLE = pathlib.PurePosixPath("tests/requirements/requirements.csv")
INDEX = pathlib.PurePosixPath("tests/requirements.md")
MUTATION = pathlib.PurePosixPath("tests/mutation.csv")
COLUMNS = ("id", "text", "force", "home")

# Farthest from users first. A requirement has the last one that a test named after it has.
LEVELS = ("golden", "unit", "contract", "scenario")
LANDS = {"nw-n": "Nordrhein-Westfalen", "th-t": "Thüringen"}
FEDERAL = "Bund"
MAX_SENTENCE = 160
MAX_LINE = 120

# --- Requirements -----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Requirement:
    """One row of requirements.csv."""
    id: str
    text: str
    force: str
    home: str


def requirements(root: pathlib.Path) -> dict[str, Requirement]:
    """Number → requirement, in the order of the table."""
    rows = csv.DictReader(io.StringIO(read(root, TABLE)))
    return {row["id"]: Requirement(*(row[column] for column in COLUMNS)) for row in rows}


_SOURCE_ROW = re.compile(r"^\| ([CNT]-\d+) \| (.*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def table_of(source: str) -> str:
    """requirements.csv from the Markdown in which requirements are kept."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tuple(cell.strip() for cell in row) for row in _SOURCE_ROW.findall(source))
    return text.getvalue()


_SENTENCE_END = re.compile(r"(?<!\bNr)(?<!\bno)(?<!\bAbs)(?<!\bpara)(?<!e\.g)(?<!i\.e)\.\s+(?=[A-ZÄÖÜ§])")


def sentence(text: str) -> str:
    """The first sentence, cut at a word where it is long."""
    first = _SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".") + "."
    if len(first) <= MAX_SENTENCE:
        return first
    return first[:MAX_SENTENCE - 1].rsplit(" ", 1)[0].rstrip(" ,;:(–-") + " …"


# --- Tests ------------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Test:
    """A test, or a row of a table that a test runs once for each row."""
    path: pathlib.PurePosixPath
    name: str
    level: str
    row: bool = False


_NUMBER_IN_NAME = re.compile(r"(?<![A-Za-z0-9])([CNT])_(\d+)(?![A-Za-z0-9])")
_NUMBER_IN_TEXT = re.compile(r"(?<![A-Za-z0-9])([CNT])[-_](\d+)(?![A-Za-z0-9])")


def numbers_in(text: str, pattern: re.Pattern = _NUMBER_IN_TEXT) -> list[str]:
    """Numbers that a text names (`N-04`, `N_04`), each once; they need not exist."""
    return list(dict.fromkeys(f"{source}-{number}" for source, number in pattern.findall(text)))


def numbers_in_name(name: str) -> list[str]:
    """Numbers that the name of a test names; `N_04` in `Admission.N_04_WithoutAPlan`."""
    return numbers_in(name, _NUMBER_IN_NAME)


_CPP_TEST = re.compile(r"^[ \t]*(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)
# First in its braces: `{"N_04_Plan", …`, `{absl::StrCat("N_04_Plan_", …`.
_CPP_ROW = re.compile(r"\{\s*(absl::StrCat\(\s*)?\"([CNT]_\d+(?:_\w*)?)\"\s*[,)}]")
_STUB = re.compile(r"\bNewStub\s*\(")
_HELPER = re.compile(r"^\s*#\s*include\s*\"([^\"]+_for_test\.h)\"", re.MULTILINE)
_COMMENT_LINE = re.compile(r"^[ \t]*//[^\n]*", re.MULTILINE)


def calls_contract(root: pathlib.Path, text: str) -> bool:
    """Whether C++ text, or a helper for tests that it includes, calls a service by gRPC."""
    helpers = [read(root, pathlib.PurePosixPath(name)) for name in _HELPER.findall(text)]
    return any(_STUB.search(part) for part in (text, *helpers))


def _cpp_tests(root: pathlib.Path, path: pathlib.PurePosixPath) -> list[Test]:
    text = read(root, path)
    level = "contract" if calls_contract(root, text) else "unit"
    clean = _COMMENT_LINE.sub("", text)
    found = [Test(path, f"{suite}.{case}", level) for suite, case in _CPP_TEST.findall(clean)]
    found += [Test(path, name + ("*" if composed else ""), level, row=True) for composed, name in _CPP_ROW.findall(clean)]
    return [test for test in found if "DISABLED_" not in test.name]


def _skipped(node: ast.AST) -> bool:
    return any("skip" in ast.unparse(decorator) for decorator in node.decorator_list)


def _python_tests(root: pathlib.Path, path: pathlib.PurePosixPath) -> list[Test]:
    level = "scenario" if path.parts[1] in ("scenarios", "chaos") else "unit"
    return [Test(path, f"{suite.name}.{case.name}", level)
            for suite in ast.parse(read(root, path)).body if isinstance(suite, ast.ClassDef) and not _skipped(suite)
            for case in suite.body
            if isinstance(case, ast.FunctionDef) and case.name.startswith("test") and not _skipped(case)]


# Tests of the second reading alone and of the repository show nothing about the program.
_NOT_OF_THE_PROGRAM = ("oracle", "structure")
GOLDEN = pathlib.PurePosixPath("tests/oracle/admission_golden.csv")


def tests_of(root: pathlib.Path) -> list[Test]:
    """All tests whose names name a requirement, in the order of files, and in them as written."""
    found = []
    for path in files_of(root):
        if path.name.endswith(("_test.cc", "_for_test.cc", "_for_test.h")):
            found += _cpp_tests(root, path)
        elif (path.name.endswith("_test.py") and path.parts[0] == "tests" and len(path.parts) == 3
              and path.parts[1] not in _NOT_OF_THE_PROGRAM):
            found += _python_tests(root, path)
    return [test for test in found if numbers_in_name(test.name)]


def golden_rows(root: pathlib.Path) -> list[tuple[Test, list[str]]]:
    """Cases of the second reading whose source names requirements; a unit test asks the program each."""
    return [(Test(GOLDEN, row["name"], "golden", row=True), numbers_in(row["source"]))
            for row in csv.DictReader(io.StringIO(read(root, GOLDEN))) if numbers_in(row["source"])]


# --- Rules ------------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of a table in a service's domain/ that names requirements. A rule can be switched off; others cannot."""
    path: pathlib.PurePosixPath
    id: str
    rule: bool
    land: str
    numbers: tuple[str, ...]
    # First and last day, as written; first None: the table knows no days. Last '': still in force.
    first: str | None
    last: str


def _domain_tables(root: pathlib.Path) -> list[tuple[pathlib.PurePosixPath, list[dict[str, str]]]]:
    return [(path, list(csv.DictReader(io.StringIO(read(root, path))))) for path in files_of(root)
            if path.parts[0] == "services" and len(path.parts) == 4 and path.parts[2] == "domain" and path.suffix == ".csv"]


def rows_of(root: pathlib.Path) -> list[Row]:
    """Rows that name requirements. A row of a policy holds for its Land, and from the day of the policy at the earliest."""
    tables = _domain_tables(root)
    since = {(path.parent, row["id"]): row["valid_from"] for path, rows in tables if path.name == "policies.csv"
             for row in rows if row.get("valid_from")}
    found = []
    for path, rows in tables:
        for row in rows:
            rule = "tests" in row
            numbers = tuple(numbers_in(row["tests"] if rule else row.get("source") or ""))
            if not numbers:
                continue
            words = row.get("list", row.get("id", "")).split()
            policies = [next((policy for policy in LANDS if policy == word.rpartition("/")[2]), "") for word in words]
            first = row.get("valid_from")
            for policy in dict.fromkeys(policies):
                start = first if first is None else max(first, since.get((path.parent, policy), ""))
                found.append(Row(path, next(iter(row.values())), rule, LANDS.get(policy, FEDERAL), numbers, start,
                                 row.get("valid_to") or ""))
    return found


def mutations(root: pathlib.Path) -> list[tuple[str, list[str], str]]:
    """Rule, requirements it serves, result of the last `tests/run --mutate`."""
    return [(row["rule"], numbers_in(row["requirements"]), row["result"])
            for row in csv.DictReader(io.StringIO(read(root, MUTATION)))]


def days(rows: list[Row]) -> str:
    """`2018-01-01.. (2020-01-01 2021-07-01)`: the whole period, and in it the days on which a row begins or has ended."""
    if not rows:
        return "–"
    ends = ["" if not row.last else str(datetime.date.fromisoformat(row.last) + datetime.timedelta(1)) for row in rows]
    first = min(row.first for row in rows)
    last = "" if any(not row.last for row in rows) else max(row.last for row in rows)
    after_last = "" if not last else str(datetime.date.fromisoformat(last) + datetime.timedelta(1))
    changes = sorted({row.first for row in rows}.union(ends) - {"", first, after_last})
    return f"{first}..{last}" + (f" ({' '.join(changes)})" if changes else "")


# --- The index --------------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Entry:
    """What the repository has of one requirement."""
    requirement: Requirement
    tests: list[Test] = dataclasses.field(default_factory=list)
    rows: list[Row] = dataclasses.field(default_factory=list)
    rules: dict[str, str] = dataclasses.field(default_factory=dict)  # Rule → result of its mutation.

    @property
    def level(self) -> str:
        """The level nearest to users of its tests; empty: none."""
        return max((test.level for test in self.tests), key=LEVELS.index, default="")

    def days_and_lands(self) -> tuple[str, str]:
        """Days and Länder, in the same order."""
        lands = sorted({row.land for row in self.rows}, key=lambda land: (land != FEDERAL, land))
        if not lands:
            return "–", "–"
        dated = [row for row in self.rows if row.first is not None]
        return "; ".join(days([row for row in dated if row.land == land]) for land in lands), "; ".join(lands)

    def mutation(self) -> str:
        """`killed 3, not run 1`."""
        results = list(self.rules.values())
        return ", ".join(f"{result} {results.count(result)}" for result in sorted(set(results))) or "–"


def entries(root: pathlib.Path) -> list[Entry]:
    """One for each requirement, in the order of the table. Numbers that are none are left to the check of names."""
    found = {number: Entry(requirement) for number, requirement in requirements(root).items()}
    for test in tests_of(root):
        for number in numbers_in_name(test.name):
            if number in found:
                found[number].tests.append(test)
    for test, numbers in golden_rows(root):
        for number in numbers:
            if number in found:
                found[number].tests.append(test)
    results = mutations(root)
    result_of = {rule: result for rule, _, result in results}
    rows = rows_of(root)
    for row in rows:
        for number in row.numbers:
            if number in found:
                found[number].rows.append(row)
                if row.rule:
                    found[number].rules[row.id] = result_of.get(row.id, "not run")
    tabled = {row.id for row in rows if row.rule}
    for rule, numbers, result in results:  # Of rules that stand in no table: those of the protocol.
        for number in numbers:
            if number in found and rule not in tabled:
                found[number].rules[rule] = result
    return list(found.values())


def unknown_numbers(root: pathlib.Path) -> list[str]:
    """Names of tests, and rows of rules and of mutations, whose number is of no requirement."""
    known = requirements(root)
    named = [(test.path, test.name, numbers_in_name(test.name)) for test in tests_of(root)]
    named += [(test.path, test.name, numbers) for test, numbers in golden_rows(root)]
    named += [(row.path, row.id, row.numbers) for row in rows_of(root)]
    named += [(MUTATION, rule, numbers) for rule, numbers, _ in mutations(root)]
    return [f"{path}: {name} names {number}, which is no requirement"
            for path, name, numbers in dict.fromkeys((path, name, tuple(numbers)) for path, name, numbers in named)
            for number in numbers if number not in known]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, MAX_LINE, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _tests_section(entry: Entry) -> list[str]:
    lines = [f"### {entry.requirement.id}", ""]
    for path, level in dict.fromkeys((test.path, test.level) for test in entry.tests):
        names = {row: list(dict.fromkeys(f"`{test.name}`" for test in entry.tests if test.path == path and test.row == row))
                 for row in (False, True)}
        parts = [", ".join(names[False])] if names[False] else []
        parts += [f"rows {', '.join(names[True])}"] if names[True] else []
        lines += _wrapped(f"* {level}, `{path}`: {'; '.join(parts)}")
    for result in sorted(set(entry.rules.values())):
        rules = [f"`{rule}`" for rule, its in entry.rules.items() if its == result]
        lines += _wrapped(f"* rules, {result}: {', '.join(rules)}")
    return [*lines, ""]


_HEAD = """\
# Requirements and their tests

Made by `tests/requirements/generate` and checked by `tests/run --only structure`; do not edit. It lists what is there;
that it passes, `tests/run` shows, which runs every test named here.

A requirement is done when a test named after its number exercises it through a public gRPC contract.

* **level**: the test nearest to users among those that bear the requirement's number in their name. *scenario*: nodes and
  the command line as processes. *contract*: a public gRPC contract, of a service or of whole nodes in one process; told by
  the file, which makes a stub. *unit*: functions. *golden*: only rows of the second reading, which a unit test asks the
  program. One test sets the level; whether it shows every part of the requirement, only reading tells.
* **tests**: how many cases and rows bear its number; their names are below.
* **days**: when the rows of rules that serve it hold; in brackets, days on which one begins or has ended. **Land**: in the
  same order; Bund is what no policy of a Land says. "–": no row of a table names it, or the table knows no days.
* **mutation**: of the rules that serve it, how many a test misses when they are off (`tests/run --mutate`).
"""


def index_of(root: pathlib.Path) -> str:
    """The text of tests/requirements.md."""
    found = entries(root)
    levels = [entry.level for entry in found]
    rules = {rule: result for entry in found for rule, result in entry.rules.items()}
    count = {level: levels.count(level) for level in (*LEVELS, "")}
    lines = [_HEAD, "| requirements | |", "| --- | ---: |"]
    lines += [f"| {name} | {number} |" for name, number in (
        ("done: with a scenario", count["scenario"]),
        ("done: with a test of a contract, no scenario", count["contract"]), ("with unit tests only", count["unit"]), ("with golden rows only", count["golden"]), ("none yet", count[""]),
        ("all", len(found)))]
    lines += [""]
    results = list(rules.values())
    lines += ["Rules that serve them: " + (", ".join(f"{results.count(result)} {result}" for result in sorted(set(results)))
                                           or "none") + ".", ""]
    lines += ["| id | force | requirement | level | tests | days | Land | mutation |",
              "| --- | --- | --- | --- | ---: | --- | --- | --- |"]
    for entry in found:
        row_days, lands = entry.days_and_lands()
        cells = (entry.requirement.id, entry.requirement.force, sentence(entry.requirement.text),
                 entry.level or "none yet", str(len(set(entry.tests))), row_days, lands, entry.mutation())
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    lines += ["", "## Tests by requirement", ""]
    for entry in found:
        if entry.tests or entry.rules:
            lines += _tests_section(entry)
    return "\n".join(lines).rstrip("\n") + "\n"
