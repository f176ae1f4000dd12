#!/usr/bin/env python3
"""Networks of start folders as processes: both folders up, all green, one clock, and what must not start."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from node_process import BIN, ROOT, environment, reason_of, run

NRW, THUERINGEN = ROOT / "deploy/network/nrw", ROOT / "deploy/network/thueringen"


class Network:
    """A state folder with nodes; all of them are ended with it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="teilhabe-network.")
        self.root = pathlib.Path(self.folder.name)
        self.state = self.root / "state"

    def cli(self, *arguments, **settings):
        return run(BIN / "teilhabe", *arguments,
                   env=environment(TEILHABE_STATE=str(self.state), TEILHABE_BASE_PORT="0", **settings), timeout=120)

    def status(self):
        lines = self.cli("network", "status", "--output", "csv").stdout.splitlines()
        return [line.split(",") for line in lines[1:]]

    def log(self, member):
        return (self.state / "members" / member / "node.log").read_text(encoding="utf-8")

    def close(self):
        if (self.state / "directory.pb").exists():
            self.cli("network", "down")
        self.folder.cleanup()


class BothFolders(unittest.TestCase):
    """North Rhine-Westphalia first, then Thüringen joins the running network."""

    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.first = cls.network.cli("network", "up", NRW)
        cls.second = cls.network.cli("network", "up", THUERINGEN)

    def test_up_and_all_green(self):
        self.assertEqual(self.first.returncode, 0, self.first.stderr)
        self.assertEqual(self.second.returncode, 0, self.second.stderr)
        rows = self.network.status()
        self.assertEqual(len(rows), 16)
        for row in rows:
            self.assertEqual((row[1], row[3], row[4]), ("✓ ok", "15/15", "2"), row)

    def test_up_again_changes_nothing(self):
        before = (self.network.state / "directory.pb").read_bytes()
        again = self.network.cli("network", "up", NRW)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual((self.network.state / "directory.pb").read_bytes(), before)

    def test_clock_reaches_every_node_and_never_goes_back(self):
        before = self.network.cli("network", "clock").stdout.strip()
        moved = self.network.cli("network", "clock", "advance", "30")
        self.assertEqual(moved.returncode, 0, moved.stderr)
        self.assertIn("16 nodes have taken it", moved.stderr)
        day = moved.stdout.strip()
        self.assertGreater(day, before)
        self.assertEqual({row[5] for row in self.network.status()}, {day})
        back = self.network.cli("network", "clock", "set", before)
        self.assertEqual((back.returncode, reason_of(back)), (4, "CLOCK_BACKWARDS"))
        self.assertEqual({row[5] for row in self.network.status()}, {day})

    def test_each_agency_asks_its_own_node(self):
        for agency in ("lwl", "egh-16051", "drv-bund"):
            asked = self.network.cli("--as", agency, "rpc", "NetworkService/GetStatus")
            self.assertEqual(json.loads(asked.stdout)["agency"], agency)
        wrong = self.network.cli("--as", "egh-16051", "--network", NRW, "carrier", "facts")
        self.assertEqual((wrong.returncode, reason_of(wrong)), (3, "MEMBER_UNKNOWN"))
        guest = self.network.cli("--as", "ala-senne", "carrier", "facts")
        self.assertEqual((guest.returncode, reason_of(guest)), (3, "MEMBER_UNKNOWN"))

    def test_one_member_does_not_pass_for_another(self):
        endpoints = {row[0]: row[2] for row in self.network.status()}
        other = self.network.cli("--as", "lwl", "--node", endpoints["lvr"], "carrier", "facts")
        self.assertEqual(other.returncode, 5, other.stderr)
        self.assertIn('"reason":"CERTIFICATE_REFUSED"', self.network.log("lvr"))

    def test_secrets_are_the_owners(self):
        for path in self.network.state.rglob("*.pem"):
            if "key" in path.name or path.parent.name == "signers":
                self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        for path in self.network.state.rglob("context.key"):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_logs_are_json_without_host_name_noise(self):
        for member in ("lwl", "egh-16051"):
            for line in self.network.log(member).splitlines():
                self.assertNotIn("No match found", json.loads(line).get("message", ""))

    def test_a_second_network_is_refused_by_the_first(self):
        other = Network()
        self.addCleanup(other.close)
        start = other.root / "start"
        start.mkdir()
        (start / "network.json").write_text(json.dumps(
            {"network": "schulung", "training": True, "members": [{"id": "lwl", "kind": "agency"}]}))
        self.assertEqual(other.cli("network", "up", start).returncode, 0)
        endpoints = {row[0]: row[2] for row in self.network.status()}
        stranger = other.cli("--as", "lwl", "--node", endpoints["lwl"], "carrier", "facts")
        self.assertEqual(stranger.returncode, 5, stranger.stderr)


class StateFolders(unittest.TestCase):
    """What `network up` finds in a state folder that is not as it left it."""

    def setUp(self):
        self.network = Network()
        self.addCleanup(self.network.close)

    def start(self, *members, name="start"):
        folder = self.network.root / name
        folder.mkdir(exist_ok=True)
        rows = [{"id": member, "kind": "agency"} if isinstance(member, str) else member for member in members]
        (folder / "network.json").write_text(json.dumps({"network": "schulung-test", "training": True, "members": rows}))
        return folder

    def up(self, *members, expected=""):
        done = self.network.cli("network", "up", self.start(*members))
        self.assertEqual(reason_of(done), expected, done.stderr)
        return done

    def test_nothing_is_made_over_nodes_data(self):
        self.up("lwl")
        case = self.network.state / "members/lwl/data/cases.db"
        case.write_text("x")
        directory = self.network.state / "directory.pb"
        old = directory.read_bytes()
        self.up("lwl", "lvr")
        new = directory.read_bytes()
        directory.write_bytes(old)
        self.up("lwl", "lvr", "drv-bund", expected="STATE_DAMAGED")
        directory.unlink()
        self.up("lwl", expected="STATE_DAMAGED")
        directory.write_bytes(new)
        trust = self.network.state / "trust.json"
        kept = trust.read_bytes()
        trust.unlink()
        self.up("lwl", expected="STATE_DAMAGED")
        trust.write_bytes(kept)
        self.up("lwl", "lvr")
        self.assertEqual(case.read_text(), "x")

    def test_members_that_cannot_be(self):
        self.up("lwl")
        body = {"kind": "body", "role": "wfbm", "seat": "05711000", "name": "x"}
        for member in ("..", ".", "-x", "a/b"):
            self.up({"id": member, **body}, expected="START_FOLDER_INVALID")
        self.up("lvr", "lvr", expected="START_FOLDER_INVALID")
        guest = {"id": "g", "kind": "guest", "role": "ala", "name": "x"}
        self.up({**guest, "host": "../../evil"}, expected="START_FOLDER_INVALID")
        self.up({**guest, "host": "nobody"}, expected="HOST_UNKNOWN")
        self.up({"id": "lwl", **body}, expected="MEMBER_DIFFERS")
        self.up("lwl")
        self.assertEqual([row[1] for row in self.network.status()], ["✓ ok"])

    def test_two_commands_at_once_take_turns(self):
        folders = [self.start(member, name=member) for member in ("lwl", "lvr", "drv-bund")]
        env = environment(TEILHABE_STATE=str(self.network.state), TEILHABE_BASE_PORT="0")
        running = [subprocess.Popen([BIN / "teilhabe", "network", "up", folder], env=env, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True) for folder in folders]
        for process in running:
            _, errors = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(len(self.network.status()), 3)

    def test_one_folder_by_another_path_is_the_same(self):
        self.up("lwl")
        alias = self.network.root / "alias"
        alias.symlink_to(self.network.state)
        moved = self.network.cli("--state", str(alias), "network", "clock", "advance", "1")
        self.assertIn("1 nodes have taken it", moved.stderr)

    def test_clock_names_who_did_not_take_it_and_tells_the_others(self):
        self.up("lvr", "lwl")
        process = int((self.network.state / "members/lvr/node.pid").read_text())
        subprocess.run(["kill", "-STOP", str(process)], check=True)
        moved = self.network.cli("network", "clock", "advance", "1")
        subprocess.run(["kill", "-CONT", str(process)], check=True)
        self.assertEqual((moved.returncode, reason_of(moved)), (5, "CLOCK_NOT_TAKEN"))
        self.assertIn("lvr", moved.stderr)
        again = self.network.cli("network", "clock", "set", self.network.cli("network", "clock").stdout.strip())
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(len({row[5] for row in self.network.status()}), 1)
        beyond = self.network.cli("network", "clock", "set", "9999-12-31")
        self.assertEqual((beyond.returncode, reason_of(beyond)), (4, "CLOCK_BEYOND"))


class StartsThatAreRefused(unittest.TestCase):
    """One node's start, made wrong in one way at a time."""

    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        start = cls.network.root / "start"
        start.mkdir()
        (start / "network.json").write_text(json.dumps(
            {"network": "schulung-test", "training": True,
             "members": [{"id": "lwl", "kind": "agency"}, {"id": "lvr", "kind": "agency"}]}))
        cls.start = start
        up = cls.network.cli("network", "up", start)
        assert up.returncode == 0, up.stderr

    def refused(self, *changed, **named):
        """Reason and field with which a start is refused."""
        members = self.network.state / "members"
        settings = {"listen": "127.0.0.1:0", "identity": members / "lwl/identity", "clock": self.network.state / "clock",
                    "data": self.network.root / "data", "journal": self.network.root / "journal", **named}
        done = subprocess.run([BIN / "teilhabe-node"] + [f"--{name}={value}" for name, value in settings.items()
                                                         if value is not None], capture_output=True, text=True,
                              env=environment(), timeout=60, check=False)
        self.assertNotEqual(done.returncode, 0)
        last = json.loads(done.stderr.splitlines()[-1])
        return last["reason"], last["field"]

    def test_data_folder_of_another_agency(self):
        members = self.network.state / "members"
        self.assertEqual(self.refused(data=members / "lvr/data"), ("DATA_FOLDER_OF_ANOTHER", "data"))

    def test_two_nodes_on_one_port_or_folder(self):
        endpoint = {row[0]: row[2] for row in self.network.status()}["lwl"]
        self.assertEqual(self.refused(listen=endpoint), ("LISTEN_FAILED", "listen"))
        members = self.network.state / "members"
        self.assertEqual(self.refused(data=members / "lwl/data"), ("DATA_FOLDER_IN_USE", "data"))

    def test_no_identity_or_one_that_is_no_nodes(self):
        self.assertEqual(self.refused(identity=None), ("CONFIG_INVALID", "identity"))
        self.assertEqual(self.refused(identity=self.network.state / "members/lwl/system/cli"),
                         ("IDENTITY_KIND", "identity"))
        self.assertEqual(self.refused(identity=self.network.root)[0], "KEY_FILE_UNREADABLE")

    def test_no_clock_in_a_training_network(self):
        self.assertEqual(self.refused(clock=None), ("CONFIG_INVALID", "clock"))
        self.assertEqual(self.refused(clock=self.start / "network.json"), ("CLOCK_UNREADABLE", "clock"))

    def test_a_start_folder_that_is_wrong(self):
        for text, field in ((
                "{", "file"), ('{"network": "nrw", "training": true, "members": [{"id": "lwl", "kind": "agency"}]}',
                               "training"), ('{"network": "schulung", "training": true, "members": []}', "members"),
                ('{"network": "schulung", "training": true, "members": [{"id": "lwl", "kind": "boss"}]}',
                 "members.kind")):
            folder = self.network.root / "wrong"
            folder.mkdir(exist_ok=True)
            (folder / "network.json").write_text(text)
            done = self.network.cli("network", "up", folder)
            self.assertEqual((done.returncode, reason_of(done)), (2, "START_FOLDER_INVALID"), text)
            self.assertIn(f"Field: {field}", done.stderr)

    def test_a_state_folder_of_another_network(self):
        done = self.network.cli("network", "up", NRW)
        self.assertEqual((done.returncode, reason_of(done)), (4, "NETWORK_MISMATCH"))

    def test_killed_nodes_come_back(self):
        members = self.network.state / "members"
        process = int((members / "lvr/node.pid").read_text())
        subprocess.run(["kill", "-9", str(process)], check=True)
        up = self.network.cli("network", "up", self.start)
        self.assertEqual(up.returncode, 0, up.stderr)
        self.assertEqual({row[1] for row in self.network.status()}, {"✓ ok"})


if __name__ == "__main__":
    unittest.main()
