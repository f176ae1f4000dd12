"""Agencies with nodes of their own and what their systems do with dossiers, for scenarios and chaos."""

import base64
import hashlib
import json
import os
import pathlib
import secrets
import signal
import tempfile
import time

from node_process import BIN, ROOT, environment, reason_of, run

VERIFY = ROOT / "tests/verify/verify"
MEMBERS = ["rd-nrw", "lwl", "lvr"]
DAY = {"year": 2025, "month": 3, "day": 3}
BASIS = "§ 19 Abs. 1 SGB IX"
# Names of sections and the category of each: one of every kind that a case has.
SECTIONS = {"procedure": "PROCEDURE", "identity/p1": "IDENTITY", "contact/p1": "CONTACT", "needs/p1": "NEEDS",
            "medical/p1": "MEDICAL", "plan/p1": "PLAN", "course/p1": "COURSE", "money/p1": "MONEY"}


def b64(data):
    return base64.b64encode(data).decode()


class Network:
    """Agencies of a training network, each a process."""

    def __init__(self, members=tuple(MEMBERS), start=None):
        self.folder = tempfile.TemporaryDirectory(prefix="teilhabe-dossier.")
        self.root = pathlib.Path(self.folder.name)
        self.state = self.root / "state"
        folder = self.root / "start"
        folder.mkdir()
        (folder / "network.json").write_text(json.dumps(start or {
            "network": "schulung-test", "training": True,
            "members": [{"id": member, "kind": "agency"} for member in members]}))
        up = self.cli("network", "up", folder)
        assert up.returncode == 0, up.stderr

    def cli(self, *arguments):
        return run(BIN / "teilhabe", *arguments,
                   env=environment(TEILHABE_STATE=str(self.state), TEILHABE_BASE_PORT="0"), timeout=120)

    def home(self, member):
        return self.state / "members" / member

    def process(self, member):
        return int((self.home(member) / "node.pid").read_text())

    def runs(self, member):
        command = pathlib.Path(f"/proc/{self.process(member)}/cmdline")  # Empty: ended, and not waited for yet.
        return command.exists() and bool(command.read_bytes())

    def kill(self, member):
        """SIGKILL, and wait until it is gone."""
        os.kill(self.process(member), signal.SIGKILL)
        while self.runs(member):
            pass

    def restart(self):
        """Starts what does not run; the nodes find each other again by themselves."""
        up = self.cli("network", "up", self.root / "start")
        assert up.returncode == 0, up.stderr

    def close(self):
        self.cli("network", "down")
        self.folder.cleanup()


class Agency:
    """What the systems of one agency do at its own node."""

    def __init__(self, network, member):
        self.network = network
        self.member = member

    def call(self, method, expected="", **request):
        done = self.network.cli("--as", self.member, "rpc", "DossierService/" + method, json.dumps(request))
        assert reason_of(done) == expected, (method, done.stdout, done.stderr)
        return json.loads(done.stdout) if not expected else None

    def state(self, dossier):
        return self.call("GetDossier", dossier=dossier)

    def open(self, sections=()):
        dossier = secrets.token_hex(16)
        self.call("OpenDossier", dossier=dossier, request_id="open", draft={
            "header": {"class": "DOSSIER_CLASS_CASE", "event_day": DAY, "legal_basis": BASIS,
                       "backdating_evidence": "Eingangsstempel"},
            "sections": [section(name) for name in sections]})
        return dossier

    def append(self, dossier, kind, detail=None, expected="", record="", sections=()):
        header = {"kind": "EVENT_KIND_" + kind, "event_day": DAY, "legal_basis": BASIS, "record": record,
                  "backdating_evidence": "Aktenvermerk", **(detail or {})}
        return self.call("AppendEvent", expected, dossier=dossier, request_id=secrets.token_hex(8),
                         expected_head=self.state(dossier)["log"]["head"],
                         draft={"header": header, "sections": [section(name) for name in sections]})

    def apply(self, dossier):
        self.append(dossier, "RECORDED", record="application")
        return int(self.state(dossier)["log"]["sequence"])

    def offer(self, dossier, to, categories=(), expected=""):
        grant = {"relation": "next_stage", "categories": ["CATEGORY_" + name for name in categories]}
        if "MEDICAL" in categories:
            grant["medical_basis"] = "§ 76 Abs. 2 Nr. 1 SGB X"
        self.append(dossier, "OFFERED", {"offered": {"to": to, "request_sequence": self.apply(dossier), "grant": grant}},
                    expected)
        return self.state(dossier)["log"].get("offer", {}).get("hash")

    def answer(self, dossier, offer, outcome, expected="", **more):
        return self.call("AnswerOffer", expected, dossier=dossier, request_id=secrets.token_hex(8), offer_hash=offer,
                         outcome="OUTCOME_" + outcome, legal_basis=BASIS, **more)

    def sign(self, dossier, expected="", **header):
        return self.call("SignStatement", expected, dossier=dossier, request_id=secrets.token_hex(8),
                         draft={"header": {"event_day": DAY, "legal_basis": BASIS,
                                           "backdating_evidence": "Aktenvermerk", **header}})

    def events(self, dossier):
        return self.call("ListEvents", dossier=dossier, page_size=1000).get("events", [])

    def reads(self, dossier, sequence, name):
        """The text of a section, or the reason why not."""
        done = self.network.cli("--as", self.member, "rpc", "DossierService/ReadSection", json.dumps(
            {"dossier": dossier, "hash": b64(event_hash(self.events(dossier)[sequence - 1])), "name": name}))
        if done.returncode != 0:
            return reason_of(done)
        return base64.b64decode(json.loads(done.stdout)["payload"]["content"]).decode()


def section(name):
    return {"name": name, "category": "CATEGORY_" + SECTIONS[name],
            "payload": {"type": "text/plain", "content": b64(("Inhalt von " + name).encode())}}


def event_hash(event):
    return hashlib.sha256(b"teilhabe/event/v1\0" + base64.b64decode(event["header"])).digest()


def eventually(check, seconds=20):
    """The nodes deliver by themselves: asks again until it is so."""
    end = time.monotonic() + seconds
    while True:
        try:
            if check():
                return True
        except AssertionError:
            pass
        if time.monotonic() > end:
            return False
