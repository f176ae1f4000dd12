"""The checks: functions over a root folder that return what is wrong, each as one line `file:line: what`."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "requirements"))

import index  # pylint: disable=wrong-import-position
from repository import (  # pylint: disable=wrong-import-position
    code_files, files_of, includes, lines_matching, read, without_comments)

# --- Layers -----------------------------------------------------------------------------------------------------------

# Lowest first; a folder includes itself and the folders before it. The same list stands in common/README.md.
COMMON_LAYERS = ("base", "crypto", "storage", "reference", "law", "audit", "dossier", "trust", "rpc")
# The only folder of services/ that knows the others; gateway and ctl, which are no services either, know none.
KNOWS_ALL = {"node"}


def service_includes(root: pathlib.Path) -> list[str]:
    """A service shares contracts with other services, never code."""
    wrong = []
    for path in code_files(root):
        if path.parts[0] != "services" or len(path.parts) < 3 or path.parts[1] in KNOWS_ALL:
            continue
        for line, name in includes(read(root, path)):
            parts = name.split("/")
            if parts[0] == "services" and parts[1] != path.parts[1]:
                wrong.append(f"{path}:{line}: includes {name}, of another service")
    return wrong


_LINKED_LIBRARY = re.compile(r"teilhabe::(\w+)_(domain|store|service)\b")


def service_links(root: pathlib.Path) -> list[str]:
    """The same for the link lines."""
    wrong = []
    for path in files_of(root):
        if path.parts[0] != "services" or len(path.parts) < 3 or path.name != "CMakeLists.txt":
            continue
        if path.parts[1] in KNOWS_ALL:
            continue
        text = re.sub(r"#[^\n]*", "", read(root, path))
        for line, name in lines_matching(text, _LINKED_LIBRARY):
            if _LINKED_LIBRARY.fullmatch(name).group(1) != path.parts[1]:
                wrong.append(f"{path}:{line}: links {name}, of another service")
    return wrong


def common_layers(root: pathlib.Path) -> list[str]:
    """A folder of common/ includes only itself and lower ones, and no service."""
    wrong = []
    for path in code_files(root):
        if path.parts[0] != "common":
            continue
        folder = path.parts[1]
        if len(path.parts) < 3 or folder not in COMMON_LAYERS:
            wrong.append(f"{path}:1: lies in no layer; layers are {', '.join(COMMON_LAYERS)}")
            continue
        allowed = COMMON_LAYERS[:COMMON_LAYERS.index(folder) + 1]
        for line, name in includes(read(root, path)):
            parts = name.split("/")
            if parts[0] == "services":
                wrong.append(f"{path}:{line}: includes {name}; common knows no service")
            elif parts[0] == "common" and parts[1] not in allowed:
                wrong.append(f"{path}:{line}: includes {name}, which is above {folder}")
    return wrong


_NOT_PURE_INCLUDE = re.compile(r"grpc|google/protobuf/|.*\.pb\.h$|sqlite3|libpq|postgres|thread$|random$")
_NOT_PURE = re.compile(
    r"\bsystem_clock\b|\bsteady_clock\b|\babsl::Now\b|\bstd::j?thread\b|\brandom_device\b|\bgettimeofday\b"
    r"|\bclock_gettime\b|\bstd::time\b|\btime\((?:nullptr|NULL|0)\)")
# A test may read its table from a file.
_INPUT_INCLUDE = re.compile(r"filesystem$|fstream$|sys/|unistd\.h$")
_INPUT = re.compile(r"\b(?:secure_)?getenv\b|\bstd::[io]?fstream\b|\bfopen\b")


def domain_is_pure(root: pathlib.Path) -> list[str]:
    """Rules and use cases know no wire format, no database, no clock, no environment, no threads."""
    wrong = []
    for path in code_files(root):
        if path.parts[0] != "services" or len(path.parts) < 4 or path.parts[2] != "domain":
            continue
        text = read(root, path)
        clean = without_comments(text)
        test = path.stem.endswith("_test")
        wrong += [f"{path}:{line}: includes {name}" for line, name in includes(text)
                  if _NOT_PURE_INCLUDE.match(name) or (not test and _INPUT_INCLUDE.match(name))]
        wrong += [f"{path}:{line}: uses {what}" for line, what in lines_matching(clean, _NOT_PURE)]
        if not test:
            wrong += [f"{path}:{line}: uses {what}" for line, what in lines_matching(clean, _INPUT)]
    return wrong


# --- What is linked ---------------------------------------------------------------------------------------------------

_NODE = re.compile(r'^\s*"(node\d+)" \[ label = "([^"]*)"', re.MULTILINE)
_EDGE = re.compile(r'^\s*"(node\d+)" -> "(node\d+)"', re.MULTILINE)
_FORBIDDEN_TARGET = re.compile(r"grpc|protobuf|protoc\b|sqlite|postgres|libpq|^-?l?pq$", re.IGNORECASE)


def link_graph(root: pathlib.Path) -> dict[str, set[str]]:
    """Target → targets and libraries it links directly, from a configuration of its own."""
    with tempfile.TemporaryDirectory(prefix="teilhabe-graph.") as scratch:
        graph = pathlib.Path(scratch, "graph.dot")
        done = subprocess.run(["cmake", "-S", root, "-B", pathlib.Path(scratch, "build"), "-G", "Ninja", f"--graphviz={graph}"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"cmake failed:\n{done.stdout}\n{done.stderr}")
        text = graph.read_text(encoding="utf-8")
    # A label is the target's name, then perhaps its alias in a second line.
    names = {node: label.split("\\n")[0] for node, label in _NODE.findall(text)}
    edges: dict[str, set[str]] = {name: set() for name in names.values()}
    for source, target in _EDGE.findall(text):
        edges[names[source]].add(names[target])
    return edges


def domain_links(edges: dict[str, set[str]]) -> list[str]:
    """No library of rules reaches gRPC, Protocol Buffers or a database, by however many steps."""
    wrong = []
    for start in sorted(name for name in edges if name.endswith("_domain")):
        paths = {start: start}
        queue = [start]
        while queue:
            here = queue.pop()
            for target in sorted(edges.get(here, ())):
                if target in paths:
                    continue
                paths[target] = f"{paths[here]} → {target}"
                queue.append(target)
                if _FORBIDDEN_TARGET.search(target):
                    wrong.append(f"{paths[target]}")
    return wrong


# --- Documents --------------------------------------------------------------------------------------------------------

_DOCUMENTED = ("common", "services", "proto", "tests", "deploy")
_NO_README_NEEDED = {"third_party", "data", "generated"}


def folders_without_readme(root: pathlib.Path) -> list[str]:
    """Each folder of the top two levels that holds files says in a README what it is for."""
    files = set(files_of(root))
    folders = {path.parent for path in files
               if path.parts[0] in _DOCUMENTED and 1 <= len(path.parent.parts) <= 2
               and not _NO_README_NEEDED & set(path.parent.parts)}
    # A folder that holds only folders is a level of its own too, at the top.
    folders |= {type(path)(path.parts[0]) for path in files if path.parts[0] in _DOCUMENTED and len(path.parts) > 1}
    return [f"{folder}: has no README.md" for folder in sorted(folders) if folder / "README.md" not in files]


_DEPENDENCY_LINE = re.compile(r"^(?:build|test)\s+(\S+)", re.MULTILINE)


def dependencies(root: pathlib.Path) -> list[str]:
    """Names of all packages that the repository asks for."""
    names = _DEPENDENCY_LINE.findall(read(root, pathlib.PurePosixPath("deploy/dependencies.txt")))
    for path in files_of(root):
        if path.name == "package.json" and "node_modules" not in path.parts:
            package = json.loads(read(root, path))
            names += [name for kind in ("dependencies", "devDependencies") for name in package.get(kind, {})]
    return names


def undocumented_dependencies(root: pathlib.Path) -> list[str]:
    """Each package stands in the first column of the table in README.md's section whose heading names dependencies."""
    text = read(root, pathlib.PurePosixPath("README.md"))
    section = re.search(r"^(#+)[^\n]*(?:[Dd]ependenc|Abhängigkeit)[^\n]*\n(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    if section is None:
        return ["README.md: has no section of dependencies"]
    cells = re.findall(r"^\|([^|\n]*)\|", section.group(2), re.MULTILINE)
    named = {word for cell in cells for word in re.split(r"[\s,;`()]+", cell)}
    return [f"README.md: the table of dependencies does not name {name}" for name in dependencies(root) if name not in named]


# --- What must not be there -------------------------------------------------------------------------------------------

_FOREIGN_PATH = re.compile(r"(?<![\w.$}~)-])/(?:work|home|root)/")
_PACKAGE_HOST = re.compile(
    r"(?:https?:)?//[\w.-]*(?:registry|mirror|packages|debian|npm|pypi|artifactory|nexus|proxy)[\w.-]*/|\"resolved\":"
    r"|^\s*(?:@[\w-]+:)?registry\s*=|https?://(?:\d{1,3}\.){3}\d{1,3}", re.MULTILINE | re.IGNORECASE)
_LOOPBACK = re.compile(r"https?://127\.")


def machine_traces(root: pathlib.Path) -> list[str]:
    """No paths of a developer's machine, no addresses of package hosts: the repository works elsewhere too."""
    wrong = []
    for path in files_of(root):
        text = read(root, path)
        if path.parts[0] == "deploy":  # Its comments may speak of where an operator keeps things.
            text = re.sub(r"^\s*#[^\n]*", "", text, flags=re.MULTILINE)
        if path.parts[:2] != ("tests", "structure"):  # These patterns.
            wrong += [f"{path}:{line}: names a package host: {what}" for line, what in lines_matching(text, _PACKAGE_HOST)
                      if not _LOOPBACK.match(what)]
        wrong += [f"{path}:{line}: path of a machine: {what}" for line, what in lines_matching(text, _FOREIGN_PATH)]
    return wrong


_SLEEP = re.compile(r"\bsleep_(?:for|until)\b|\b(?:u|nano)?sleep\s*\(|\bSleepFor\b")


def sleeping_tests(root: pathlib.Path) -> list[str]:
    """Tests advance a fake clock or wait for a notification with a deadline; they never sleep."""
    return [f"{path}:{line}: sleeps: {what}" for path in code_files(root)
            if path.name.endswith(("_test.cc", "_test.h", "_testing.h", "_testing.cc")) or path.parts[0] == "tests"
            for line, what in lines_matching(without_comments(read(root, path)), _SLEEP)]


MAX_LINES = 600
_SOURCE_SUFFIXES = {".cc", ".h", ".py", ".proto", ".cmake", ".sh", ".js", ".S", ".sql"}


def long_files(root: pathlib.Path) -> list[str]:
    """A file that nobody reads through hides two files."""
    wrong = []
    for path in files_of(root):
        if {"third_party", "data", "generated"} & set(path.parts):
            continue
        text = read(root, path)
        source = path.suffix in _SOURCE_SUFFIXES or path.name == "CMakeLists.txt" or text.startswith("#!")
        lines = text.count("\n")
        if source and lines > MAX_LINES:
            wrong.append(f"{path}: has {lines} lines, more than {MAX_LINES}")
    return wrong


# --- Threats ----------------------------------------------------------------------------------------------------------

_THREAT_ROW = re.compile(r"^\| (\d+) \|(.*)\|([^|\n]*)\|$", re.MULTILINE)
THREATS = 80


def threat_table(root: pathlib.Path) -> list[str]:
    """SECURITY.md keeps every row, in order, and each test it names exists."""
    text = read(root, pathlib.PurePosixPath("SECURITY.md"))
    rows = _THREAT_ROW.findall(text)
    wrong = []
    numbers = [int(number) for number, _, _ in rows]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < THREATS:
        wrong.append(f"SECURITY.md: rows are not 1 to at least {THREATS}, each once and in order")
    tests = "\n".join(read(root, path) for path in files_of(root)
                      if path.name.endswith(("_test.cc", "_test.py")) or path.parts[:2] == ("tests", "structure"))
    for number, _, shown in rows:
        for name in re.findall(r"`([^`]+)`", shown):
            suite, _, case = name.partition(".")
            pattern = (rf"\bTEST(?:_F|_P)?\(\s*{re.escape(suite)}\s*,\s*{re.escape(case)}\s*\)"
                       if case and not case.startswith("test_") else rf"\b{re.escape(case or suite)}\b")
            if not re.search(pattern, tests):
                wrong.append(f"SECURITY.md: row {number} names {name}, which is no test")
        if not shown.strip():
            wrong.append(f"SECURITY.md: row {number} does not say what shows it; say 'later' where nothing does yet")
    return wrong


# --- Requirements -----------------------------------------------------------------------------------------------------


def requirement_index(root: pathlib.Path) -> list[str]:
    """tests/requirements.md is what its generator makes."""
    if read(root, index.INDEX) == index.index_of(root):
        return []
    return [f"{index.INDEX}: is not what the generator makes now; write it with tests/requirements/generate"]


def requirement_numbers(root: pathlib.Path) -> list[str]:
    """A test, a rule or a mutation that names a requirement names one that there is, and none is there twice."""
    ids = re.findall(r"^([CNT]-\d+),", read(root, index.TABLE), re.MULTILINE)
    twice = [f"{index.TABLE}: {number} is there twice" for number in dict.fromkeys(ids) if ids.count(number) > 1]
    return twice + index.unknown_numbers(root)


def unbuilt_tests(root: pathlib.Path) -> list[str]:
    """A test that no CMakeLists.txt of its folder or above names never runs."""
    lists = {path.parent: re.sub(r"#[^\n]*", "", read(root, path)) for path in files_of(root) if path.name == "CMakeLists.txt"}
    wrong = []
    for path in code_files(root):
        if path.name.endswith("_test.cc") and not any(
                re.search(rf"(?<![\w./-]){re.escape(str(path.relative_to(folder)))}(?![\w./-])", lists.get(folder, ""))
                for folder in path.parents):
            wrong.append(f"{path}: is in no CMakeLists.txt")
    return wrong


# --- Copies -----------------------------------------------------------------------------------------------------------


def copied_contracts(root: pathlib.Path, origin: pathlib.Path = pathlib.Path("/usr/share/grpc-proto")) -> list[str]:
    """What third_party/README.md calls an unchanged copy is one."""
    here = root / "proto" / "third_party"
    return [f"proto/third_party/{path.relative_to(here)}: differs from {origin}"
            for path in sorted(here.glob("grpc/**/*.proto"))
            if (origin / path.relative_to(here)).read_bytes() != path.read_bytes()]
