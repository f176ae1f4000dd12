#!/usr/bin/env python3
"""A node as its operator sees it: configuration, folders, start and end, health, logs."""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import tempfile
import unittest

import raw_grpc
from node_process import BIN, SOON, Node, as_json, connect, environment, identity, listing, run
from raw_grpc import Connection, field

HEALTH = "/grpc.health.v1.Health/"
CARRIERS = "/teilhabe.carriers.v1.CarriersService/"
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


def question(municipality="05711000", **facts):
    """A CompetenceQuestion; facts by their field number: `f15="drv-westfalen"`."""
    day = field(1, 2025) + field(2, 3) + field(3, 10)
    told = b"".join(field(int(number[1:]), value) for number, value in facts.items())
    return field(1, municipality) + field(2, 3) + field(3, 1) + field(4, day) + (field(7, told) if told else b"")


class Scenario(unittest.TestCase):
    """A folder of its own for each test."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="teilhabe-test.")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def start(self, *arguments, folder="node", **more):
        node = Node(self.folder / folder, *arguments, **more)
        self.addCleanup(node.__exit__)
        return node

    def connect(self, node, **more):
        connection = connect(node.port, **more)
        self.addCleanup(connection.socket.close)
        return connection

    def assert_answers(self, node):
        with connect(node.port) as connection:
            status, _, messages = connection.call(CARRIERS + "DetermineCompetence", field(1, question()))
            self.assertEqual((status, len(messages)), (0, 1))


class Configuration(Scenario):
    """What is wrong is said with reason and field, by the exit code too, and nothing is created."""

    def refused(self, *arguments, program="teilhabe-node", **env):
        done = run(BIN / program, *identity(), *arguments, env=environment(**env), cwd=self.folder)
        lines = [as_json(line) for line in done.stderr.splitlines()]
        self.assertTrue(lines and all(lines), done.stderr)
        self.assertEqual((lines[-1]["event"], lines[-1]["level"]), ("start_refused", "error"))
        return done.returncode, lines[-1]["reason"], lines[-1]["field"]

    def test_wrong_settings(self):
        (self.folder / "treads.toml").write_text("treads = 4\n")
        (self.folder / "type.toml").write_text("threads = \"many\"\n")
        (self.folder / "quote.toml").write_text("data = \"data # 2\"\n")
        (self.folder / "lan.toml").write_text("listen = \"10.0.0.1:7400\"\n")
        before = listing(self.folder)
        for arguments, reason, name in (
                (["--nope"], "CONFIG_INVALID", "arguments"),
                (["serve"], "CONFIG_INVALID", "arguments"),
                (["--threads", "1"], "CONFIG_INVALID", "threads"),
                (["--threads", "many"], "CONFIG_INVALID", "threads"),
                (["--max-message-bytes", "1e6"], "CONFIG_INVALID", "max-message-bytes"),
                (["--reflection", "maybe"], "CONFIG_INVALID", "reflection"),
                (["--config", "none.toml"], "CONFIG_INVALID", "config"),
                (["--config", "treads.toml"], "CONFIG_INVALID", "treads"),
                (["--config", "type.toml"], "CONFIG_INVALID", "threads"),
                (["--config", "quote.toml"], "CONFIG_INVALID", "data"),
                (["--config", "lan.toml"], "LISTEN_NOT_LOOPBACK", "listen"),
                (["--listen", "0.0.0.0:7400"], "LISTEN_NOT_LOOPBACK", "listen"),
                (["--listen", "127.0.0.1.example.com:0"], "LISTEN_NOT_LOOPBACK", "listen"),
                (["--listen", "127.0.0.1"], "LISTEN_INVALID", "listen"),
                (["--listen", "127.0.0.1:70000"], "LISTEN_INVALID", "listen"),
                (["--data", "a", "--journal", "a"], "FOLDERS_NESTED", "journal"),
                (["--data", "a", "--journal", "a/journal"], "FOLDERS_NESTED", "journal"),
                (["--data", "journal/data"], "FOLDERS_NESTED", "journal")):
            with self.subTest(arguments):
                self.assertEqual(self.refused(*arguments), (2, reason, name))
                self.assertEqual(listing(self.folder), before)
        with self.subTest("environment"):
            self.assertEqual(self.refused(TEILHABE_THREADS="0"), (2, "CONFIG_INVALID", "threads"))
            self.assertEqual(self.refused(TEILHABE_LISTEN="lan:1"), (2, "LISTEN_NOT_LOOPBACK", "listen"))
            self.assertEqual(self.refused("--threads", "0", program="carriersd"), (2, "CONFIG_INVALID", "threads"))
            self.assertEqual(listing(self.folder), before)

    def test_folders_of_others(self):
        (self.folder / "foreign").mkdir()
        (self.folder / "foreign" / "thesis.odt").write_text("x")
        (self.folder / "newer").mkdir()
        (self.folder / "newer" / "node.json").write_text('{"format": 99}')
        (self.folder / "broken").mkdir()
        (self.folder / "broken" / "node.json").write_text('{"format": "1"}')
        before = listing(self.folder)
        for name, reason in (("foreign", "DATA_FOLDER_FOREIGN"), ("newer", "DATA_FOLDER_NEWER"),
                             ("broken", "DATA_FOLDER_FOREIGN")):
            with self.subTest(name):
                self.assertEqual(self.refused("--data", name, "--journal", "j", "--listen", "127.0.0.1:0"),
                                 (4, reason, "data"))
                self.assertEqual({path: content for path, content in listing(self.folder).items()
                                  if path not in ("j",) and not path.endswith("/lock")}, before)

    def test_origins_are_shown(self):
        (self.folder / "node.toml").write_text("threads = 8\nreflection = false\n")
        done = run(BIN / "teilhabe-node", "--config", "node.toml", "--listen", "127.0.0.1:0", "--print-config",
                   env=environment(TEILHABE_DATA="elsewhere"), cwd=self.folder)
        self.assertEqual(done.returncode, 0)
        shown = {line.split(None, 2)[0]: line.split(None, 2)[1:] for line in done.stdout.splitlines()
                 if len(line.split(None, 2)) == 3}
        self.assertEqual(shown["listen"], ["127.0.0.1:0", "flag"])
        self.assertEqual(shown["data"], ["elsewhere", "environment TEILHABE_DATA"])
        self.assertEqual(shown["threads"], ["8", "file node.toml"])
        self.assertEqual(shown["reflection"], ["false", "file node.toml"])
        self.assertEqual(shown["journal"], ["journal", "default"])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["node.toml"])

    def test_log_shows_each_setting(self):
        node = self.start("--threads", "8")
        settings = {entry["name"]: entry for entry in map(as_json, node.lines) if entry.get("event") == "setting"}
        self.assertEqual((settings["threads"]["value"], settings["threads"]["origin"]), ("8", "flag"))
        self.assertEqual(settings["max-message-bytes"]["origin"], "default")

    def test_help_and_version(self):
        for program in ("teilhabe-node", "carriersd"):
            self.assertIn("--max-message-bytes", run(BIN / program, "--help", cwd=self.folder).stdout)
            self.assertRegex(run(BIN / program, "--version", cwd=self.folder).stdout, rf"^{program} \d+\.\d+\.\d+\n$")
        self.assertEqual(listing(self.folder), {})


class Life(Scenario):
    """Start, end, and what happens in between."""

    def test_second_process_on_the_folder(self):
        node = self.start()
        done = run(BIN / "carriersd", "--listen", "127.0.0.1:0", "--data", node.data, "--journal", self.folder / "j2",
                   *identity())
        refused = as_json(done.stderr.splitlines()[-1])
        self.assertEqual((done.returncode, refused["reason"], refused["field"]), (4, "DATA_FOLDER_IN_USE", "data"))
        self.assert_answers(node)

    def test_port_taken(self):
        node = self.start()
        done = run(BIN / "teilhabe-node", "--listen", node.address, "--data", self.folder / "d2",
                   "--journal", self.folder / "j2",
                   *identity())
        refused = as_json(done.stderr.splitlines()[-1])
        self.assertEqual((done.returncode, refused["reason"], refused["field"]), (5, "LISTEN_FAILED", "listen"))
        self.assert_answers(node)

    def test_ends_cleanly_and_starts_again(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            node = self.start()
            self.assert_answers(node)
            self.assertEqual(node.stop(number), 0)
            self.assertEqual([as_json(line)["event"] for line in node.lines[-2:]], ["stopping", "stopped"])

    def test_calls_under_way_finish_and_health_says_so_first(self):
        node = self.start()
        watch, batch = self.connect(node), self.connect(node)
        watching = watch.start(HEALTH + "Watch")
        watch.send(watching, b"", last=True)
        self.assertEqual(watch.next_message(watching), SERVING)
        stream = batch.start(CARRIERS + "DetermineCompetenceBatch")
        batch.send(stream, field(2, question()))
        self.assertTrue(batch.next_message(stream))
        node.terminate()
        self.assertEqual(watch.next_message(watching), NOT_SERVING)
        self.assertEqual(watch.finish(watching)[0], 14)
        batch.send(stream, field(2, question()))
        self.assertTrue(batch.next_message(stream))
        batch.half_close(stream)
        self.assertEqual(batch.finish(stream)[0], 0)
        with contextlib.suppress(raw_grpc.CallFailed):  # Answers the farewell until the node closes.
            while True:
                batch.read_frame()
        watch.socket.close()
        self.assertEqual(node.process.wait(SOON), 0)

    def test_a_caller_that_does_not_end_holds_the_end_up_for_ten_seconds_at_most(self):
        node = self.start()
        batch = self.connect(node)
        stream = batch.start(CARRIERS + "DetermineCompetenceBatch")
        batch.send(stream, field(2, question()))
        self.assertTrue(batch.next_message(stream))
        node.terminate()
        node.wait_for("stopping")
        self.assertEqual(node.process.wait(20), 0)

    def test_killed_node_starts_again(self):
        node = self.start()
        node.stop(signal.SIGKILL)
        again = self.start()
        self.assert_answers(again)
        self.assertEqual(again.stop(), 0)

    def test_goes_on_when_nobody_reads_the_log(self):
        folder = self.folder / "unread"
        with subprocess.Popen([BIN / "teilhabe-node", "--listen", "127.0.0.1:0", "--data", folder / "data", "--journal",
                               folder / "journal", *identity()], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env=environment()) as process:
            self.addCleanup(process.kill)
            port = next(found.group(1) for line in process.stderr
                        if (found := re.search(rb'"serving".*"port":(\d+)', line)))
            process.stderr.close()
            with connect(int(port)) as connection:
                # Makes it log.
                connection.call(CARRIERS + "DetermineCompetence", field(1, field(1, b"\xff")))
                self.assertEqual(connection.call(HEALTH + "Check", b"")[0], 0)
            process.terminate()
            self.assertEqual(process.wait(SOON), 0)


class Service(Scenario):
    """The port, from the outside."""

    def test_health(self):
        node = self.start()
        connection = self.connect(node)
        self.assertEqual(connection.call(HEALTH + "Check", b""), (0, "", [SERVING]))
        name = field(1, "teilhabe.carriers.v1.CarriersService")
        self.assertEqual(connection.call(HEALTH + "Check", name), (0, "", [SERVING]))
        self.assertEqual(connection.call(HEALTH + "Check", field(1, "nothing"))[0], 5)

    def test_reflection_is_a_switch(self):
        on, off = self.start("--reflection", "true", folder="on"), self.start(folder="off")
        listed = self.connect(on).call(REFLECTION, field(7, ""))
        self.assertEqual(listed[0], 0)
        for service in (b"teilhabe.carriers.v1.CarriersService", b"grpc.health.v1.Health"):
            self.assertIn(service, listed[2][0])
        described = self.connect(on).call(REFLECTION, field(4, "teilhabe.carriers.v1.CarriersService"))
        self.assertIn(b"DetermineCompetenceBatch", described[2][0])
        self.assertEqual(self.connect(off).call(REFLECTION, field(7, ""))[0], 12)

    def test_oversized_messages_are_refused(self):
        node = self.start("--max-message-bytes", "4096")
        connection = self.connect(node)
        for method in ("DetermineCompetence", "DetermineCompetenceBatch"):
            self.assertEqual(connection.call(CARRIERS + method, field(1, b"x" * 5000))[0], 8)
        self.assert_answers(node)

    def test_messages_that_are_none(self):
        node = self.start()
        connection = self.connect(node)
        self.assertEqual(connection.call(CARRIERS + "DetermineCompetence", b"\xff\xff")[0], 13)
        for broken in (b"\xff\xff", field(2, field(1, b"M\xfcnchen"))):
            status, text, _ = connection.call(CARRIERS + "DetermineCompetenceBatch", broken)
            self.assertEqual(status, 3, text)
        self.assertEqual(connection.call(CARRIERS + "Nothing", b"")[0], 12)
        self.assert_answers(node)

    def test_garbage_on_the_port(self):
        node = self.start()
        chance = random.Random(7)
        starts = [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01", raw_grpc.PREFACE,
                  raw_grpc.PREFACE + Connection.frame(raw_grpc.SETTINGS, 0, 0),
                  raw_grpc.PREFACE + Connection.frame(raw_grpc.SETTINGS, 0, 0) + b"\0\xff\xff\1\4\0\0\0\1"]
        for at in range(120):
            garbage = starts[at % len(starts)] + chance.randbytes(chance.randrange(3000))
            with socket.create_connection(("127.0.0.1", node.port), timeout=SOON) as caller, \
                    contextlib.suppress(OSError):
                caller.sendall(garbage)
            with connect(node.port) as encrypted, contextlib.suppress(OSError):
                encrypted.socket.sendall(garbage)
        self.assert_answers(node)
        self.assertEqual(node.stop(), 0)

    def test_two_hundred_callers_at_once(self):
        node = self.start()

        def ask(_):
            with connect(node.port, timeout=SOON) as connection:
                return connection.call(CARRIERS + "DetermineCompetence", field(1, question()))[0]

        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            statuses = list(pool.map(ask, range(200)))
        self.assertLessEqual(set(statuses), {0, 8})  # An agency that calls too often at once is told to wait.
        self.assertGreater(statuses.count(0), 50)
        self.assert_answers(node)
        self.assertEqual(node.stop(), 0)


class Logs(Scenario):
    """Every line is one JSON object, and nothing of a request is in any."""

    CANARY = "Kanarienvogel"

    def test_nothing_of_a_request_is_logged(self):
        node = self.start()
        text = self.CANARY
        texts = {"f6": text, "f7": text, "f15": text, "f16": text, "f17": text}
        questions = [question(text), question(text.encode() + b"\xff"), question("05711000", **texts)]
        questions += [question(text * 999)]
        questions += [question("05711000", **{name: value}) for name, value in texts.items()]
        questions += [question() + field(99, text), field(1, text)]
        batch = b"".join(field(2, asked) for asked in questions if b"\xff" not in asked)
        with connect(node.port) as connection:
            for asked in questions:
                connection.call(CARRIERS + "DetermineCompetence", field(1, asked), [("x-canary", text)])
            connection.call(CARRIERS + "DetermineCompetenceBatch", batch, [("authorization", f"Bearer {text}")])
            connection.call(CARRIERS + "DetermineCompetenceBatch", batch + b"\xff")
            connection.call(CARRIERS + text, b"")
            connection.call(f"/{text}/{text}", b"")
            connection.call(HEALTH + "Check", field(1, text))
        for metadata in ([("x-long", text * 3000)], [("x-bin", f"!{text}!")], [(text.upper(), "x")],
                         [("grpc-timeout", text)], [("content-length", text)], [("x", text.encode() + b"\xff\x01")]):
            with contextlib.suppress(raw_grpc.CallFailed, ConnectionError), connect(node.port) as connection:
                connection.call(HEALTH + "Check", b"", metadata)
        self.assert_answers(node)
        self.assertEqual(node.stop(), 0)
        for line in node.lines:
            entry = as_json(line)
            self.assertLessEqual({"time", "level", "event"}, set(entry), line)
            self.assertRegex(entry["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertNotIn(text.lower(), line.lower())
        self.assertIn("protobuf", {as_json(line)["event"] for line in node.lines})  # What the libraries say, too.


if __name__ == "__main__":
    unittest.main()
