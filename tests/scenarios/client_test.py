#!/usr/bin/env python3
"""The command line itself: help, calls of any method, no node, odd arguments, pipes."""

import concurrent.futures
import json
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from node_process import BIN, Node, as_cli, cli, field_of, reason_of

LOOKUP = ["carrier", "lookup", "--municipality", "05711000", "--stage", "arbeitsbereich", "--date", "2025-03-10"]
TABLE = "municipality,stage,event_day\n05711000,arbeitsbereich,2025-03-10\n"
MESSAGE = json.dumps({"question": {"municipality": "05711000", "stage": 3, "provider_type": 1,
                                   "event_day": {"year": 2025, "month": 3, "day": 10}}})
# One call of each kind; the batch reads TABLE from standard input.
EVERY_CALL = [LOOKUP, ["carrier", "facts"], ["carrier", "rules"], ["carrier", "batch", "-"],
              ["rpc", "DetermineCompetence", MESSAGE], ["rpc", "Check", "{}"]]


class Client(unittest.TestCase):
    """One node for all."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="teilhabe-test.")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.node = Node(cls.folder / "node")

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()
        cls.temporary.cleanup()

    def rpc(self, *arguments, **more):
        return self.node.cli("rpc", *arguments, **more)

    def test_first_screen(self):
        done = cli("--help")
        self.assertEqual(done.returncode, 0)
        self.assertLessEqual(len(done.stdout.splitlines()), 30)
        for word in ("carrier", "rpc", "Examples:", "Exit codes:"):
            self.assertIn(word, done.stdout)

    def test_examples_of_the_help_run(self):
        text = cli("--help").stdout.split("Examples:")[1].split("Exit codes:")[0].replace("\\\n", " ")
        commands = [shlex.split(line) for line in text.splitlines() if line.strip()]
        self.assertGreaterEqual(len(commands), 3)
        (self.folder / "questions.csv").write_text(TABLE)
        for command in commands:
            with self.subTest(" ".join(command)):
                self.assertEqual(command[0], "teilhabe")
                done = self.node.cli(*command[1:], cwd=self.folder)
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "answers.csv").read_text().startswith("municipality,"))

    def test_help_and_version_of_everything(self):
        for words in (["carrier"], ["carrier", "lookup"], ["carrier", "batch"], ["carrier", "facts"],
                      ["carrier", "rules"], ["rpc"]):
            self.assertEqual(cli(*words, "--help").returncode, 0, words)
        self.assertRegex(cli("--version").stdout, r"^teilhabe \d+\.\d+\.\d+\n$")

    def test_wrong_calls(self):
        for words, says in (([], "required"), (["carier"], "did you mean carrier?"), (["carrier"], "required"),
                            (["carrier", "lookp"], "did you mean lookup?"), (LOOKUP[:4], "required"),
                            ([*LOOKUP, "--timeout", "nan"], "--timeout"), ([*LOOKUP, "--timeout", "0"], "--timeout"),
                            ([*LOOKUP, "--timeout", "-1"], "--timeout"), ([*LOOKUP, "--timeout", "1e99"], "--timeout"),
                            ([*LOOKUP, "--timeout", ""], "--timeout"), ([*LOOKUP, "--node", ""], "--node"),
                            ([*LOOKUP, "--node", "7400"], "--node"), ([*LOOKUP, "--node", "127.0.0.1:99999"], "--node"),
                            ([*LOOKUP, "--output", "xml"], "--output"), ([*LOOKUP, "extra"], "extra"),
                            (["carrier", "batch"], "input"),
                            (["rpc", "ListFacts", "{}", "--output", "csv"], "JSON only")):
            with self.subTest(words):
                done = cli(*words)
                self.assertEqual((done.returncode, reason_of(done), done.stdout), (2, "CALL_INVALID", ""), done.stderr)
                self.assertIn(says, done.stderr)

    def test_nobody_there(self):
        with socket.socket() as taken:  # Bound, not listening.
            taken.bind(("127.0.0.1", 0))
            for call in EVERY_CALL:
                with self.subTest(call):
                    done = cli(*call, node=f"127.0.0.1:{taken.getsockname()[1]}", text=TABLE)
                    self.assertEqual((done.returncode, done.stdout), (5, ""), done.stderr)
                    self.assertTrue(done.stderr.startswith("✗ Unreachable: "), done.stderr)
                    self.assertIn("  Next:  start a node", done.stderr)

    def test_somebody_else_there(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            def answer():
                while True:
                    try:
                        caller, _ = server.accept()
                    except OSError:
                        return
                    with caller:
                        caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            for call in EVERY_CALL:
                with self.subTest(call):
                    done = cli("--timeout", "5", *call, node=f"127.0.0.1:{server.getsockname()[1]}", text=TABLE)
                    self.assertEqual((done.returncode, done.stdout), (5, ""), done.stderr)
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)

    def test_node_that_does_not_answer(self):
        with tempfile.TemporaryDirectory(prefix="teilhabe-test.") as folder, Node(folder) as node:
            node.process.send_signal(signal.SIGSTOP)
            for call in EVERY_CALL:
                with self.subTest(call):
                    start = time.monotonic()
                    done = node.cli("--timeout", "0.3", *call, text=TABLE)
                    self.assertEqual((done.returncode, done.stdout), (5, ""), done.stderr)
                    self.assertLess(time.monotonic() - start, 10)
            node.process.send_signal(signal.SIGCONT)
            self.assertEqual(node.cli(*LOOKUP).returncode, 0)

    def test_short_timeout_is_enough_for_a_node_that_answers(self):
        for call in EVERY_CALL:
            with self.subTest(call):
                done = self.node.cli("--timeout", "5", *call, text=TABLE)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_proxy_is_asked(self):
        proxies = {name: "http://127.0.0.1:1" for name in ("http_proxy", "https_proxy", "grpc_proxy")}
        self.assertEqual(self.node.cli(*LOOKUP, env=proxies).returncode, 0)

    def test_every_format(self):
        for call in EVERY_CALL[:3]:
            for form in ("table", "json", "csv"):
                with self.subTest((call, form)):
                    done = self.node.cli(*call, "--output", form)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertTrue(done.stdout.endswith("\n"))
                    if form == "json":
                        json.loads(done.stdout)
                    self.assertNotIn("Next:", done.stdout)  # For people at a terminal only.

    def test_rpc_unary_and_stream(self):
        done = self.rpc("teilhabe.carriers.v1.CarriersService/DetermineCompetence", MESSAGE)
        self.assertEqual(json.loads(done.stdout)["competence"]["outcome"], "OUTCOME_UNDETERMINED")
        one = json.loads(MESSAGE)["question"]
        stream = [{"batch_id": "1", "questions": [one]}, {"batch_id": "2", "questions": [one, {}]}]
        done = self.rpc("DetermineCompetenceBatch", json.dumps(stream))
        self.assertEqual(done.returncode, 0, done.stderr)
        answers = json.loads("[" + re.sub(r"^}\n{", "},{", done.stdout, flags=re.MULTILINE) + "]")
        self.assertEqual([(answer["batch_id"], len(answer["answers"])) for answer in answers], [("1", 1), ("2", 2)])
        error = answers[1]["answers"][1]["error"]
        self.assertEqual((error["code"], error["details"][0]["reason"]), (3, "FIELD_REQUIRED"))
        self.assertEqual(self.rpc("DetermineCompetence", "-", text=MESSAGE).returncode, 0)

    def test_rpc_refusals(self):
        for arguments, reason, name in (
                (["DetermineCompetence", "{"], "JSON_INVALID", "json"),
                (["DetermineCompetence", ""], "JSON_INVALID", "json"),
                (["DetermineCompetence", "[{},{}]"], "JSON_INVALID", "json"),
                (["DetermineCompetence", '{"nope":1}'], "JSON_INVALID", "json"),
                (["DetermineCompetnce", "{}"], "METHOD_UNKNOWN", "method"),
                (["", "{}"], "METHOD_UNKNOWN", "method"),
                ([], "METHOD_UNKNOWN", "method"),
                (["DetermineCompetenceBatch", '{"questions":[]}'], "BATCH_SIZE", "questions")):
            with self.subTest(arguments):
                done = self.rpc(*arguments)
                self.assertEqual((done.returncode, reason_of(done), field_of(done), done.stdout), (2, reason, name, ""),
                                 done.stderr)
        self.assertIn("did you mean DetermineCompetence?", self.rpc("DetermineCompetnce").stderr)
        deep = self.rpc("DetermineCompetenceBatch", "-", text="[" * 300_000 + "]" * 300_000)
        self.assertEqual((deep.returncode, reason_of(deep)), (2, "JSON_INVALID"))
        latin1 = self.rpc("DetermineCompetence", "-", data='{"question":{"municipality":"Köln"}}'.encode("latin-1"))
        self.assertEqual((latin1.returncode, reason_of(latin1)), (2, "JSON_INVALID"))

    def test_rpc_list(self):
        methods = cli("rpc", "--list").stdout.split()
        self.assertIn("teilhabe.carriers.v1.CarriersService/DetermineCompetence", methods)
        self.assertIn("grpc.health.v1.Health/Check", methods)

    def test_rpc_watch_shows_what_came_before_the_timeout(self):
        done = self.node.cli("--timeout", "1", "rpc", "Watch", "{}")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (5, {"status": "SERVING"}))

    def test_reader_that_goes(self):
        """As in `teilhabe carrier rules | head -1`: no complaint, and no success either."""
        table = TABLE + TABLE.splitlines()[1] * 1 + "\n"
        for call in (["carrier", "rules"], ["carrier", "batch", "-"]):
            with self.subTest(call), subprocess.Popen(
                    [BIN / "teilhabe", *call], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    env=as_cli(TEILHABE_NODE=self.node.address)) as process:
                process.stdout.close()
                process.stdin.write(table.encode())
                process.stdin.close()
                complaint = process.stderr.read().decode()
                self.assertEqual(process.wait(60), -signal.SIGPIPE)
                self.assertNotIn("✗", complaint)

    def test_full_disk_is_no_success(self):
        for call in (*EVERY_CALL, ["--help"], ["rpc", "--list"]):
            with self.subTest(call), open("/dev/full", "wb") as full:
                done = subprocess.run([BIN / "teilhabe", *call], input=TABLE.encode(), stdout=full,
                                      stderr=subprocess.PIPE, env=as_cli(TEILHABE_NODE=self.node.address),
                                      check=False, timeout=60)
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"[OUTPUT_FAILED]", done.stderr)

    def test_many_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(25) as pool:
            done = list(pool.map(lambda _: self.node.cli(*LOOKUP), range(100)))
        self.assertEqual({(one.returncode, one.stderr) for one in done}, {(0, "")})
        self.assertEqual(len({one.stdout for one in done}), 1)


if __name__ == "__main__":
    unittest.main()
