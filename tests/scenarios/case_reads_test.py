#!/usr/bin/env python3
"""C-04: who reads what of a case. A case with a section of each category, older and newer than what is tried, is read
by every standing, relation, purpose and role; each sees exactly what it may, and nobody else anything."""

import base64
import secrets
import ssl
import unittest

from case_network import TODAY, CaseAgency
from dossier_network import BASIS, Network, b64, event_hash, eventually
from node_process import as_json
from raw_grpc import Connection, field

MEMBERS = ["rd-nrw", "drv-westfalen", "drv-rheinland", "drv-bund", "lvr", "lwl"]
# The categories that a case can have, as letters: Procedure, Identity, Contact, Needs, Medical, pLan, courseV, moneyE.
LETTERS = {"P": "PROCEDURE", "I": "IDENTITY", "C": "CONTACT", "N": "NEEDS", "M": "MEDICAL", "L": "PLAN", "V": "COURSE",
           "E": "MONEY"}
ALL = "".join(LETTERS)
MEDICAL = "§ 76 Abs. 2 Nr. 1 SGB X"
# What a purpose shows to whom it is for: the agency's system, its officials.
PURPOSES = {"case_work": (ALL, ALL), "handover": ("P", "P"), "accounting": ("PIE", "PIE"), "remedy": (None, "PICNLV"),
            "supervision": (None, "PLVE"), "statistics": ("P", None), "information": (None, ALL),
            "": (None, None), "invented": (None, None), "CASE_WORK": (None, None)}
AFTER = ("accounting", "remedy", "information")  # These go on for whoever was party.
# The most that a relation gets beside procedure (law.md 8a.5), not read from relations.csv.
RELATIONS = {"forwarding": "ICNM", "involved": "ICNML", "split": "ICNM", "next_stage": "ICNMLVE",
             "jugendhilfe": "ICNMLV", "conference": "ICNMLV", "provider": "ICNMLV", "statement": "IE", "refund": "INME",
             "labour_market": "ICNLV", "agreement": "E", "admission": "E", "former_holder": "", "observer": ""}
ABSENT, DENIED, REFUSED = 5, 7, 9  # Codes of gRPC: NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION.


def only(letters, allowed):
    return "".join(letter for letter in letters if letter in allowed)


def categories(letters):
    return ["CATEGORY_" + LETTERS[letter] for letter in "P" + letters]  # With procedure alone nothing is chosen.


class Reader:
    """Calls of a node in one connection each: the command line would need a process for every call."""

    def __init__(self, network, member):
        lines = [as_json(line) for line in (network.home(member) / "node.log").read_text().splitlines()]
        self.port = [line["port"] for line in lines if line.get("event") == "serving"][-1]
        self.home = network.home(member)

    def call(self, method, requests, purpose="case_work", official=False):
        """The code of each answer and its message, else what the error says."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        folder = self.home / ("official/sb-1" if official else "system/cli")
        tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        tls.set_alpn_protocols(["h2"])
        with Connection(self.port, tls) as connection:
            streams = []  # All are open at once.
            for request in requests:
                streams.append(connection.start("/teilhabe.participants.v1." + method, [("teilhabe-purpose", purpose)]))
                connection.send(streams[-1], request, last=True)
            answers = [connection.finish(stream) for stream in streams]
        return [(code, messages[0] if messages else said) for code, said, messages in answers]

    def read(self, case, places, purpose, official):
        """The code for each letter; what is shown is not empty."""
        answers = self.call("DossierService/ReadSection", [
            field(1, case) + field(2, owner) + field(3, name) for owner, name in places.values()], purpose, official)
        return {letter: code if code or text else -1 for letter, (code, text) in zip(places, answers)}


class Reads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        members = [{"id": member, "kind": "agency"} for member in MEMBERS] + [{"id": "mags-nrw", "kind": "observer"}]
        cls.network = Network(start={"network": "schulung-test", "training": True, "members": members})
        cls.addClassCleanup(cls.network.close)
        cls.at = {member["id"]: CaseAgency(cls.network, member["id"]) for member in members}
        cls.readers = {member["id"]: Reader(cls.network, member["id"]) for member in members}
        cls.ba, cls.lvr, cls.lwl = (cls.at[member] for member in ("rd-nrw", "lvr", "lwl"))
        cls.alone, _, cls.places = cls.make()  # A case that has no parties.

    @classmethod
    def make(cls):
        """A case with a section of each category: as the case service records them, course and money beside it."""
        case = cls.ba.open_case()
        application = cls.ba.apply(case, "ARBEITSBEREICH")
        cls.ba.step(case, medical_hint={"given_day": TODAY, "wording_version": "1"})
        needs = {"needs": {"summary": "Bedarf"}}
        assessed = cls.ba.step(case, assessment={"application": application, "instrument": "BEI_NRW"}, parts={
            **needs, "medical": {"type": "text/plain", "content": b64(b"Gutachten")}})
        cls.ba.step(case, determination={"application": application, "assessment": assessed}, parts=needs)
        planned = cls.ba.step(case, teilhabeplan={
            "application": application, "version": 1, "review_day": {"year": 2026, "month": 12, "day": 1}}, parts={
                "plan": {"items": [{"number": number, "text": "Inhalt"} for number in range(1, 13)]}})
        cls.record(cls.ba, case, "VE")
        hashes = cls.hashes(cls.ba, case)
        older = {letter: (hashes[at - 1], name) for letter, at, name in (
            ("P", application, "verfahren"), ("I", 1, "person/p1"), ("C", 1, "kontakt/p1"),
            ("N", assessed, "bedarf/p1"), ("M", assessed, "gutachten/p1"), ("L", planned, "plan/p1"),
            ("V", planned + 1, "course"), ("E", planned + 1, "money"))}
        return case, application, older

    @classmethod
    def record(cls, agency, case, letters=ALL):
        """An event with a section of each category; returns their places."""
        sections = [{"name": LETTERS[letter].lower(), "category": "CATEGORY_" + LETTERS[letter],
                     "payload": {"type": "text/plain", "content": b64(b"x")}} for letter in letters]
        header = {"kind": "EVENT_KIND_RECORDED", "record": "note", "event_day": TODAY, "legal_basis": BASIS}
        agency.call("AppendEvent", dossier=case, request_id=secrets.token_hex(8),
                    expected_head=agency.case(case)["head"], draft={"header": header, "sections": sections})
        del agency.heads[case]
        newest = cls.hashes(agency, case)[-1]
        return {letter: (newest, LETTERS[letter].lower()) for letter in letters}

    @staticmethod
    def hashes(agency, case):
        return [event_hash(event) for event in agency.events(case)]

    def involve(self, case, member, relation, letters, **more):
        basis = {"medical_basis": MEDICAL} if "M" in letters else {}
        self.ba.write("InvolveParty", case, member=member, relation=relation, categories=categories(letters), **basis,
                      **more)

    def arrives(self, case, *members):
        head = self.ba.state(case)["log"]["head"]
        for member in members:
            self.assertTrue(eventually(lambda: self.at[member].state(case)["log"]["head"] == head), member)

    def sees(self, member, case, places, expected, purpose="case_work", official=False, allowed=None):
        """Exactly these: the others are denied where the purpose does not show them, else absent."""
        allowed = PURPOSES[purpose][official] or "" if allowed is None else allowed
        self.assertEqual(self.readers[member].read(case, places, purpose, official), {
            letter: DENIED if letter not in allowed else 0 if letter in expected else ABSENT for letter in places},
            (member, purpose, official))

    def shows(self, member, case, expected, purpose="case_work", official=False):
        """The same of the case as a whole."""
        shown = self.at[member].ask("CaseService/GetCase", "", official, purpose, case=case)
        self.assertEqual([letter for letter, part in (("I", "person"), ("C", "contact")) if part in shown],
                         [letter for letter in "IC" if letter in expected], (member, purpose))
        self.assertTrue(shown["steps"])  # Procedure is every party's.
        self.assertLessEqual({"CATEGORY_" + LETTERS[letter] for letter in "IC" if letter not in expected},
                             set(shown.get("withheld", [])))

    def test_C_04_the_holder_by_purpose_and_role(self):
        case, older = self.alone, self.places
        for purpose, by_role in PURPOSES.items():
            for official, expected in zip((False, True), by_role):
                self.sees("rd-nrw", case, older, expected or "", purpose, official)
                if expected is None:
                    (code, said), = self.readers["rd-nrw"].call(
                        "CaseService/GetCase", [field(1, case)], purpose, official)
                    self.assertEqual(code, DENIED)
                    self.assertIn("no such purpose" if purpose else "say for what", said)
                else:
                    self.shows("rd-nrw", case, expected, purpose, official)

    def test_C_04_a_party_with_each_single_category(self):
        relation = {"I": "conference", "C": "split", "N": "involved", "M": "provider", "L": "labour_market",
                    "V": "conference", "E": "refund", "": "involved"}
        singles = list(relation)
        for chosen in (singles[:4], singles[4:]):
            case, _, older = self.make()
            parties = dict(zip(chosen, MEMBERS[1:]))
            for letter, member in parties.items():
                self.involve(case, member, relation[letter], letter)
            newer = self.record(self.ba, case)
            self.arrives(case, *parties.values())
            for letter, member in parties.items():
                self.sees(member, case, older, "P")  # Older ones need a release.
                for purpose, official in (("case_work", False), ("accounting", True), ("remedy", True),
                                          ("statistics", False)):
                    self.sees(member, case, newer, "P" + letter, purpose, official)
                self.shows(member, case, "P")

    def test_C_04_each_relation_gets_its_categories_and_no_other(self):
        relations = [relation for relation in RELATIONS if RELATIONS[relation]]
        while relations:
            case, _, older = self.make()
            parties = dict(zip(MEMBERS[1:], relations))
            relations = relations[len(parties):]
            for member, relation in parties.items():
                self.involve(case, member, relation, RELATIONS[relation], release_older=True)
            newer = self.record(self.ba, case)
            self.arrives(case, *parties)
            for member, relation in parties.items():
                for places in (older, newer):
                    self.sees(member, case, places, "P" + RELATIONS[relation])
                self.shows(member, case, "P" + RELATIONS[relation])

    def test_C_04_no_relation_is_granted_more(self):
        case = self.alone
        head = base64.b64decode(self.ba.case(case)["head"])
        numbers = {letter: number for number, letter in enumerate(LETTERS, 1)}  # As the contract has them.
        cells = [(relation, letter) for relation, most in RELATIONS.items() for letter in ALL[1:] if letter not in most]
        answers = self.readers["rd-nrw"].call("CaseService/InvolveParty", [
            field(1, case) + field(2, relation + letter) + field(3, head) + field(4, "lvr") + field(5, relation) +
            field(6, numbers[letter]) + field(9, MEDICAL if letter == "M" else "") for relation, letter in cells])
        for cell, (code, said) in zip(cells, answers):
            self.assertEqual((cell, code, said), (cell, REFUSED, "the relation does not have all of these categories"))
        self.ba.write("InvolveParty", case, "GRANT_INVALID", member="lvr", relation="involved",
                      categories=["CATEGORY_MONEY"])
        self.assertNotIn("parties", self.ba.case(case))

    def test_C_04_an_announced_agency_sees_procedure_and_names(self):
        case, _, older = self.make()
        self.ba.write("AnnounceCase", case, to="lwl", stage="STAGE_ARBEITSBEREICH")
        self.assertTrue(eventually(lambda: len(self.ba.case(case)["missing"]) > 0))
        newer = self.record(self.ba, case)
        self.arrives(case, "lwl")
        for places in (older, newer):
            for purpose, official in (("case_work", False), ("handover", True), ("information", True), ("", False)):
                self.sees("lwl", case, places, "P", purpose, official)
        self.shows("lwl", case, "P")

    def test_C_04_the_next_holder_and_the_former_one(self):
        case, application, older = self.make()
        self.ba.write("OfferCase", case, to="lwl", request=application, incomplete=True)
        offer = self.lwl.see(case)["offer_hash"]
        given = "PICNL"  # What next_stage has without a choice; nothing medical without a basis, no daily record.
        self.assertTrue(eventually(lambda: "contact" in self.lwl.case(case)))
        for purpose in PURPOSES:
            for official in (False, True):
                self.sees("lwl", case, older, given, purpose, official)
        self.lwl.ask("CaseService/AnswerCase", case=case, request_id="yes", offer_hash=offer, accept=True)
        self.assertTrue(eventually(lambda: self.ba.case(case)["holder"] == "lwl"))
        newer = self.record(self.lwl, case)
        self.arrives(case, "lwl")
        self.sees("lwl", case, older, given)
        self.sees("lwl", case, newer, ALL)
        self.shows("lwl", case, given)
        # What the former holder wrote stays its own, for what goes on after the handover; what is new is not its.
        for purpose, by_role in PURPOSES.items():
            for official, whole in zip((False, True), by_role):
                allowed = whole or "" if purpose in AFTER else only("P", whole or "")
                self.sees("rd-nrw", case, older, ALL, purpose, official, allowed)
                self.sees("rd-nrw", case, newer, "P", purpose, official, allowed)
                if whole is not None:
                    self.shows("rd-nrw", case, allowed, purpose, official)

    def test_C_04_an_ended_party_keeps_what_it_had_for_few_purposes(self):
        case, _, older = self.make()
        self.involve(case, "lvr", "involved", "IN", release_older=True)
        self.arrives(case, "lvr")
        self.ba.write("EndParty", case, member="lvr")
        self.assertTrue(eventually(lambda: self.lvr.ask("CaseService/GetCase", "CASE_UNKNOWN", case=case)))
        self.record(self.ba, case)
        for purpose, by_role in PURPOSES.items():
            for official, whole in zip((False, True), by_role):
                if whole is not None and purpose in AFTER:
                    self.sees("lvr", case, older, "PIN", purpose, official)
                    self.shows("lvr", case, only("I", whole), purpose, official)
                else:
                    self.assertEqual(set(self.readers["lvr"].read(case, older, purpose, official).values()), {ABSENT})
                    got = self.readers["lvr"].call("CaseService/GetCase", [field(1, case)], purpose, official)
                    self.assertEqual(got, [(ABSENT, "this agency has no such case")])

    def test_C_04_nobody_else_learns_that_there_is_a_case(self):
        case, older = self.alone, self.places
        none = secrets.token_hex(16)
        reads = [field(3, "person/p1") + field(2, older["I"][0]) + field(1, one) for one in (case, none)]
        cases = [field(1, one) for one in (case, none)]
        for member in ("lvr", "mags-nrw"):
            for purpose in PURPOSES:
                for official in (False, True):
                    for method in ("GetCase", "GetTimeline", "ListAccesses"):
                        said = self.readers[member].call("CaseService/" + method, cases, purpose, official)
                        self.assertEqual(said, [(ABSENT, "this agency has no such case")] * 2, (member, method))
                    said = self.readers[member].call("DossierService/ReadSection", reads, purpose, official)
                    self.assertEqual(said, [(ABSENT, "this node has no such dossier")] * 2, (member, purpose))
            for method in ("GetDossier", "ListEvents", "ListStatements", "ExportEvidence"):
                said = self.readers[member].call("DossierService/" + method, cases)
                self.assertEqual(said, [(ABSENT, "this node has no such dossier")] * 2, (member, method))
            self.at[member].ask("CaseService/GetCase", "CASE_UNKNOWN", case=case)

    def test_C_04_who_is_a_party_anew_with_less_sees_less(self):
        case, _, older = self.make()
        self.involve(case, "lvr", "involved", "IN", release_older=True)
        self.arrives(case, "lvr")
        self.ba.write("EndParty", case, member="lvr")
        self.involve(case, "lvr", "involved", "N", release_older=True)
        self.arrives(case, "lvr")
        self.sees("lvr", case, older, "PN")

    def test_C_04_without_a_purpose_a_party_is_denied_the_log_too(self):
        case = self.alone
        for method in ("GetDossier", "ListEvents", "ListStatements", "ExportEvidence"):
            for purpose in ("", "invented"):
                (code, _), = self.readers["rd-nrw"].call("DossierService/" + method, [field(1, case)], purpose)
                self.assertEqual(code, DENIED, (method, purpose))


if __name__ == "__main__":
    unittest.main()
