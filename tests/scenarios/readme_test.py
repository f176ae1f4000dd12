#!/usr/bin/env python3
"""Every command that README.md shows does what it says: each block of shell runs, in order, against a running network.

A block of shell is fenced by ```sh. One that follows a comment `<!-- not run: reason -->` is counted, not run. The lines
that build and test all of it (`tests/run`, `deploy/demo`, `cmake --preset`) are what tests/run itself does; they are left
out of their blocks.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from node_process import BIN, ROOT, environment

BLOCK = re.compile(r"(?:^<!--\s*not run:(?P<reason>[^\n]*?)-->\s*\n)?^```sh\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"^\s*(?:\./)?(?:tests/run|deploy/demo|cmake --preset)\b")


def blocks(text):
    """Of a README: [(line, commands, reason why it is not run or "")]."""
    found = []
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        commands = "".join(line for line in match.group("text").splitlines(True) if not ELSEWHERE.match(line))
        found.append((line, commands, (match.group("reason") or "").strip()))
    return found


class Readme(unittest.TestCase):
    """README.md as it is now."""

    @classmethod
    def setUpClass(cls):
        cls.blocks = blocks((ROOT / "README.md").read_text(encoding="utf-8"))

    def test_commands_run(self):
        run = [(line, commands) for line, commands, reason in self.blocks if not reason and commands.strip()]
        if not run:
            self.fail("README.md shows no command")
        with tempfile.TemporaryDirectory(prefix="teilhabe-readme.") as folder:
            # A copy of the tree as a reader has it after `deploy/demo --keep`, in which commands may write what they like.
            home = pathlib.Path(folder, "home")
            home.mkdir()
            for path in ROOT.iterdir():
                if path.name not in ("build", ".git"):
                    (home / path.name).symlink_to(path)
            (home / "build" / "release").mkdir(parents=True)
            (home / "build" / "release" / "bin").symlink_to(BIN)
            env = environment(TEILHABE_BASE_PORT="0", PATH=f"{BIN}:{os.environ['PATH']}")
            subprocess.run([BIN / "teilhabe", "network", "up", "deploy/network/demonstration"], cwd=home, env=env, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for line, commands in run:
                with self.subTest(f"README.md:{line}"):
                    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=home, env=env,
                                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                                          check=False)
                    self.assertEqual(done.returncode, 0, f"{commands}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
            for state in (home / "build").glob("*/members"):
                subprocess.run([BIN / "teilhabe", "--state", state.parent, "network", "down"], cwd=home, env=env,
                               check=True, stdout=subprocess.DEVNULL)

    def test_what_is_not_run_says_why(self):
        left_out = [line for line, _, reason in self.blocks if reason]
        self.assertLess(len(left_out), max(2, len(self.blocks)), "everything is left out")
        print(f"{len(self.blocks)} blocks, {len(left_out)} not run")

    def test_first_lines_are_the_demo_and_the_tests(self):
        lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        commands = [line for line in lines if ELSEWHERE.match(line)]
        self.assertEqual([ELSEWHERE.match(line).group().strip() for line in commands[:2]], ["deploy/demo", "tests/run"])


class Blocks(unittest.TestCase):
    """The reader of blocks itself."""

    def test_finds_and_leaves_out(self):
        text = ("```sh\ndeploy/demo\ntests/run\necho a\n```\n\n<!-- not run: needs a browser -->\n```sh\necho b\n```\n"
                "```\nno shell\n```\n```sh\ntests/run --only dev\n```\n")
        self.assertEqual(blocks(text), [(2, "echo a\n", ""), (9, "echo b\n", "needs a browser"), (15, "", "")])


if __name__ == "__main__":
    unittest.main()
