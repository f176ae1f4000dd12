#!/usr/bin/env python3
"""What a case does not take: each kind of bad input gets its reason, and nothing has changed afterwards."""

import secrets
import unittest

from case_network import ANNA, BIELEFELD, FACTS, FIT, TODAY, CaseAgency, day, plan_items
from dossier_network import BASIS, Network, b64
from raw_grpc import field

CHILD = {**ANNA, "birth_day": day("2015-05-31")}
MATTER = ["MATTER_SOCIAL_BENEFITS"]
TOMORROW = day("2026-01-06")


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.ba, cls.lwl, cls.lvr = (CaseAgency(cls.network, member) for member in ("rd-nrw", "lwl", "lvr"))

    def setUp(self):
        self.case, self.seen = None, None

    def open(self, **more):
        self.case = self.ba.open_case(**more)
        self.look()
        return self.case

    def look(self):
        """The case as it is, against which what follows is compared."""
        self.seen = self.ba.case(self.case)
        return self.seen

    def unchanged(self, refused=None):
        self.assertEqual(self.ba.case(self.case), self.seen)
        return refused

    def refuse_step(self, reason, where, **step):
        refused = self.unchanged(self.ba.step(self.case, reason, **step))
        self.assertIn(f"  Field: {where}\n", refused)

    def refuse_decision(self, reason, application, *outcome, **more):
        return self.unchanged(self.ba.decide(self.case, application, *outcome, expected=reason, **more))

    def granted(self, **more):
        """A case with a granted Eingangsverfahren; returns the decision's sequence."""
        case = self.open()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ba.plan(case, application)
        decided = self.ba.decide(case, application, first="2026-02-01", last="2026-04-30", **more)
        self.look()
        return decided

    def test_N_04_a_decision_without_a_teilhabeplan(self):
        application = self.ba.apply(self.open(), "EINGANGSVERFAHREN")
        self.look()
        refused = self.refuse_decision("NO_TEILHABEPLAN", application, last="2026-04-30")
        self.assertIn("Rule: s19_teilhabeplan", refused)
        plan = {"application": application, "version": 1, "review_day": day("2026-12-01")}
        self.refuse_step("DETERMINATION_MISSING", "step.teilhabeplan.application", teilhabeplan=plan,
                         parts={"plan": {"items": plan_items(12)}})
        self.refuse_step("STEP_MALFORMED", "plan.items", teilhabeplan=plan, parts={"plan": {"items": plan_items(11)}})
        self.refuse_step("STEP_MALFORMED", "plan", teilhabeplan=plan)

    def test_N_09_a_stage_out_of_order(self):
        application = self.ba.apply(self.open(), "BERUFSBILDUNGSBEREICH")
        self.ba.plan(self.case, application)
        self.look()
        self.refuse_decision("STAGE_OUT_OF_ORDER", application, facts={"ev_done": False})
        self.assertIn("ev_done", self.refuse_decision("FACTS_MISSING", application))

    def test_N_09_a_stage_that_has_begun_is_not_done(self):
        decided = self.granted()
        self.ba.step(self.case, service_started={"decision": decided, "first_day": day("2026-02-01")})
        application = self.ba.apply(self.case, "BERUFSBILDUNGSBEREICH")
        self.ba.plan(self.case, application, version=2)
        self.look()
        self.refuse_decision("STAGE_OUT_OF_ORDER", application)
        self.refuse_decision("FACT_FROM_CASE", application, facts={"ev_done": True})

    def test_a_start_before_the_decision_and_outside_the_grant(self):
        decided = self.granted()
        for reason, first in (("START_BEFORE_DECISION", "2026-01-04"), ("START_BEFORE_GRANT", "2026-01-31"),
                              ("START_AFTER_GRANT", "2026-05-01")):
            self.refuse_step(reason, "step.service_started.first_day",
                             service_started={"decision": decided, "first_day": day(first)})
        for unknown in (decided - 1, decided + 1, 0, -1):
            self.refuse_step("STEP_UNKNOWN", "step.service_started.decision",
                             service_started={"decision": unknown, "first_day": day("2026-02-01")})

    def test_an_end_before_the_start_and_a_case_that_would_drop_out(self):
        decided = self.granted()
        started = self.ba.step(self.case, service_started={"decision": decided, "first_day": day("2026-02-01")})
        self.look()
        ended = {"service": started, "last_day": day("2026-01-31"), "reason": "SERVICE_END_REASON_LEFT"}
        self.refuse_step("END_BEFORE_START", "step.service_ended.last_day", service_ended=ended)
        ended["last_day"] = day("2026-03-31")
        self.refuse_step("CASE_WOULD_DROP_OUT", "step", service_ended=ended)
        self.refuse_step("STEP_UNKNOWN", "step.service_ended.service", service_ended={**ended, "service": decided})
        self.refuse_step("SERVICE_RUNS", "step.service_started.decision",
                         service_started={"decision": decided, "first_day": day("2026-02-01")})
        self.refuse_step("SERVICE_RUNS", "step.ended", ended={"reason": "END_REASON_WITHDRAWN"})

    def test_an_application_without_capacity_or_power(self):
        self.open(person=CHILD)
        apply = {"eingang_day": TODAY, "stage": "STAGE_EINGANGSVERFAHREN"}
        self.refuse_step("APPLICANT_WITHOUT_CAPACITY", "step.application.applicant",
                         application={**apply, "applicant": "APPLICANT_PERSON"})
        by = {**apply, "applicant": "APPLICANT_REPRESENTATIVE"}
        self.refuse_step("REPRESENTATION_MISSING", "step.application.representation", application=by)
        beistand = self.ba.step(self.case, representation={}, parts={"representation": {
            "kind": "REPRESENTATION_KIND_BEISTAND", "name": "B. Stand", "matters": MATTER, "from_day": TODAY,
            "proof": "Vollmacht gesehen", "proof_day": TODAY}})
        self.look()
        self.refuse_step("REPRESENTATION_NOT_VALID", "step.application.representation",
                         application={**by, "representation": beistand})
        self.refuse_step("STEP_MALFORMED", "step.application.applicant", application=apply)
        self.refuse_step("STEP_MALFORMED", "step.application.stage",
                         application={"eingang_day": TODAY, "applicant": "APPLICANT_PERSON"})

    def test_a_contribution_of_a_non_party(self):
        case = self.open()
        report = {"case": case, "event_day": TODAY, "report": {"kind": "report"}, "text": {"text": "Verlauf."}}
        self.unchanged(self.lvr.ask("CaseService/Contribute", "CASE_UNKNOWN", request_id="r", **report))
        self.lvr.sign(case, "DOSSIER_UNKNOWN", contribution={"record": "report"})
        self.unchanged(self.ba.ask("CaseService/Contribute", "CONTRIBUTION_OWN", request_id="r", **report))
        for method in ("GetTimeline", "ListAccesses"):
            self.lvr.ask("CaseService/" + method, "CASE_UNKNOWN", case=case)

    def test_a_moved_head(self):
        case = self.open()
        old = self.seen["head"]
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.look()
        self.ba.heads[case] = old
        self.refuse_step("HEAD_MOVED", "expected_head", parts={"needs": {"summary": "Bedarf"}},
                         assessment={"application": application, "instrument": "BEI_NRW"})
        self.ba.heads[case] = old
        self.refuse_decision("HEAD_MOVED", application, last="2026-04-30")
        self.ba.heads[case] = old
        self.unchanged(self.ba.write("EndParty", case, "HEAD_MOVED", member="lwl"))

    def test_a_purpose_that_the_role_may_not_have(self):
        case = self.open()
        for official in (False, True):
            for purpose in ("accounting", "remedy", "supervision", "statistics", "information", "CASE_WORK", "x" * 300):
                self.ba.write("RecordStep", case, "PURPOSE_NOT_ALLOWED", official, purpose, event_day=TODAY,
                              step={"report": {"kind": "report"}})
            self.ba.write("RecordStep", case, "PURPOSE_MISSING", official, "", event_day=TODAY,
                          step={"report": {"kind": "report"}})
        self.unchanged()
        for purpose, official in (("remedy", False), ("supervision", False), ("information", False),
                                  ("statistics", True), ("invented", True)):
            for method in ("GetCase", "GetTimeline", "ListAccesses"):
                self.ba.ask("CaseService/" + method, "PURPOSE_NOT_ALLOWED", official, purpose, case=case)

    def test_a_system_that_decides(self):
        application = self.ba.apply(self.open(), "EINGANGSVERFAHREN")
        self.ba.plan(self.case, application)
        self.look()
        decision = {"application": application, "outcome": "DECISION_OUTCOME_GRANTED", "first_day": day("2026-02-01"),
                    "last_day": day("2026-04-30")}
        asked = {"event_day": TODAY, "decision": decision, "facts": {**FACTS, **FIT}}
        self.unchanged(self.ba.write("Decide", self.case, "OFFICIAL_REQUIRED", **asked))
        self.refuse_step("STEP_NOT_RECORDED", "step", decision=decision)
        self.unchanged(self.ba.write("Decide", self.case, "PURPOSE_NOT_ALLOWED", True, "remedy", **asked))
        self.unchanged(self.ba.ask("CaseService/Decide", official=True, case=self.case, request_id="check",
                                   expected_head=self.seen["head"], check_only=True, **asked))

    def test_a_fact_that_the_case_holds(self):
        application = self.ba.apply(self.open(), "EINGANGSVERFAHREN")
        self.ba.plan(self.case, application)
        self.look()
        for fact, value in (("teilhabeplan", True), ("gesamtplan", False), ("application_made", True),
                            ("application_day", TODAY), ("birth_date", ANNA["birth_day"]), ("needs_determined", True),
                            ("very_high_need", False), ("two_years_may_not_fit", False), ("basismodul", True),
                            ("bbb_statement", True), ("initial_months", 3)):
            refused = self.ba.decide(self.case, application, expected="FACT_FROM_CASE", last="2026-04-30",
                                     facts={fact: value})
            self.assertIn(f"Field: facts.{fact}", refused)
        self.unchanged()

    def test_an_application_twice_a_day_to_come_and_a_day_without_evidence(self):
        self.ba.apply(self.open(), "EINGANGSVERFAHREN")
        self.look()
        apply = {"eingang_day": TODAY, "stage": "STAGE_EINGANGSVERFAHREN", "applicant": "APPLICANT_PERSON"}
        self.refuse_step("APPLICATION_OPEN", "step.application.stage", application=apply)
        other = {**apply, "stage": "STAGE_ARBEITSBEREICH"}
        self.refuse_step("STEP_MALFORMED", "step.application.eingang_day",
                         application={**other, "eingang_day": TOMORROW})
        self.refuse_step("STEP_MALFORMED", "event_day", on=TOMORROW, application=other)
        self.refuse_step("STEP_MALFORMED", "event_day", on=day("2026-02-30"), application=other)
        self.refuse_step("STEP_MALFORMED", "step")
        early = self.ba.open_case(on=day("2025-12-01"))
        before = self.ba.case(early)
        self.ba.write("RecordStep", early, "BACKDATING_EVIDENCE_MISSING", event_day=day("2025-12-02"),
                      step={"application": {**apply, "eingang_day": day("2025-12-02")}})
        self.assertEqual(self.ba.case(early), before)

    def test_a_person_who_cannot_be(self):
        for where, person, contact in (
                ("person.family_name", {**ANNA, "family_name": ""}, BIELEFELD),
                ("person.given_names", {**ANNA, "given_names": "A\u0007"}, BIELEFELD),
                ("person.former_names", {**ANNA, "former_names": [" "]}, BIELEFELD),
                ("person.birth_day", {**ANNA, "birth_day": TOMORROW}, BIELEFELD),
                ("person.birth_day", {**ANNA, "birth_day": day("1899-12-31")}, BIELEFELD),
                ("contact.municipality", ANNA, {**BIELEFELD, "municipality": "5711000"})):
            case = secrets.token_hex(16)
            refused = self.ba.ask("CaseService/OpenCase", "PERSON_MALFORMED", case=case, request_id="open",
                                  event_day=TODAY, person=person, contact=contact)
            self.assertIn(f"  Field: {where}\n", refused)
            self.ba.ask("CaseService/GetCase", "CASE_UNKNOWN", case=case)
        good = {"request_id": "open", "event_day": TODAY, "person": ANNA, "contact": BIELEFELD}
        self.ba.ask("CaseService/OpenCase", "DOSSIER_INVALID", case="A" * 32, **good)
        self.ba.ask("CaseService/OpenCase", "DOSSIER_EXISTS", case=self.open(), **{**good, "request_id": "again"})
        self.unchanged()

    def test_a_request_id_used_again(self):
        case = self.open()
        step = {"case": case, "expected_head": self.seen["head"], "event_day": TODAY, "request_id": "first"}
        application = {"eingang_day": TODAY, "stage": "STAGE_EINGANGSVERFAHREN", "applicant": "APPLICANT_PERSON"}
        first = self.ba.ask("CaseService/RecordStep", step={"application": application}, **step)
        self.ba.step(case, report={"kind": "report"})
        self.look()
        # The same again gets the first answer, whatever has happened since.
        again = self.ba.ask("CaseService/RecordStep", step={"application": application}, **step)
        self.assertEqual(self.unchanged(again), first)
        report = {"report": {"kind": "report"}}
        for other in ({"application": {**application, "stage": "STAGE_ARBEITSBEREICH"}}, report):
            self.unchanged(self.ba.ask("CaseService/RecordStep", "REQUEST_ID_REUSED", step=other, **step))
        self.unchanged(self.ba.ask("CaseService/EndParty", "REQUEST_ID_REUSED", case=case, member="lwl",
                                   expected_head=self.seen["head"], request_id="first"))
        for missing in ("", "x" * 65):
            self.unchanged(self.ba.ask("CaseService/RecordStep", "REQUEST_ID_MISSING", step=report,
                                       **{**step, "request_id": missing, "expected_head": self.seen["head"]}))

    def test_a_decision_sent_again(self):
        application = self.ba.apply(self.open(), "EINGANGSVERFAHREN")
        self.ba.plan(self.case, application)
        request = {"case": self.case, "request_id": "decide", "expected_head": self.look()["head"], "event_day": TODAY,
                   "facts": {**FACTS, **FIT}, "decision": {
                       "application": application, "outcome": "DECISION_OUTCOME_GRANTED",
                       "first_day": day("2026-02-01"), "last_day": day("2026-04-30")}}
        first = self.ba.ask("CaseService/Decide", official=True, **request)
        self.look()
        again = self.ba.ask("CaseService/Decide", official=True, **request)
        self.assertEqual(self.unchanged(again), first)  # With the grounds, read back from its event.
        self.assertTrue(first["grounds"]["findings"] and first["grounds"]["facts"])
        self.unchanged(self.ba.ask("CaseService/Decide", "REQUEST_ID_REUSED", True, **{**request, "reasons": "anders"}))
        self.refuse_decision("APPLICATION_DECIDED", application, last="2026-04-30")

    def test_a_step_written_past_the_case_service(self):
        case = self.open()
        step = {"name": "verfahren", "category": "CATEGORY_PROCEDURE",
                "payload": {"type": "teilhabe.participants.v1.Procedure", "content": b64(field(9, b""))}}
        header = {"kind": "EVENT_KIND_RECORDED", "record": "service_started", "event_day": TODAY, "legal_basis": BASIS}
        request = {"dossier": case, "request_id": "past", "expected_head": self.seen["head"]}
        for sections in ([step], [{**step, "name": "anders"}], []):
            self.unchanged(self.ba.call("AppendEvent", "USE_CASE_SERVICE", draft={
                "header": header, "sections": sections}, **request))
        self.unchanged(self.ba.call("AppendEvent", "EVENT_NOT_DRAFTED", draft={
            "header": {**header, "record": "zahlung"}, "sections": [{**step, "name": "anders"}]}, **request))
        # Nor is what a step or a decision rests on put in other words.
        for name in ("verfahren", "vertretung/p1", "begruendung/p1", "tatsachen/p1", ""):
            self.unchanged(self.ba.call("AppendEvent", "USE_CASE_SERVICE", draft={"header": {
                "kind": "EVENT_KIND_CORRECTED", "event_day": TODAY, "legal_basis": BASIS,
                "corrected": {"sequence": 1, "name": name, "reason": "anders"}}}, **request))
        # Nor does it go to another agency past what that needs.
        grant = {"to": "lwl", "grant": {"relation": "next_stage"}}
        for kind, detail in (("ANNOUNCED", {"announced": grant}), ("OFFERED", {"offered": {**grant, "request_sequence": 1}}),
                             ("FORWARDED", {"forwarded": {"to": "lwl", "eingang_day": TODAY,
                                                          "grant": {"relation": "forwarding"}}}),
                             ("SENT_OUTSIDE", {"sent_outside": {"addressee": "irgendwer", "review_day": TODAY}}),
                             ("PARTY_ADMITTED", {"party_admitted": {"member": "lwl", "from_day": TODAY,
                                                                    "grant": {"relation": "involved"}}})):
            self.unchanged(self.ba.call("AppendEvent", "USE_CASE_SERVICE", draft={
                "header": {"kind": "EVENT_KIND_" + kind, "event_day": TODAY, "legal_basis": BASIS, **detail}}, **request))
        # A record of another name is in the log, and no step.
        self.ba.call("AppendEvent", draft={"header": {**header, "record": "zahlung"}}, **request)
        after = self.ba.case(case)
        self.assertNotEqual(after["head"], self.seen["head"])
        self.assertEqual((after.get("steps"), after["rest"]), (None, self.seen["rest"]))


if __name__ == "__main__":
    unittest.main()
