#!/usr/bin/env python3
"""Handovers while either node is killed at random moments: nothing lost, nothing doubled, never two holders."""

import base64
import json
import os
import pathlib
import random
import secrets
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenarios"))

from dossier_network import BASIS, DAY, MEMBERS, Agency, Network, eventually, event_hash  # noqa: E402
from node_process import reason_of  # noqa: E402

FROM, TO = MEMBERS[0], MEMBERS[1]
ABSENT = {"UNAVAILABLE", "UNKNOWN", "NODE_UNREACHABLE", "DEADLINE_EXCEEDED"}


class Killer:
    """Kills one of the nodes once, after a random part of a handover's usual time."""

    def __init__(self, network, random_source, longest):
        victim = random_source.choice((FROM, TO))
        self.timer = threading.Timer(random_source.uniform(0, longest), self.strike, (network, victim))
        self.struck = threading.Event()
        self.timer.start()

    def strike(self, network, victim):
        network.kill(victim)
        self.struck.set()

    def done(self):
        """Whether it has struck; if not, it will no more."""
        self.timer.cancel()
        self.timer.join()
        return self.struck.is_set()


class Insistent(Agency):
    """Repeats each request, with the same id, until a node has answered it; starts nodes that are gone."""

    def call(self, method, expected="", **request):
        while True:
            done = self.network.cli("--as", self.member, "--timeout", "5", "rpc", "DossierService/" + method,
                                    json.dumps(request))
            if done.returncode == 0:
                return json.loads(done.stdout)
            reason = reason_of(done)
            assert done.returncode == 5 or reason in ABSENT or reason == expected, (method, done.stderr)
            if expected and reason == expected:
                return None
            # May be struck while it starts, and is started again.
            self.network.cli("network", "up", self.network.root / "start")


class Kills(unittest.TestCase):
    count = int(os.environ.get("TEILHABE_KILLS", "40"))
    seed = int(os.environ.get("TEILHABE_SEED", "0")) or secrets.randbelow(2**32)

    def setUp(self):
        self.network = Network((FROM, TO))
        self.addCleanup(self.network.close)
        self.ba, self.lwl = Insistent(self.network, FROM), Insistent(self.network, TO)
        self.random = random.Random(self.seed)

    def handover(self):
        """One handover, however often nodes die meanwhile. Returns the dossier and its acknowledged heads."""
        dossier = "%032x" % self.random.getrandbits(128)
        header = {"event_day": DAY, "legal_basis": BASIS, "backdating_evidence": "Eingangsstempel"}
        acknowledged = []

        def write(agency, method, **request):
            answer = agency.call(method, dossier=dossier, **request)["answer"]
            acknowledged.append((int(answer["head"]["sequence"]), answer["head"]["hash"]))
            return answer["head"]["hash"]

        head = write(self.ba, "OpenDossier", request_id="open",
                     draft={"header": {**header, "class": "DOSSIER_CLASS_CASE"}})
        head = write(self.ba, "AppendEvent", request_id="apply", expected_head=head,
                     draft={"header": {**header, "kind": "EVENT_KIND_RECORDED", "record": "application"}})
        offer = write(self.ba, "AppendEvent", request_id="offer", expected_head=head,
                      draft={"header": {**header, "kind": "EVENT_KIND_OFFERED", "offered": {
                          "to": TO, "request_sequence": 2, "grant": {"relation": "next_stage"}}}})
        self.wait(lambda: self.lwl.call("GetDossier", dossier=dossier, expected="DOSSIER_UNKNOWN"),
                  lambda state: state is not None and state.get("standing") == "STANDING_ASKED")
        write(self.lwl, "AnswerOffer", request_id="accept", offer_hash=offer, outcome="OUTCOME_ACCEPTED",
              legal_basis=BASIS)
        # From here on nobody but LWL holds, whatever the other has heard.
        self.assertIn(self.ba.state(dossier).get("standing"), ("STANDING_OFFERED", "STANDING_FOLLOWER"))
        return dossier, acknowledged

    def wait(self, ask, good):
        """Asks until it is good; what has been killed meanwhile is started again, also where nobody asks it."""

        def check():
            if not (self.network.runs(FROM) and self.network.runs(TO)):
                self.network.restart()
            return good(ask())

        self.assertTrue(eventually(check, seconds=60))

    def test_nothing_lost_nothing_doubled_never_two_holders(self):
        print(f"seed {self.seed}, {self.count} kills", flush=True)
        kills, dossiers = 0, {}
        while kills < self.count:
            killer = Killer(self.network, self.random, 0.25)
            try:
                dossier, acknowledged = self.handover()
            finally:
                kills += 1 if killer.done() else 0
            dossiers[dossier] = acknowledged
        self.network.restart()
        for dossier, acknowledged in dossiers.items():
            self.wait(lambda: self.ba.state(dossier), lambda state: state["log"]["holder"] == TO)
            logs = [agency.events(dossier) for agency in (self.ba, self.lwl)]
            self.assertEqual([event["header"] for event in logs[0]], [event["header"] for event in logs[1]])
            self.assertEqual(len(logs[0]), 4, "opened, application, offered, accepted; each once")
            self.assertEqual(self.lwl.state(dossier)["standing"], "STANDING_HOLDER")
            self.assertEqual(self.ba.state(dossier)["standing"], "STANDING_FOLLOWER")
            for sequence, head in acknowledged:
                self.assertEqual(base64.b64encode(event_hash(logs[0][sequence - 1])).decode(), head)
        for agency, peer in ((FROM, TO), (TO, FROM)):
            self.wait(lambda: self.network.cli("--as", agency, "handover", "balance", peer),
                      lambda done: done.returncode == 0)
        print(f"{len(dossiers)} handovers, {kills} kills", flush=True)


if __name__ == "__main__":
    unittest.main()
