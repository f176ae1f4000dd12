#!/usr/bin/env python3
"""Dossiers between real nodes: offered, accepted, handed back, declined, withdrawn, forwarded; who sees what; evidence."""

import json
import unittest

from dossier_network import DAY, MEMBERS, SECTIONS, VERIFY, Agency, Network, b64, eventually
from node_process import reason_of, run

class Dossiers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.ba, cls.lwl, cls.lvr = (Agency(cls.network, member) for member in MEMBERS)

    def same_head(self, dossier, *agencies):
        heads = [agency.state(dossier)["log"]["head"] for agency in agencies]
        return len(set(heads)) == 1

    def arrives(self, dossier, *agencies):
        self.assertTrue(eventually(lambda: self.same_head(dossier, *agencies)), "the same head at all")

    def test_offered_accepted_and_offered_back(self):
        dossier = self.ba.open()
        offer = self.ba.offer(dossier, "lwl")
        self.arrives(dossier, self.ba, self.lwl)
        self.assertEqual(self.ba.state(dossier)["standing"], "STANDING_OFFERED")
        self.assertEqual(self.lwl.state(dossier)["standing"], "STANDING_ASKED")
        self.ba.append(dossier, "RECORDED", record="payment", expected="LOG_FROZEN")
        self.lwl.answer(dossier, offer, "ACCEPTED")
        self.arrives(dossier, self.ba, self.lwl)
        for agency, standing in ((self.ba, "FOLLOWER"), (self.lwl, "HOLDER")):
            state = agency.state(dossier)
            self.assertEqual((state["standing"], state["log"]["holder"], state["log"]["epoch"]),
                             ("STANDING_" + standing, "lwl", "1"))
        self.ba.append(dossier, "RECORDED", record="payment", expected="NOT_HOLDER")
        back = self.lwl.offer(dossier, "rd-nrw")
        self.arrives(dossier, self.ba, self.lwl)
        self.ba.answer(dossier, back, "ACCEPTED")
        self.arrives(dossier, self.ba, self.lwl)
        self.assertEqual(self.lwl.state(dossier)["log"]["holder"], "rd-nrw")

    def test_declined_for_good_and_offered_anew(self):
        dossier = self.ba.open()
        offer = self.ba.offer(dossier, "lwl")
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.answer(dossier, offer, "DECLINED", reasons=["DECLINE_REASON_WRONG_PLACE"])
        self.lwl.answer(dossier, offer, "ACCEPTED", expected="OFFER_DECLINED")
        self.assertTrue(eventually(lambda: self.ba.state(dossier)["standing"] == "STANDING_HOLDER"))
        self.arrives(dossier, self.ba, self.lwl)
        again = self.ba.offer(dossier, "lwl")
        self.assertNotEqual(again, offer)
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.answer(dossier, offer, "ACCEPTED", expected="OFFER_DECLINED")
        self.lwl.answer(dossier, again, "ACCEPTED")
        self.arrives(dossier, self.ba, self.lwl)

    def test_withdrawn(self):
        dossier = self.ba.open()
        offer = self.ba.offer(dossier, "lwl")
        self.ba.sign(dossier, withdrawal={"offer_hash": offer})
        self.assertTrue(eventually(lambda: self.ba.state(dossier)["standing"] == "STANDING_HOLDER"))
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.answer(dossier, offer, "ACCEPTED", expected="OFFER_DECLINED")

    def test_forwarded_arrival_is_acceptance_and_on_with_consent_only(self):
        dossier = self.ba.open()
        self.ba.append(dossier, "FORWARDED", {"forwarded": {
            "to": "lwl", "eingang_day": DAY, "grant": {"relation": "forwarding"}}})
        self.assertTrue(eventually(lambda: self.lwl.state(dossier)["standing"] == "STANDING_HOLDER"))
        self.arrives(dossier, self.ba, self.lwl)
        accepted = self.lwl.state(dossier)["log"]["forwarded_accepted_hash"]
        onward = {"forwarded": {"to": "lvr", "eingang_day": DAY, "grant": {"relation": "forwarding"}}}
        self.lwl.append(dossier, "FORWARDED", onward, expected="CONSENT_MISSING")
        self.lvr.sign(dossier, **{"class": "DOSSIER_CLASS_CASE"}, to="lwl", consent={"accepted_hash": accepted})
        self.assertTrue(eventually(lambda: len(self.lwl.call("ListStatements", dossier=dossier)["statements"]) >= 4))
        self.lwl.append(dossier, "FORWARDED", onward)
        self.assertTrue(eventually(lambda: self.lvr.state(dossier)["standing"] == "STANDING_HOLDER"))
        self.arrives(dossier, self.ba, self.lwl, self.lvr)
        self.lvr.append(dossier, "FORWARDED", {"forwarded": {
            "to": "lwl", "eingang_day": DAY, "grant": {"relation": "forwarding"}}}, expected="FORWARD_THIRD")

    def test_each_sees_its_categories_and_the_receipt_lists_what_was_left_out(self):
        dossier = self.ba.open(SECTIONS)
        given = ("IDENTITY", "CONTACT", "NEEDS", "PLAN")
        offer = self.ba.offer(dossier, "lwl", given)
        self.arrives(dossier, self.ba, self.lwl)
        for name, category in SECTIONS.items():
            self.assertEqual(self.ba.reads(dossier, 1, name), "Inhalt von " + name)
            seen = "Inhalt von " + name if category in given + ("PROCEDURE",) else "SECTION_ABSENT"
            self.assertEqual(self.lwl.reads(dossier, 1, name), seen, name)
        self.lvr.call("GetDossier", expected="DOSSIER_UNKNOWN", dossier=dossier)
        self.lwl.answer(dossier, offer, "ACCEPTED")
        self.arrives(dossier, self.ba, self.lwl)
        proved = self.verified(self.ba, dossier)
        # The receipt of the offer, event 3, says it of the whole file.
        left_out = [{entry["name"] for entry in receipt.get("left_out", [])} for receipt in proved["statements"]
                    if receipt["kind"] == "eingang" and receipt["about_event"] == 3]
        self.assertEqual(left_out, [{"medical/p1", "course/p1", "money/p1"}])

    def verified(self, agency, dossier):
        """The evidence that an agency exports, as the independent verifier reads it."""
        path = self.network.root / f"{agency.member}.evidence"
        # A party that has ended keeps what it had for information of the person (§ 83 SGB X), for nothing else.
        purpose = ("--purpose", "information", "--official", "sb-1")
        written = self.network.cli("--as", agency.member, *purpose, "dossier", "evidence", dossier, "--out", str(path))
        self.assertEqual(written.returncode, 0, written.stderr)
        identity = self.network.state / "members" / agency.member / "identity"
        done = run(VERIFY, path, "--trust", identity / "trust.json", "--ca", identity / "network-ca.pem", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_evidence_of_both_sides_verifies(self):
        dossier = self.ba.open(["procedure", "identity/p1"])
        offer = self.ba.offer(dossier, "lwl", ("IDENTITY",))
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.answer(dossier, offer, "ACCEPTED")
        self.arrives(dossier, self.ba, self.lwl)
        for agency in (self.ba, self.lwl):
            self.verified(agency, dossier)

    def test_evidence_of_everything_that_can_happen_verifies_from_each_side(self):
        dossier = self.ba.open(["procedure", "identity/p1"])
        grant = {"relation": "next_stage", "categories": ["CATEGORY_IDENTITY"]}
        self.ba.append(dossier, "ANNOUNCED", {"announced": {"to": "lwl", "grant": grant}})
        announced = self.ba.state(dossier)["log"]["head"]
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.sign(dossier, ready={"announced_hash": announced, "missing": ["Stellungnahme"]})
        self.assertTrue(eventually(lambda: self.ba.state(dossier)["log"].get("contributions")))
        self.ba.append(dossier, "PARTY_ADMITTED", {"party_admitted": {
            "member": "lvr", "from_day": DAY, "grant": {"relation": "involved", "categories": ["CATEGORY_NEEDS"]}}})
        self.ba.append(dossier, "RELEASED", {"released": {
            "member": "lvr", "sections": [{"sequence": 1, "name": "identity/p1"}]}})
        self.arrives(dossier, self.ba, self.lvr)
        self.assertTrue(eventually(lambda: self.lvr.reads(dossier, 1, "identity/p1") == "Inhalt von identity/p1"))
        self.ba.append(dossier, "CORRECTED", {"corrected": {
            "sequence": 1, "name": "identity/p1", "reason": "Schreibfehler"}}, sections=["identity/p1"])
        self.ba.append(dossier, "JOINT_PROPOSED", {"joint_proposed": {
            "document": "vereinbarung", "version": 1, "signatories": ["rd-nrw", "lvr"]}})
        proposed = self.ba.state(dossier)["log"]["head"]
        self.arrives(dossier, self.ba, self.lvr)
        self.lvr.sign(dossier, joint_signature={"proposed_hash": proposed})
        self.assertTrue(eventually(
            lambda: self.ba.state(dossier)["log"]["joint_documents"][0].get("in_force_day") == DAY))
        self.arrives(dossier, self.ba, self.lvr)
        self.lvr.sign(dossier, contribution={"record": "report"})
        self.assertTrue(eventually(lambda: len(self.ba.state(dossier)["log"]["contributions"]) == 3))
        self.ba.append(dossier, "SENT_OUTSIDE", {"sent_outside": {
            "addressee": "Kreis Höxter", "package_hash": b64(bytes(32)), "review_day": DAY}})
        sent = self.ba.state(dossier)["log"]["head"]
        self.ba.append(dossier, "RECEIVED_OUTSIDE", {"received_outside": {
            "sent_hash": sent, "received_day": DAY, "evidence": "Rückschein"}})
        self.ba.append(dossier, "PARTY_ENDED", {"party_ended": {"member": "lvr"}})
        self.ba.append(dossier, "CORRECTED", {"corrected": {
            "sequence": 1, "name": "identity/p1", "reason": "Noch ein Schreibfehler"}}, sections=["identity/p1"])
        self.assertTrue(eventually(lambda: "unconfirmed_corrections" not in self.ba.state(dossier)))
        declined = self.ba.offer(dossier, "lwl", ("IDENTITY",))
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.answer(dossier, declined, "DECLINED", reasons=["DECLINE_REASON_ITEM_MISSING"], missing=["Gutachten"])
        self.assertTrue(eventually(lambda: self.ba.state(dossier)["standing"] == "STANDING_HOLDER"))
        offer = self.ba.offer(dossier, "lwl", ("IDENTITY",))
        self.arrives(dossier, self.ba, self.lwl)
        self.lwl.answer(dossier, offer, "ACCEPTED")
        self.arrives(dossier, self.ba, self.lwl)
        for agency in (self.ba, self.lwl, self.lvr):
            told = [statement for statement in self.verified(agency, dossier)["statements"]
                    if statement["kind"] == "correction"]
            # lvr was released the section and is told both corrections, the second as an ended party.
            self.assertEqual(len(told), 0 if agency is self.lwl else 2, agency.member)
        shown = self.network.cli("--as", "lwl", "dossier", "show", dossier)
        self.assertIn("holder   lwl, since epoch 1; this node: holder", shown.stdout)

    def test_balance_shows_that_nothing_is_open(self):
        dossier = self.ba.open()
        self.ba.offer(dossier, "lwl")
        self.arrives(dossier, self.ba, self.lwl)
        self.assertTrue(eventually(
            lambda: self.network.cli("--as", MEMBERS[0], "handover", "balance", "lwl").returncode == 0))
        unknown = self.network.cli("--as", MEMBERS[0], "handover", "balance", "nobody")
        self.assertEqual((unknown.returncode, reason_of(unknown)), (3, "MEMBER_UNKNOWN"))


class LostFolders(unittest.TestCase):
    """What lies outside the database is gone: the node must not start as if nothing had been signed."""

    def test_a_journal_or_fence_that_is_gone_stops_the_start(self):
        network = Network(MEMBERS[:1])
        self.addCleanup(network.close)
        Agency(network, MEMBERS[0]).open()
        home = network.home(MEMBERS[0])
        for name, reason in (("journal-participants.log", "JOURNAL_MISSING"), ("incarnations.json", "INCARNATIONS_UNREADABLE"),
                             ("incarnation", "INCARNATION_MISSING")):
            network.cli("network", "down")
            gone = home / "journal" / name
            kept = gone.read_bytes()
            gone.unlink()
            self.assertNotEqual(network.cli("network", "up", network.root / "start").returncode, 0, name)
            self.assertIn(reason, (home / "node.log").read_text().splitlines()[-1])
            gone.write_bytes(kept)
            gone.chmod(0o600)
        network.restart()


class SilentPeer(unittest.TestCase):
    def test_what_is_on_its_way_for_longer_than_a_day_is_reported_and_the_clock_waits_for_it(self):
        network = Network(MEMBERS[:2])
        self.addCleanup(network.close)
        ba, lwl = (Agency(network, member) for member in MEMBERS[:2])
        network.kill("lwl")
        dossier = ba.open()
        ba.append(dossier, "PARTY_ADMITTED", {"party_admitted": {
            "member": "lwl", "from_day": DAY, "grant": {"relation": "involved"}}})
        log = network.home("rd-nrw") / "node.log"
        self.assertTrue(eventually(lambda: "delivery_failed" in log.read_text()))
        self.assertNotIn("delivery_overdue", log.read_text())
        moved = network.cli("network", "clock", "advance", "2")
        self.assertEqual((moved.returncode, reason_of(moved)), (5, "QUEUES_NOT_EMPTY"))
        self.assertTrue(eventually(lambda: "delivery_overdue" in log.read_text(), 60))
        network.restart()
        self.assertTrue(eventually(lambda: network.cli("network", "clock", "advance", "1").returncode == 0, 60))
        self.assertEqual(lwl.state(dossier)["log"]["head"], ba.state(dossier)["log"]["head"])


if __name__ == "__main__":
    unittest.main()
