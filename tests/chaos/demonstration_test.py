#!/usr/bin/env python3
"""Three years of sixty lives while nodes are killed: what comes of them is the same as without."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenarios"))
from node_process import BIN, ROOT, environment  # noqa: E402

START = ROOT / "deploy" / "network" / "demonstration"


class Faults(unittest.TestCase):
    def test_the_summary_is_that_of_a_run_without_faults(self):
        with tempfile.TemporaryDirectory(prefix="teilhabe-faults.") as folder:
            state, out = pathlib.Path(folder, "state"), pathlib.Path(folder, "out")
            env = environment(TEILHABE_STATE=str(state), TEILHABE_BASE_PORT="0")
            self.addCleanup(subprocess.run, [BIN / "teilhabe", "network", "down"], env=env, capture_output=True, check=False)
            subprocess.run([BIN / "teilhabe", "network", "up", START], env=env, check=True, capture_output=True)
            done = subprocess.run(
                [sys.executable, ROOT / "deploy/demonstration/run.py", "--program", BIN / "teilhabe", "--state", state,
                 "--start", START, "--out", out, "--faults"], env=env, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
            kills = int(re.search(r"(\d+) nodes killed and started again", done.stdout).group(1))
            self.assertGreater(kills, 5)
            print(done.stdout.splitlines()[-1], file=sys.stderr)
            made = json.loads((out / "summary.json").read_text(encoding="utf-8"))
            subprocess.run([BIN / "teilhabe", "network", "down"], env=env, check=True, capture_output=True)
        # What a run without faults makes; demo_test compares that.
        without = json.loads((ROOT / "deploy/examples/summary.json").read_text(encoding="utf-8"))
        self.assertEqual(made, without)


if __name__ == "__main__":
    unittest.main()
