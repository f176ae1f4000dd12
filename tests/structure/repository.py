"""What the checks of this folder share: the files of a tree, and text without comments."""

import functools
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]

_NEVER = {".git", "node_modules", "__pycache__"}
CODE_SUFFIXES = (".cc", ".h")


@functools.lru_cache(maxsize=None)
def files_of(root: pathlib.Path) -> tuple[pathlib.PurePosixPath, ...]:
    """Files of the repository at `root`, relative to it: those git knows or would add; without git, all but build/."""
    git = subprocess.run(["git", "-C", root, "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=False)
    if git.returncode == 0 and pathlib.Path(git.stdout.strip()) == root:
        listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                capture_output=True, check=True).stdout.decode("utf-8")
        names = [name for name in listed.split("\0") if name and (root / name).is_file()]
    else:
        names = []
        for folder, below, here in os.walk(root):
            if pathlib.Path(folder) == root and "build" in below:
                below.remove("build")
            below[:] = [name for name in below if name not in _NEVER]
            names += [os.path.relpath(os.path.join(folder, name), root) for name in here]
    return tuple(sorted(pathlib.PurePosixPath(name) for name in names))


def read(root: pathlib.Path, path: pathlib.PurePosixPath) -> str:
    """Text of a file; empty for one that is not there or is not text."""
    try:
        data = (root / path).read_bytes()
        return "" if b"\0" in data else data.decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def code_files(root: pathlib.Path) -> list[pathlib.PurePosixPath]:
    """C++ files of our own."""
    return [path for path in files_of(root) if path.suffix in CODE_SUFFIXES and "third_party" not in path.parts]


_COMMENT_OR_STRING = re.compile(
    r"//[^\n]*|/\*.*?\*/|R\"([^()\\\s]*)\(.*?\)\1\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'", re.DOTALL)


def without_comments(text: str) -> str:
    """C++ text whose comments and strings are blank; lines stay where they are. Includes in quotes are kept."""
    def blank(match: re.Match) -> str:
        before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
        if re.fullmatch(r"\s*#\s*include\s*", before):
            return match.group()
        return "\n" * match.group().count("\n") + " "
    return _COMMENT_OR_STRING.sub(blank, text)


_INCLUDE = re.compile(r"^\s*#\s*include\s*[\"<]([^\">]+)[\">]", re.MULTILINE)


def includes(text: str) -> list[tuple[int, str]]:
    """Line and path of each include."""
    clean = without_comments(text)
    return [(clean.count("\n", 0, match.start(1)) + 1, match.group(1)) for match in _INCLUDE.finditer(clean)]


def lines_matching(text: str, pattern: re.Pattern) -> list[tuple[int, str]]:
    """Line and matched text of each match."""
    return [(text.count("\n", 0, match.start()) + 1, match.group().strip()) for match in pattern.finditer(text)]
