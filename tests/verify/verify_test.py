#!/usr/bin/env python3
"""Tests of the verifier of evidence files: what holds is verified, every fault is found, every bit counts."""

import base64
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# pylint: disable=wrong-import-position
import contracts
import fault_table
import file_faults  # pylint: disable=unused-import  # Its rows.
import log_faults  # pylint: disable=unused-import
import report
import rules
import stories
from builder import Key, Network, date, encode, field, instant
from evidence import verify
from keys import load_trust
from wire import read

ROOT = HERE.parents[1]


def trusting(network: Network):
    """What a verifier of the network trusts, through its two files."""
    with tempfile.TemporaryDirectory(prefix="teilhabe-verify.") as folder:
        trust, ca = pathlib.Path(folder, "trust.json"), pathlib.Path(folder, "network-ca.pem")
        trust.write_text(network.trust_json(), encoding="utf-8")
        ca.write_bytes(network.ca_pem())
        return load_trust(str(trust), str(ca))


class Contracts(unittest.TestCase):
    """The tables say what the .proto files say."""

    FILES = ("proto/teilhabe/dossier/v1/event.proto", "proto/teilhabe/dossier/v1/statement.proto",
             "proto/teilhabe/dossier/v1/section.proto", "proto/teilhabe/dossier/v1/evidence.proto",
             "proto/teilhabe/trust/v1/signature.proto", "proto/teilhabe/trust/v1/directory.proto",
             "proto/third_party/google/type/date.proto")
    # Message of the contracts that no evidence file holds.
    ELSEWHERE = {"AttachmentChunk"}

    def setUp(self):
        self.text = "".join(re.sub(r"//[^\n]*", "", (ROOT / path).read_text(encoding="utf-8")) for path in self.FILES)

    def test_messages_are_those_of_the_contracts(self):
        found = {}
        for name, body in re.findall(r"^message (\w+) \{(.*?)^\}", self.text, re.MULTILINE | re.DOTALL):
            fields, oneof = {}, ""
            for opened, repeated, kind, field_name, number, closed in re.findall(
                    r"oneof (\w+) \{|(repeated )?([\w.]+) (\w+) = (\d+);|(\})", body):
                oneof = opened or ("" if closed else oneof)
                if number:
                    fields[int(number)] = contracts.Field(int(number), kind.rpartition(".")[2], field_name,
                                                          bool(repeated), oneof)
            found[name] = fields
        for name in self.ELSEWHERE:
            del found[name]
        mine = {name: fields for name, fields in contracts.MESSAGES.items() if name != "Timestamp"}
        self.assertEqual(found, mine)
        self.assertEqual(list(contracts.MESSAGES["Timestamp"].values()), [
            contracts.Field(1, "int64", "seconds", False, ""), contracts.Field(2, "int32", "nanos", False, "")])

    def test_enumerations_are_those_of_the_contracts(self):
        found = {}
        for name, body in re.findall(r"^enum (\w+) \{(.*?)^\}", self.text, re.MULTILINE | re.DOTALL):
            values = re.findall(r"(\w+) = (\d+);", body)
            self.assertEqual([int(number) for _, number in values], list(range(len(values))), name)
            prefix = re.sub(r"(?<=.)([A-Z])", r"_\1", name).upper() + "_"
            found[name] = tuple(value.removeprefix(prefix) for value, _ in values[1:])
        self.assertEqual(found, contracts.ENUMS)


class Holds(unittest.TestCase):
    """Files in which nothing is wrong."""

    def assert_verified(self, data: bytes, network: Network, **how):
        result = verify(data, trusting(network), **how)
        self.assertEqual(result.faults, [])
        return report.table(result)

    def test_every_kind_of_event_and_statement(self):
        case = stories.full()
        content = self.assert_verified(case.file("epsilon"), case.network)
        self.assertEqual({event["kind"] for event in content["events"]}, set(contracts.ENUMS["EventKind"]))
        details = {each.name for each in contracts.MESSAGES["StatementHeader"].values() if each.oneof}
        self.assertEqual({statement["kind"] for statement in content["statements"]}, details)
        self.assertEqual(len(content["embedded_statements"]), 6)
        self.assertEqual([(row["epoch"], row["holder"], row["first_event"], row["last_event"])
                          for row in content["holders"]],
                         [(0, "alpha", 1, 7), (1, "beta", 8, 10), (2, "gamma", 11, 12), (3, "delta", 13, 24),
                          (4, "epsilon", 25, 26)])
        self.assertEqual(content["open_offer"], {"event": 26, "kind": "OFFERED", "to": "beta", "day": "2026-02-03"})
        self.assertEqual(content["events"][1]["sections"], [
            {"name": "antrag", "category": "PROCEDURE", "present": True},
            {"name": "befund", "category": "MEDICAL", "present": False}])
        receipts = {event["sequence"]: [(row["kind"], row["by"], row["of_event"]) for row in event["receipts"]]
                    for event in content["events"]}
        self.assertEqual(receipts[1], [("eingang", "beta", 7)])
        self.assertEqual(receipts[7], [("eingang", "beta", 7)])
        self.assertEqual(receipts[8], [("wirksam", "alpha", 8)])
        self.assertEqual(receipts[25], [("rejection", "alpha", 25)])
        self.assertEqual(content["head"], case.head.hex())

    def test_every_beginning_of_a_log(self):
        # A log is whole at each moment of its life, and no rule waits for a later event.
        for label in stories.full().labels:
            with self.subTest(label):
                case = stories.full(until=label)
                # A receipt can be of a moment later than the event only where its event is there.
                self.assert_verified(case.file(case.events[-1].header["author"]), case.network)

    def test_without_the_seal_a_strangers_seal_does_not_matter(self):
        case = stories.short()
        data = case.seal(case.evidence("a"), "a", key=Key())
        self.assert_verified(data, case.network, seal=False)
        self.assertTrue(verify(data, trusting(case.network)).faults)

    def test_variants(self):
        case = stories.full()
        network = case.network
        old = Key()
        members = [network.entry(member, signer=old if member == "beta" else None) for member in network.members]
        own = network.certificate("epsilon")
        not_begun = [{"successor": "beta", "day": date("2026-02-04"), "act": "x"}, *network.members["delta"]["successions"]]
        waiting = [network.entry(member, **({"successions": not_begun} if member == "delta" else {}))
                   for member in network.members]
        # 23:00 UTC is midnight in winter, 22:00 in summer.
        winter = {"applied": lambda draft, case: draft.header.update(
            event_day=date("2026-02-04"), recorded_time=instant("2026-02-03T23:00:00"))}
        summer = {"applied": lambda draft, case: draft.header.update(
            event_day=date("2026-07-02"), recorded_time=instant("2026-07-01T22:00:00"))}
        for name, data in {
                "entry signed by the key before": case.file("epsilon", directory=network.directory(members=members)),
                "another succession has not begun": case.file("epsilon", directory=network.directory(members=waiting)),
                "all signers": case.file("epsilon", directory=network.directory(signers=network.signers)),
                "two certificates": case.file("epsilon", certificates=[own, network.certificate("alpha")]),
                "no statements beside the log": case.file("epsilon", statements=[]),
                "day of Berlin, winter": stories.full(tweaks=winter).file("epsilon"),
                "day of Berlin, summer": stories.full(tweaks=summer).file("epsilon")}.items():
            with self.subTest(name):
                content = self.assert_verified(data, network)
                self.assertEqual(content["directory"]["vouched"], ["beta"] if name.startswith("entry") else [])

    def test_what_may_follow(self):
        def insert(label, *events):
            """Events after the one with that label, by its author; the last is the end."""
            def first(case):
                author = case.events[-1].header["author"]
                for number, (kind, content) in enumerate(events):
                    name = f"inserted {number}" if number + 1 < len(events) else "inserted"
                    if kind == "CONTRIBUTION_TAKEN":
                        case.take(name, author, case.statement("mine", "contribution", content, author, {
                            "record": "report", "after_hash": case.head}, listed=False))
                    else:
                        case.event(name, kind, author, content)
            return {"after": {label: first}, "until": "inserted"}

        def state(label, kind, author, to, content):
            return {"after": {label: lambda case: case.statement("inserted", kind, author, to, content(case))}, "until": label}

        def admit(member):
            return "PARTY_ADMITTED", {"member": member, "from_day": date("2026-02-01")}

        def propose(document, version):
            return "JOINT_PROPOSED", {"document": document, "version": version, "signatories": ["alpha"]}

        for name, how in {
                "announced is admitted": insert("announced", admit("beta")),
                "former holder is admitted": insert("on_accepted", admit("alpha")),
                "ended is admitted again": insert("ended", admit("werk")),
                "ended is announced again and ended": insert("ended", ("ANNOUNCED", {"to": "werk"}),
                                                             ("PARTY_ENDED", {"member": "werk"})),
                "former holder ends": insert("on_accepted", ("PARTY_ENDED", {"member": "alpha"})),
                "contribution of one who has ended": insert("ended", ("CONTRIBUTION_TAKEN", "werk")),
                "contribution of the holder": insert("ended", ("CONTRIBUTION_TAKEN", "delta")),
                "versions ascend with a gap": insert("proposed", propose("teilhabeplan", 3), propose("another", 1)),
                "withdrawal by the successor": state("offered_open", "withdrawal", "epsilon", "alpha", lambda case: {
                    "offer_hash": case.head}),
                "contribution by the addressee": state("forwarded", "contribution", "gamma", "beta", lambda case: {
                    "record": "report", "after_hash": case.head}),
                "contribution by the successor": state("on_accepted", "contribution", "epsilon", "delta", lambda case: {
                    "record": "report", "after_hash": case.head}),
                "correction of an event that the file does not hold": state(
                    "ended", "correction", "delta", "werk", lambda case: {
                        "sequence": 30, "name": "x", "reason": "x", "corrected_sequence": 31, "corrected_hash": case.head})}.items():
            with self.subTest(name):
                case = stories.full(**how)
                self.assert_verified(case.file(case.events[-1].header["author"]), case.network)

    def test_text_says_what_an_auditor_asks(self):
        case = stories.full()
        text = "\n".join(report.lines(self.assert_verified(case.file("epsilon"), case.network)))
        for part in ("TRAINING", "epoch 3: delta, events 13 to 24", "Open offer: event 26, OFFERED to beta",
                     "antrag (PROCEDURE) present, befund (MEDICAL) ABSENT", "Wirksam by alpha",
                     "earlier day proved by: Stempel, about event 18", "was not given befund (MEDICAL) of event 2", "VERIFIED: 26 events, 13 statements, no fault"):
            self.assertIn(part, text)


class Faults(unittest.TestCase):
    """Each fault by its rule."""

    def test_each_is_found_by_its_rule(self):
        trust = trusting(stories.network())
        for row in fault_table.ROWS:
            with self.subTest(row.name):
                result = verify(row.make(), trust)
                found = {fault.rule for fault in result.faults}
                (self.assertGreaterEqual if row.at_least else self.assertEqual)(found, row.rules, result.faults)
                self.assertIn("NOT VERIFIED", report.lines(report.table(result))[-1])

    def test_each_rule_has_one_that_breaks_nothing_else(self):
        alone = {rule for row in fault_table.ROWS if len(row.rules) == 1 and not row.at_least for rule in row.rules}
        self.assertEqual(set(rules.RULES) - alone, set())

    def test_names_are_unique(self):
        names = [row.name for row in fault_table.ROWS]
        self.assertEqual(sorted(set(names)), sorted(names))


class Bits(unittest.TestCase):
    """One bit is another in an otherwise good file."""

    # Fields that only the seal protects: nothing in a file says when it was made.
    ONLY_SEALED = (4,)

    @classmethod
    def setUpClass(cls):
        cls.case = stories.short()
        cls.trust = trusting(cls.case.network)
        # All three signers, so that a false signature stands beside enough good ones.
        cls.inner = cls.case.evidence("a", directory=cls.case.network.directory(signers=cls.case.network.signers))
        cls.whole = cls.case.seal(cls.inner, "a")

    def not_found(self, data: bytes, around, **how) -> list[int]:
        """Numbers of the bits that can be flipped unnoticed; `around` puts the changed bytes into a file."""
        self.assertEqual(verify(around(data), self.trust, **how).faults, [])
        changed, missed = bytearray(data), []
        for bit in range(8 * len(data)):
            changed[bit // 8] ^= 1 << bit % 8
            if not verify(around(bytes(changed)), self.trust, **how).faults:
                missed.append(bit)
            changed[bit // 8] ^= 1 << bit % 8
        return missed

    def explain(self, data: bytes, bits: list[int]) -> str:
        return f"bits {bits} of {base64.b64encode(data).decode()}"

    def test_every_bit_of_the_file(self):
        missed = self.not_found(self.whole, lambda data: data)
        self.assertEqual(missed, [], self.explain(self.whole, missed))

    def test_every_bit_inside_without_the_seal(self):
        seal = field(2, encode("Signature", Key().sign("evidence", b"")))
        missed = self.not_found(self.inner, lambda data: field(1, data) + seal, seal=False)
        excepted = set()
        for number in self.ONLY_SEALED:
            content = encode("Timestamp", instant("2026-03-01T12:00:00"))
            start = self.inner.index(field(number, content)) + 2
            excepted |= set(range(8 * start, 8 * (start + len(content))))
        wrong = [bit for bit in missed if bit not in excepted]
        self.assertEqual(wrong, [], self.explain(self.inner, wrong))
        self.assertTrue(missed, "no exception is needed any more")


class Garbage(unittest.TestCase):
    """Whatever the bytes are: a verdict, and never that they hold."""

    def setUp(self):
        self.seed = random.SystemRandom().getrandbits(32)
        self.random = random.Random(self.seed)

    def judge(self, data: bytes, trust):
        for seal in (True, False):
            result = verify(data, trust, seal=seal)
            content = report.table(result)
            json.dumps(content)
            self.assertTrue(all(line.isprintable() for line in report.lines(content)))
            self.assertTrue(result.faults, f"seed {self.seed}")

    def test_every_beginning_of_a_file(self):
        case = stories.short()
        trust, data = trusting(case.network), case.file("a")
        for end in range(0, len(data) - 120, 7):
            self.judge(data[:end], trust)

    def test_random_bytes(self):
        trust = trusting(stories.network())
        for length in range(300):
            self.judge(self.random.randbytes(length), trust)

    def mutated(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self.random.randint(1, 3)):
            at, size = self.random.randrange(len(changed)), self.random.randint(0, 9)
            other = self.random.randrange(len(changed))
            changed[at:at + size] = self.random.choice((
                b"", self.random.randbytes(size), bytes(changed[other:other + 40]), b"\xff" * 10, b"\0"))
        return bytes(changed)

    @staticmethod
    def said(evidence: bytes):
        """What the bytes say, without what only the seal protects; None: they cannot be read."""
        message = read("Evidence", evidence)
        fields = {name: value for name, value in message.fields.items() if name != "exported_time"}
        # Messages that are alike are the same object, because reading has a cache.
        return None if message.broken else fields

    def test_mutated_evidence(self):
        # Inside, so that the messages around stay whole and the rules are reached.
        case = stories.full()
        trust, evidence = trusting(case.network), case.evidence("epsilon")
        said = self.said(evidence)
        for _ in range(300):
            changed = self.mutated(evidence)
            if self.said(changed) != said:
                self.judge(field(1, changed), trust)

    def test_mutated_headers_properly_signed(self):
        # Whoever has a key can sign whatever bytes; each is a fault, and no reason to fall.
        trust = trusting(stories.network())
        for _ in range(150):
            label = self.random.choice(("opened", "applied", "offered", "offer_closed", "accepted", "forwarded_on",
                                        "succeeded", "report_taken", "eingang_offer", "report"))
            case = stories.full(tweaks={label: lambda draft, case: setattr(draft, "rewrite", self.mutated)})
            result = verify(case.file("epsilon"), trust)
            report.lines(report.table(result))

    def test_headers_with_fields_left_out(self):
        trust = trusting(stories.network())
        case = stories.full()
        for label, made in [*zip(case.labels, case.events), *case.statements.items()]:
            for name in made.header:
                def without(draft, _case, name=name):
                    draft.header.pop(name)
                result = verify(stories.full(tweaks={label: without}).file("epsilon"), trust)
                report.lines(report.table(result))
                dated_back = label in ("decided_late", "correction")
                harmless = ("official",) if dated_back else ("official", "backdating_evidence")
                if made.header[name] and name not in harmless:
                    self.assertTrue(result.faults, f"{label} without {name}")


class Command(unittest.TestCase):
    """`verify` as its users call it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="teilhabe-verify.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        case = stories.full()
        cls.write("trust.json", case.network.trust_json().encode())
        cls.write("network-ca.pem", case.network.ca_pem())
        cls.write("good", case.file("epsilon"))
        cls.write("sealed-by-alpha", case.seal(case.evidence("epsilon"), "alpha"))

    @classmethod
    def write(cls, name: str, data: bytes) -> str:
        path = cls.folder / name
        path.write_bytes(data)
        return str(path)

    def run_verify(self, name: str, *more, trust="trust.json", ca="network-ca.pem", **environment):
        done = subprocess.run([HERE / "verify", self.folder / name, "--trust", self.folder / trust, "--ca",
                               self.folder / ca, *more], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              encoding="utf-8", check=False, timeout=60, env=os.environ | environment)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def test_verified(self):
        done = self.run_verify("good")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("VERIFIED: 26 events", done.stdout)

    def test_faults(self):
        done = self.run_verify("sealed-by-alpha")
        self.assertEqual(done.returncode, 1)
        self.assertIn("seal: its signature names another key  [Evidence: seal]", done.stdout)

    def test_inner(self):
        done = self.run_verify("sealed-by-alpha", "--inner")
        self.assertEqual(done.returncode, 0)
        self.assertIn("NOT CHECKED", done.stdout)

    def test_json(self):
        done = self.run_verify("sealed-by-alpha", "--json")
        self.assertEqual(done.returncode, 1)
        content = json.loads(done.stdout)
        self.assertFalse(content["verified"])
        self.assertEqual([fault["rule"] for fault in content["faults"]], ["Evidence: seal"])

    def test_what_the_file_holds_moves_no_terminal(self):
        def tweak(draft, _case):
            draft.header["legal_basis"] = "\x1b[2J\n§ 14\u202e"
        self.write("terminal", stories.full(tweaks={"applied": tweak}).file("epsilon"))
        for environment in ({"LC_ALL": "C.UTF-8"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}):
            done = self.run_verify("terminal", **environment)
            self.assertEqual(done.returncode, 1)
            self.assertNotIn("\x1b", done.stdout)
            self.assertIn("\\x1b[2J\\n", done.stdout)
            self.assertNotIn("\u202e", done.stdout)

    def test_garbage_is_no_evidence(self):
        for name, data in {"empty": b"", "zeros": bytes(1000), "text": b"evidence", "tags": b"\x0a" * 5000}.items():
            with self.subTest(name):
                self.write(name, data)
                self.assertEqual(self.run_verify(name).returncode, 1)

    def test_missing_files(self):
        for arguments in ({"name": "absent"}, {"name": "good", "trust": "absent"}, {"name": "good", "ca": "absent"},
                          {"name": "."}, {"name": "good", "ca": "trust.json"}, {"name": "good", "trust": "good"}):
            with self.subTest(arguments):
                done = self.run_verify(**arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_broken_trust(self):
        good = stories.network().trust()
        rsa_like = good["signers"][0].replace("MFkw", "MFkx")
        for name, content in {
                "list": [], "no network": good | {"network": ""}, "network a number": good | {"network": 1},
                "training a text": good | {"training": "true"}, "threshold 0": good | {"threshold": 0},
                "threshold 4": good | {"threshold": 4}, "threshold true": good | {"threshold": True},
                "no signers": good | {"signers": []}, "signer twice": good | {"signers": good["signers"][:1] * 3},
                "signer that is none": good | {"signers": [*good["signers"][:2], rsa_like]},
                "signer a number": good | {"signers": [1, 2, 3]},
                **{f"without {key}": {name: value for name, value in good.items() if name != key} for key in good}}.items():
            with self.subTest(name):
                self.write("broken.json", json.dumps(content).encode())
                self.assertEqual(self.run_verify("good", trust="broken.json").returncode, 2)
        for text in (b"", b"{", b"\xff", b"[" * 100_000, b'{"training": true, "training": false}'):
            with self.subTest(text[:50]):
                self.write("broken.json", text)
                self.assertEqual(self.run_verify("good", trust="broken.json").returncode, 2)

    def test_another_network_is_not_trusted(self):
        other = Network({"alpha": {}})
        self.write("other.json", other.trust_json().encode())
        self.write("other.pem", other.ca_pem())
        self.assertEqual(self.run_verify("good", trust="other.json").returncode, 1)
        self.assertEqual(self.run_verify("good", ca="other.pem").returncode, 1)


if __name__ == "__main__":
    unittest.main()
