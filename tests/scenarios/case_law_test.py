#!/usr/bin/env python3
"""What the law says of a case beside its stages: who acts for the person, other open cases, agencies outside the
network, medical data, who a person is, death, corrections (law.md 8a)."""

import base64
import hashlib
import secrets
import unittest

from case_network import ANNA, TODAY, CaseAgency, day
from dossier_network import Network, b64, eventually
from raw_grpc import field

CHILD = day("2015-05-31")
PROOF = {"proof": "Urkunde gesehen von sb-1", "proof_day": TODAY}
SOCIAL = ["MATTER_SOCIAL_BENEFITS"]
DECEMBER = day("2025-12-01")
MEDICAL = "§ 76 Abs. 2 Nr. 1 SGB X"


def anybody(**more):
    """A person whom no other test knows."""
    return {**ANNA, "family_name": "Test" + secrets.token_hex(4), **more}


def identity(person):
    """PersonIdentity as bytes."""
    born = person["birth_day"]
    return (field(1, person["family_name"]) + field(2, person["given_names"]) +
            field(4, b"".join(field(at, born[name]) for at, name in enumerate(("year", "month", "day"), 1))))


class Law(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.ba, cls.lwl, cls.lvr = (CaseAgency(cls.network, member) for member in ("rd-nrw", "lwl", "lvr"))

    def represent(self, case, kind, expected="", matters=None, proof=None, **more):
        return self.ba.step(case, expected, representation={}, parts={"representation": {
            "kind": "REPRESENTATION_KIND_" + kind, "name": "V. Tretung", "matters": matters or SOCIAL,
            "from_day": day("2025-06-01"), **(PROOF if proof is None else proof), **more}})

    def apply_by(self, case, entry, stage, expected=""):
        return self.ba.apply(case, stage, expected, applicant="APPLICANT_REPRESENTATIVE", representation=entry)

    def test_8a3_under_15_the_parents_apply_jointly(self):
        case = self.ba.open_case(person=anybody(birth_day=CHILD))
        self.ba.apply(case, "EINGANGSVERFAHREN", "APPLICANT_WITHOUT_CAPACITY")
        mother = self.represent(case, "PARENT", proof={})
        self.apply_by(case, mother, "EINGANGSVERFAHREN", "REPRESENTATION_NOT_VALID")
        self.represent(case, "PARENT", proof={}, name="Der andere Elternteil")
        self.assertTrue(self.apply_by(case, mother, "EINGANGSVERFAHREN"))
        alone = self.ba.open_case(person=anybody(birth_day=CHILD))
        sole = self.represent(alone, "PARENT", proof={}, sole=True)
        self.assertTrue(self.apply_by(alone, sole, "EINGANGSVERFAHREN"))
        # From 15 on alone, and of age without parents.
        fifteen = self.ba.open_case(person=anybody(birth_day=day("2011-01-05")))
        self.assertTrue(self.ba.apply(fifteen, "EINGANGSVERFAHREN"))
        grown = self.ba.open_case(person=anybody(birth_day=day("2008-01-05")))
        self.apply_by(grown, self.represent(grown, "PARENT", proof={}, sole=True), "EINGANGSVERFAHREN",
                      "REPRESENTATION_NOT_VALID")

    def test_8a3_a_betreuer_acts_within_matter_time_and_proof(self):
        case = self.ba.open_case(person=anybody())
        self.represent(case, "BETREUER", "STEP_MALFORMED", proof={})
        for entry in (self.represent(case, "BETREUER", matters=["MATTER_HEALTH", "MATTER_POST"]),
                      self.represent(case, "BETREUER", from_day=day("2026-01-06")),
                      self.represent(case, "BETREUER", to_day=day("2026-01-04")),
                      self.represent(case, "SPOUSE", matters=["MATTER_ALL"])):
            self.apply_by(case, entry, "EINGANGSVERFAHREN", "REPRESENTATION_NOT_VALID")
        betreuer = self.represent(case, "BETREUER")
        self.assertTrue(self.apply_by(case, betreuer, "EINGANGSVERFAHREN"))
        # A Betreuung does not remove capacity.
        self.assertTrue(self.ba.apply(case, "BERUFSBILDUNGSBEREICH"))
        self.ba.step(case, representation={"ends": betreuer, "end_day": day("2026-01-04")})
        self.apply_by(case, betreuer, "ARBEITSBEREICH", "REPRESENTATION_NOT_VALID")
        self.ba.step(case, "STEP_UNKNOWN", representation={"ends": betreuer + 1, "end_day": TODAY})

    def test_8a3_an_exclusive_declaration_takes_capacity_from_its_day(self):
        case = self.ba.open_case(person=anybody())
        betreuer = self.represent(case, "BETREUER", exclusive_day=day("2026-01-02"))
        self.ba.apply(case, "EINGANGSVERFAHREN", "APPLICANT_WITHOUT_CAPACITY")
        self.assertTrue(self.ba.apply(case, "EINGANGSVERFAHREN", eingang_day=day("2026-01-01")))
        self.assertTrue(self.apply_by(case, betreuer, "BERUFSBILDUNGSBEREICH"))
        reserved = self.ba.open_case(person=anybody())
        self.represent(reserved, "BETREUER", consent_reserved=True)
        self.ba.apply(reserved, "EINGANGSVERFAHREN", "APPLICANT_WITHOUT_CAPACITY")
        proxy = self.represent(reserved, "BEVOLLMAECHTIGTER", matters=["MATTER_ALL"])
        self.assertTrue(self.apply_by(reserved, proxy, "EINGANGSVERFAHREN"))

    def test_8a3_several_betreuer_apply_jointly(self):
        case = self.ba.open_case(person=anybody())
        first, second = (self.represent(case, "BETREUER", name=name) for name in ("B. Eins", "B. Zwei"))
        self.apply_by(case, first, "EINGANGSVERFAHREN", "REPRESENTATION_NOT_VALID")
        self.assertTrue(self.ba.apply(case, "EINGANGSVERFAHREN", applicant="APPLICANT_REPRESENTATIVE",
                                      representation=first, jointly_with=[second]))

    def ask(self, case, application, members, expected="", asked="Sie ist einverstanden."):
        answer = self.ba.ask("CaseService/AskOpenCase", expected, case=case, request_id=secrets.token_hex(8),
                             application=application, members=members, person_was_asked=asked)
        return answer if expected else {one["member"]: one for one in answer["answers"]}

    def test_8a1_another_open_case_is_found_and_the_later_one_joins_it(self):
        person = anybody()
        earlier = self.lwl.open_case(person={**person, "given_names": "ANNA"}, on=DECEMBER)
        self.lwl.apply(earlier, "EINGANGSVERFAHREN", on=DECEMBER)
        case = self.ba.open_case(person={**person, "family_name": "Neu", "former_names": [person["family_name"]]})
        self.ask(case, 1, ["lwl"], "STEP_UNKNOWN")
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ask(case, application, ["lwl"], "PERSON_NOT_ASKED", asked="")
        self.ask(case, application, [], "MEMBERS_MISSING")
        for member in ("rd-nrw", "nobody"):
            self.ask(case, application, [member], "MEMBER_UNKNOWN")
        self.network.kill("lvr")
        answers = self.ask(case, application, ["lwl", "lvr"])
        self.network.restart()
        self.assertEqual(answers["lwl"], {"member": "lwl", "case": earlier, "holder": "lwl", "eingang_day": DECEMBER})
        self.assertTrue(answers["lvr"]["silent"])
        self.assertNotIn("case", answers["lvr"])
        again = lambda: self.ask(case, application, ["lvr"])["lvr"] == {"member": "lvr"}  # It knows of none.
        self.assertTrue(eventually(again))
        # Logged at both ends.
        informed = {"purpose": "information", "official": True}
        at_lwl = self.lwl.ask("CaseService/ListAccesses", case=earlier, **informed)["accesses"]
        self.assertIn(("lwl", "have-open-case", "member/rd-nrw"),
                      {(access["agency"], access["action"], access["actor"]) for access in at_lwl})
        here = self.ba.ask("CaseService/ListAccesses", case=case, **informed)["accesses"]
        self.assertIn(("rd-nrw", "ask-open-case:lwl"), {(access["agency"], access["action"]) for access in here})
        # The earlier Eingang leads.
        self.ba.step(case, "JOIN_NOT_LATER", joined={"into": earlier, "their_eingang_day": day("2026-01-06")})
        self.lwl.step(earlier, "JOIN_NOT_LATER", joined={"into": case, "their_eingang_day": TODAY})
        self.ba.step(case, joined={"into": earlier, "their_eingang_day": DECEMBER})
        self.assertEqual(self.ba.case(case)["rest"]["kind"], "REST_KIND_ENDED")
        self.ba.apply(case, "ARBEITSBEREICH", "CASE_ENDED")
        self.ba.step(case, "CASE_ENDED", medical_hint={"given_day": TODAY})
        self.ba.ask("CaseService/Contribute", "CONTRIBUTION_OWN", case=case, request_id="late", event_day=TODAY,
                    report={"kind": "report"}, text={"text": "x"})

    def test_8a1_another_person_a_case_without_an_application_and_an_ended_one_are_none(self):
        person = anybody()
        self.lwl.open_case(person=person)  # Nothing was applied for.
        over = self.lwl.open_case(person=person, on=DECEMBER)
        self.lwl.apply(over, "EINGANGSVERFAHREN", on=DECEMBER)
        self.lwl.step(over, ended={"reason": "END_REASON_WITHDRAWN"})
        for other in ({"birth_day": day("2001-06-01")}, {"given_names": "Berta"}):
            twin = self.lwl.open_case(person={**person, **other}, on=DECEMBER)
            self.lwl.apply(twin, "EINGANGSVERFAHREN", on=DECEMBER)
        case = self.ba.open_case(person=person)
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.assertEqual(self.ask(case, application, ["lwl"])["lwl"], {"member": "lwl"})

    def test_8a7_an_agency_without_a_node_decides_from_the_day_of_arrival(self):
        case = self.ba.open_case(person=anybody(), on=DECEMBER)
        application = self.ba.apply(case, "EINGANGSVERFAHREN", on=DECEMBER)
        kreis = "Kreis Nirgendwo, Amtsweg 1, 12345 Nirgendwo"
        sent = {"addressee": kreis, "event_day": day("2025-12-05"), "review_day": day("2026-02-02"),
                "application": application}
        self.ba.write("SendOutside", case, "ADDRESSEE_HAS_NODE", **{**sent, "addressee": "lvr"})
        self.ba.write("SendOutside", case, "REVIEW_MISSING", **{**sent, "review_day": None})
        self.ba.write("SendOutside", case, "REVIEW_MISSING", **{**sent, "review_day": sent["event_day"]})
        self.ba.write("SendOutside", case, "STEP_UNKNOWN", **{**sent, "application": application + 1})
        self.ba.write("SendOutside", case, "BACKDATING_EVIDENCE_MISSING", **sent)

        sent["event_day"] = TODAY
        answer = self.ba.ask("CaseService/SendOutside", case=case, request_id="sent",
                             expected_head=self.ba.case(case)["head"], **sent)
        package = base64.b64decode(answer["package"]).decode()
        for part in (kreis, case, "Versandt am: 05.01.2026", "Eingegangen: 01.12.2025 bei rd-nrw",
                     "geboren am 31.05.2001", "Gemeindeschlüssel 05711000", "Signatur der Absenderin"):
            self.assertIn(part, package)
        outside = self.ba.state(case)["log"]["outsides"][0]
        events = self.ba.events(case)
        hashed = hashlib.sha256(b"teilhabe/package/v1\0" + package.encode()).digest()
        self.assertIn(hashed, base64.b64decode(events[-1]["header"]))
        seen = self.ba.case(case)
        self.assertEqual(seen["rest"], {"kind": "REST_KIND_OUTSIDE", "due_day": sent["review_day"]})
        self.assertEqual(seen["leistende_traeger"], ["rd-nrw"])  # Posted is not arrived.

        arrived = {"sent_hash": outside["sent_hash"], "received_day": TODAY, "evidence": "Rückschein"}
        self.ba.write("RecordArrival", case, "OUTSIDE_UNKNOWN", **{**arrived, "sent_hash": b64(b"x" * 32)})
        for wrong in (DECEMBER, day("2026-01-06")):
            self.ba.write("RecordArrival", case, "OUTSIDE_DAY", **{**arrived, "received_day": wrong})
        self.ba.write("RecordArrival", case, "EVENT_MALFORMED", **{**arrived, "evidence": ""})
        self.ba.write("RecordArrival", case, **arrived)
        self.ba.write("RecordArrival", case, "OUTSIDE_KNOWN", **arrived)
        seen = self.ba.case(case)
        self.assertEqual((seen["leistende_traeger"], seen["holder"], seen["rest"]["kind"]),
                         ([kreis], "rd-nrw", "REST_KIND_OUTSIDE"))
        roles = self.ba.timeline(case)["roles"]
        self.assertEqual([(period["first_day"], period["leistende_traeger"][0]["agency"]) for period in roles],
                         [(DECEMBER, "rd-nrw"), (TODAY, kreis)])

    def test_76_medical_data_go_after_the_hint_and_not_against_an_objection(self):
        case = self.ba.open_case(person=anybody())
        application = self.ba.apply(case, "ARBEITSBEREICH")
        assessed = self.ba.step(case, assessment={"application": application, "instrument": "BEI_NRW"}, parts={
            "needs": {"summary": "Bedarf"}, "medical": {"type": "text/plain", "content": b64(b"Gutachten")}})
        grant = {"member": "lvr", "relation": "involved", "categories": ["CATEGORY_NEEDS", "CATEGORY_MEDICAL"]}
        self.ba.write("InvolveParty", case, "MEDICAL_BASIS_MISSING", **grant)
        self.ba.write("InvolveParty", case, "MEDICAL_HINT_MISSING", medical_basis=MEDICAL, **grant)
        hint = {"given_day": TODAY, "wording_version": "1"}
        self.ba.step(case, medical_hint=hint)
        self.ba.write("InvolveParty", case, medical_basis=MEDICAL, release_older=True, **grant)
        # Without a choice of categories: what the relation gives whole, and with a basis also what is medical.
        self.ba.write("InvolveParty", case, medical_basis=MEDICAL, member="lwl", relation="involved")
        given = {party["member"]: party.get("categories", []) for party in self.ba.case(case)["parties"]}
        self.assertIn("CATEGORY_MEDICAL", given["lwl"])
        self.ba.write("EndParty", case, member="lwl")
        self.ba.step(case, medical_hint={**hint, "objection": True})
        self.ba.write("EndParty", case, member="lvr")
        self.ba.write("InvolveParty", case, "MEDICAL_OBJECTION", medical_basis=MEDICAL, **grant)
        offer = {"to": "lwl", "request": application, "incomplete": True}
        self.ba.write("OfferCase", case, "MEDICAL_OBJECTION", medical_basis=MEDICAL, **offer)
        # Only what is medical is held back.
        self.ba.write("OfferCase", case, **offer)
        self.lwl.see(case)
        self.assertTrue(eventually(lambda: "Bedarf" in self.lwl.reads(case, assessed, "bedarf/p1")))
        self.assertEqual(self.lwl.reads(case, assessed, "gutachten/p1"), "SECTION_ABSENT")
        self.assertIn("person", self.lwl.case(case))

    def find(self, agency, expected="", purpose="case_work", **what):
        found = agency.ask("PersonService/FindPersons", expected, purpose=purpose, **what)
        return found if expected else [(match["person_id"], match["kind"], match.get("cases", []))
                                       for match in found.get("matches", [])]

    def test_persons_are_found_and_an_official_says_who_is_who(self):
        person = anybody(birth_day=day("1999-02-03"))  # With the same day and one name alone it is a part of a match.
        name = {"family_name": person["family_name"], "given_names": "Anna", "birth_day": person["birth_day"]}
        first, second = self.lwl.open_case(person=person), self.lwl.open_case(person={**person, "given_names": "Ann"})
        ids = {case: self.lwl.case(case)["person_id"] for case in (first, second)}
        self.assertEqual(self.find(self.lwl, **name), [(ids[first], "MATCH_KIND_ALL", [first]),
                                                       (ids[second], "MATCH_KIND_PART", [second])])
        self.assertEqual(self.find(self.lwl, **{**name, "birth_day": day("1999-02-04")}), [])
        self.find(self.lwl, "PURPOSE_NOT_ALLOWED", "statistics", **name)
        self.find(self.lwl, "PERSON_MALFORMED", **{**name, "family_name": ""})
        self.assertEqual(self.find(self.ba, **name), [])  # A person is local to a node.

        link = {"case": second, "person_id": ids[first]}
        self.lwl.ask("PersonService/LinkCase", "OFFICIAL_REQUIRED", **link)
        self.lwl.ask("PersonService/LinkCase", "PERSON_UNKNOWN", True, **{**link, "person_id": "f" * 32})
        self.lwl.ask("PersonService/LinkCase", "CASE_UNKNOWN", True, **{**link, "case": "f" * 32})
        linked = self.lwl.ask("PersonService/LinkCase", official=True, **link)
        self.assertEqual(linked["before"], ids[second])
        self.assertEqual([(who, sorted(cases)) for who, _, cases in self.find(self.lwl, **name) if cases],
                         [(ids[first], sorted([first, second]))])
        self.lwl.ask("PersonService/UnlinkCase", "OFFICIAL_REQUIRED", case=second)
        apart = self.lwl.ask("PersonService/UnlinkCase", official=True, case=second)["person_id"]
        self.assertNotIn(apart, ids.values())
        self.assertEqual(self.lwl.case(second)["person_id"], apart)
        self.assertIn((apart, "MATCH_KIND_PART", [second]), self.find(self.lwl, **name))

    def test_18f_the_versicherungsnummer_serves_the_ba_and_not_the_lwl(self):
        number = "65310501A" + str(100 + secrets.randbelow(900))
        case, other = self.ba.open_case(person=anybody()), self.lwl.open_case(person=anybody())
        known = self.ba.case(case)["person_id"]
        self.ba.ask("PersonService/SetVersicherungsnummer", person_id=known, versicherungsnummer=number)
        self.assertEqual(self.find(self.ba, versicherungsnummer=number),
                         [(known, "MATCH_KIND_VERSICHERUNGSNUMMER", [case])])
        self.find(self.ba, "VERSICHERUNGSNUMMER_MALFORMED", versicherungsnummer=number[:-1])
        self.find(self.lwl, "VERSICHERUNGSNUMMER_NOT_ALLOWED", versicherungsnummer=number)
        self.lwl.ask("PersonService/SetVersicherungsnummer", "VERSICHERUNGSNUMMER_NOT_ALLOWED",
                     person_id=self.lwl.case(other)["person_id"], versicherungsnummer=number)
        self.ba.ask("PersonService/SetVersicherungsnummer", person_id=known, versicherungsnummer="")
        self.assertEqual(self.find(self.ba, versicherungsnummer=number), [])

    def test_98_who_lives_in_a_place_that_was_merged_lives_in_its_successor(self):
        """Eisenach belongs to the Wartburgkreis since 2021-07-01; who moved there before lives there still."""
        eisenach = {"street": "Musterweg 1", "postal_code": "99817", "place": "Eisenach", "municipality": "16056000"}
        case = self.ba.open_case(person=anybody(), contact=eisenach)
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ba.plan(case, application)
        refused = self.ba.decide(case, application, expected="NOT_COMPETENT", last="2026-04-30")
        self.assertIn("rd-sat", refused)

    def test_59_death_ends_the_case_while_a_service_runs(self):
        case = self.ba.open_case(person=anybody(), on=DECEMBER)
        application = self.ba.apply(case, "EINGANGSVERFAHREN", on=DECEMBER)
        self.ba.plan(case, application, on=DECEMBER)
        decided = self.ba.decide(case, application, on=DECEMBER, first="2025-12-08", last="2026-03-07")
        self.ba.step(case, on=day("2025-12-08"), service_started={"decision": decided, "first_day": day("2025-12-08")})
        self.assertEqual(self.ba.case(case)["leistende_traeger"], ["rd-nrw"])
        for reason in ("OTHER_SUPPORT", "GENERAL_LABOUR_MARKET", "WITHDRAWN", "AGE_LIMIT"):
            self.ba.step(case, "SERVICE_RUNS", ended={"reason": "END_REASON_" + reason})
        self.ba.step(case, on=day("2026-01-02"), ended={"reason": "END_REASON_DEATH"})
        seen = self.ba.case(case)
        self.assertEqual(seen["rest"]["kind"], "REST_KIND_ENDED")
        self.assertNotIn("leistende_traeger", seen)
        self.ba.apply(case, "BERUFSBILDUNGSBEREICH", "CASE_ENDED")

    def test_16_gdpr_a_corrected_birth_day_is_what_counts_everywhere(self):
        person = anybody()
        case = self.ba.open_case(person=person)
        self.ba.write("InvolveParty", case, member="lvr", relation="involved", categories=["CATEGORY_IDENTITY"],
                      release_older=True)
        self.assertTrue(eventually(lambda: self.lvr.case(case)["person"]["birth_day"] == ANNA["birth_day"]))

        def correct(content, expected="", kind="teilhabe.participants.v1.PersonIdentity"):
            self.ba.call("AppendEvent", expected, dossier=case, request_id=secrets.token_hex(8),
                         expected_head=self.ba.case(case)["head"], draft={
                "header": {"kind": "EVENT_KIND_CORRECTED", "event_day": TODAY, "legal_basis": "Art. 16 DSGVO",
                           "corrected": {"sequence": 1, "name": "person/p1", "reason": "Geburtsurkunde"}},
                "sections": [{"name": "person/p1", "category": "CATEGORY_IDENTITY",
                              "payload": {"type": kind, "content": b64(content)}}]})

        # What takes its place is held to the same.
        correct(b"", "PERSON_MALFORMED")
        correct(identity({**person, "birth_day": {"year": 2099, "month": 13, "day": 45}}), "PERSON_MALFORMED")
        correct(b"Anna", "STEP_MALFORMED", kind="text/plain")
        self.assertEqual(self.ba.case(case)["person"], person)
        correct(identity({**person, "birth_day": CHILD}))
        self.assertEqual(self.ba.case(case)["person"], {**person, "birth_day": CHILD})
        self.assertTrue(eventually(lambda: self.lvr.case(case)["person"]["birth_day"] == CHILD))
        # Found by it, and by the old one no more; the rules take it.
        name = {"family_name": person["family_name"], "given_names": "Anna"}
        self.assertEqual(len(self.find(self.ba, birth_day=CHILD, **name)), 1)
        self.assertEqual(self.find(self.ba, birth_day=ANNA["birth_day"], **name), [])
        self.ba.apply(case, "EINGANGSVERFAHREN", "APPLICANT_WITHOUT_CAPACITY")


class ManyAgencies(unittest.TestCase):
    def test_at_most_six_agencies_are_asked_for_one_application(self):
        members = ["rd-nrw", "drv-westfalen", "drv-rheinland", "drv-bund", "lvr", "lwl", "rd-sat",
                   "drv-mitteldeutschland"]
        network = Network(members)
        self.addCleanup(network.close)
        ba = CaseAgency(network, "rd-nrw")
        case = ba.open_case()
        ask = {"case": case, "application": ba.apply(case, "EINGANGSVERFAHREN"),
               "person_was_asked": "Von keinem Antrag."}
        ba.ask("CaseService/AskOpenCase", "ASKED_TOO_MANY", request_id="all", members=members[1:], **ask)
        first = ba.ask("CaseService/AskOpenCase", request_id="some", members=members[1:7], **ask)
        self.assertEqual([answer["member"] for answer in first["answers"]], members[1:7])
        # The same request is answered as it was, though one of them could not be reached now.
        network.kill("lwl")
        self.assertEqual(ba.ask("CaseService/AskOpenCase", request_id="some", members=members[1:7], **ask), first)
        ba.ask("CaseService/AskOpenCase", "REQUEST_ID_REUSED", request_id="some", members=members[1:6], **ask)
        ba.ask("CaseService/AskOpenCase", "REQUEST_ID_MISSING", members=members[1:7], **ask)
        ba.ask("CaseService/AskOpenCase", request_id="again", members=members[1:3], **ask)  # The same ones count once.
        ba.ask("CaseService/AskOpenCase", "ASKED_TOO_MANY", request_id="more", members=members[7:], **ask)


if __name__ == "__main__":
    unittest.main()
