#!/usr/bin/env python3
"""Cases over real nodes: the requirements of participants, eligibility and handover, each under its number."""

import base64
import json
import secrets
import unittest

from case_network import ANNA, BIELEFELD, TODAY, CaseAgency, day
from dossier_network import Network, b64, eventually
from node_process import ROOT

MEMBERS = ["rd-nrw", "drv-westfalen", "lwl", "lvr"]
HISTORY = day("2023-01-09")


def ev(agency, case, **more):
    agency.stage(case, "EINGANGSVERFAHREN", "2023-01-09", "2023-02-01", "2023-04-30", **more)


def bbb(agency, case, **more):
    agency.stage(case, "BERUFSBILDUNGSBEREICH", "2023-04-03", "2023-05-01", "2024-04-30", **more)


class Cases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network(MEMBERS)
        cls.addClassCleanup(cls.network.close)
        cls.ba, cls.drv, cls.lwl, cls.lvr = (CaseAgency(cls.network, member) for member in MEMBERS)

    def ready_for_work(self):
        """A case with Eingangsverfahren and Berufsbildungsbereich behind it, at the BA."""
        case = self.ba.open_case(on=HISTORY)
        ev(self.ba, case)
        bbb(self.ba, case)
        return case

    def handed_over(self, case):
        """Offers the case to the LWL for the Arbeitsbereich, which takes it; returns the application."""
        application = self.ba.apply(case, "ARBEITSBEREICH")
        self.ba.plan(case, application, version=3, gesamtplan=True)
        self.ba.step(case, report={"kind": "fachliche_stellungnahme"})
        self.ba.write("OfferCase", case, to="lwl", request=application)
        offer = self.lwl.see(case)["offer_hash"]
        self.lwl.ask("CaseService/AnswerCase", case=case, request_id=secrets.token_hex(8), offer_hash=offer, accept=True)
        self.assertTrue(eventually(lambda: self.ba.case(case)["holder"] == "lwl"))
        return application

    def test_C_04_a_party_sees_its_categories_and_nobody_else_anything(self):
        case = self.ba.open_case()
        self.lvr.ask("CaseService/GetCase", "CASE_UNKNOWN", case=case)
        self.ba.write("InvolveParty", case, member="lvr", relation="involved", categories=["CATEGORY_IDENTITY"])
        seen = self.lvr.see(case)
        self.assertNotIn("person", seen)  # Recorded before it came; older sections need a release.
        self.ba.write("EndParty", case, member="lvr")
        self.assertTrue(eventually(lambda: self.lvr.ask("CaseService/GetCase", "CASE_UNKNOWN", case=case)))
        self.ba.write("InvolveParty", case, member="drv-westfalen", relation="involved",
                      categories=["CATEGORY_IDENTITY"], release_older=True)
        seen = self.drv.see(case)
        self.assertTrue(eventually(lambda: "person" in self.drv.case(case)))
        self.assertNotIn("contact", self.drv.case(case))
        self.drv.ask("CaseService/GetCase", "PURPOSE_NOT_ALLOWED", purpose="remedy", case=case)
        self.drv.ask("CaseService/GetCase", "PURPOSE_MISSING", purpose="", case=case)
        self.assertNotIn("person", self.drv.case(case, purpose="statistics"))

    def test_C_06_a_case_goes_through_the_stages_and_from_the_BA_to_the_LWL(self):
        case = self.ready_for_work()
        self.ba.write("AnnounceCase", case, to="lwl", stage="STAGE_ARBEITSBEREICH")
        self.lwl.see(case)
        self.assertTrue(eventually(lambda: "fachliche_stellungnahme" in self.ba.case(case).get("missing", [])))
        self.assertNotIn("person", self.lwl.case(case))  # Announced: names of sections only.
        application = self.ba.apply(case, "ARBEITSBEREICH")
        refused = self.ba.write("OfferCase", case, "HANDOVER_INCOMPLETE", to="lwl", request=application)
        self.assertIn("fachliche_stellungnahme", refused)
        self.ba.write("OfferCase", case, "REQUEST_MISSING", to="lwl", request=1)
        self.ba.plan(case, application, version=3, gesamtplan=True)
        self.ba.step(case, report={"kind": "fachliche_stellungnahme"})
        self.ba.write("OfferCase", case, to="lwl", request=application)
        self.ba.write("OfferCase", case, "LOG_FROZEN", to="lwl", request=application)
        self.assertTrue(eventually(lambda: "offer_hash" in self.lwl.case(case)))
        offer = self.lwl.case(case)["offer_hash"]
        self.lwl.ask("CaseService/AnswerCase", "NOT_MISSING", case=case, request_id="no", offer_hash=offer,
                     reasons=["DECLINE_REASON_ITEM_MISSING"], missing=["teilhabeplan"])
        self.lwl.ask("CaseService/AnswerCase", case=case, request_id="yes", offer_hash=offer, accept=True)
        self.assertTrue(eventually(lambda: self.ba.case(case)["holder"] == "lwl"))
        here = self.lwl.case(case)
        self.assertEqual((here["standing"], here["leistende_traeger"]), ("STANDING_HOLDER", ["lwl"]))
        self.assertEqual(here["person"]["family_name"], "Beispiel")
        granted = self.lwl.decide(case, application, provider_type="PROVIDER_TYPE_WFBM")
        self.assertTrue(granted)
        # Onward: to the general labour market, with a documented end.
        self.assertEqual(self.lwl.case(case)["rest"]["kind"], "REST_KIND_GRANTED")

    def test_roles_timeline_and_accesses_from_both_nodes(self):
        case = self.ready_for_work()
        application = self.handed_over(case)
        self.lwl.decide(case, application)
        lines = {}
        for agency in (self.ba, self.lwl):
            self.assertTrue(eventually(lambda: any("Arbeitsbereich bewilligt" in entry["text"]
                                                   for entry in agency.timeline(case)["entries"])))
            lines[agency.member] = agency.timeline(case)
            self.assert_paged(agency, case, lines[agency.member])
        at = {agency: [(entry["agency"], entry["kind"]) for entry in shown["entries"] if "sequence" in entry]
              for agency, shown in lines.items()}
        self.assertEqual(at["rd-nrw"], at["lwl"])
        roles = lines["lwl"]["roles"]
        self.assertEqual([period["holder"] for period in (roles[0], roles[-1])], ["rd-nrw", "lwl"])
        self.assertEqual(roles, lines["rd-nrw"]["roles"])
        for before, after in zip(roles, roles[1:]):
            self.assertNotIn("last_day", roles[-1])
            self.assertLess(tuple(before["last_day"].values()), tuple(after["first_day"].values()))
        during_bbb = next(period for period in roles if period["first_day"] == day("2023-05-01"))
        self.assertEqual([part["agency"] for part in during_bbb["leistende_traeger"]], ["rd-nrw"])
        self.assertEqual(during_bbb["issuers"], ["rd-nrw"])
        self.assertEqual(roles[-1]["leistende_traeger"][0]["agency"], "lwl")
        seen = self.lwl.ask("CaseService/ListAccesses", purpose="information", official=True, case=case)
        self.assertEqual({access["agency"] for access in seen["accesses"]}, {"rd-nrw", "lwl"})
        self.assertTrue(all(access["purpose"] and access["actor"] for access in seen["accesses"]
                            if access["action"] == "get-case"))
        verified = self.lwl.ask("CaseService/VerifyAccessLog", official=True)
        self.assertGreater(int(verified["size"]), 0)

    def assert_paged(self, agency, case, whole):
        """By pages of four the same entries come, and the roles with the first page only."""
        asked = {"case": case, "page_size": 4}
        page = agency.ask("CaseService/GetTimeline", **asked)
        self.assertEqual(page["roles"], whole["roles"])
        entries = page["entries"]
        while page.get("next_page_token"):
            self.assertEqual(len(page["entries"]), 4)
            page = agency.ask("CaseService/GetTimeline", **asked, page_token=page["next_page_token"])
            self.assertNotIn("roles", page)
            entries += page["entries"]
        self.assertEqual(entries, whole["entries"])
        agency.ask("CaseService/GetTimeline", "PAGE_SIZE", case=case, page_size=-1)
        agency.ask("CaseService/GetTimeline", "PAGE_TOKEN", case=case, page_token="x")

    def test_a_former_holder_sees_the_procedure_and_what_it_issued(self):
        case = self.ready_for_work()
        self.handed_over(case)
        self.assertNotIn("person", self.ba.case(case))
        self.assertIn("CATEGORY_IDENTITY", self.ba.case(case)["withheld"])
        self.assertIn("person", self.ba.case(case, purpose="remedy", official=True))
        self.ba.step(case, "NOT_HOLDER", report={"kind": "report"})
        self.ba.ask("CaseService/Contribute", case=case, request_id="late", event_day=TODAY, report={"kind": "report"},
                    text={"text": "Nachtrag zum Verlauf."})
        self.assertTrue(eventually(lambda: any("report" in step["step"] and step["author"] == "rd-nrw" and
                                               step["step"]["report"]["kind"] == "report"
                                               for step in self.lwl.case(case)["steps"])))

    def test_T_32_the_BA_pays_the_training_and_the_LWL_may_not_decide_on_it(self):
        case = self.lwl.open_case()
        application = self.lwl.apply(case, "EINGANGSVERFAHREN", provider_type="PROVIDER_TYPE_ALA")
        self.lwl.plan(case, application)
        refused = self.lwl.decide(case, application, expected="NOT_COMPETENT", last="2026-04-30")
        self.assertIn("§ 14", refused)
        self.lwl.write("ForwardCase", case, to="rd-nrw", application=application)
        self.assertTrue(eventually(lambda: self.ba.case(case)["standing"] == "STANDING_HOLDER"))
        here = self.ba.case(case)
        self.assertEqual(here["leistende_traeger"], ["rd-nrw"])
        self.assertEqual(here["person"]["given_names"], "Anna")
        # What § 14 carries is the application; need and plan are the second agency's own.
        self.ba.decide(case, application, expected="NO_TEILHABEPLAN", last="2026-04-30",
                       facts={"several_traeger": True}) if not any(
            "teilhabeplan" in step["step"] for step in here["steps"]) else None
        decided = self.ba.decide(case, application, last="2026-04-30")
        decision = next(step["step"]["decision"] for step in self.ba.case(case)["steps"] if int(step["sequence"]) == decided)
        self.assertEqual((decision["leistender_traeger"], decision["competent_traeger"]), ("rd-nrw", "rd-nrw"))

    def test_T_21_the_LWL_is_competent_for_the_work_and_the_BA_is_not(self):
        case = self.ready_for_work()
        application = self.ba.apply(case, "ARBEITSBEREICH")
        self.ba.plan(case, application, version=3, gesamtplan=True)
        self.ba.decide(case, application, expected="NOT_COMPETENT")
        self.ba.step(case, report={"kind": "fachliche_stellungnahme"})
        self.ba.write("OfferCase", case, to="lwl", request=application)
        offer = self.lwl.see(case)["offer_hash"]
        self.lwl.ask("CaseService/AnswerCase", case=case, request_id="yes", offer_hash=offer, accept=True)
        decided = self.lwl.decide(case, application, provider_type="PROVIDER_TYPE_ALA")
        decision = next(step["step"]["decision"] for step in self.lwl.case(case)["steps"] if int(step["sequence"]) == decided)
        self.assertEqual((decision["leistender_traeger"], decision["competent_traeger"]), ("lwl", "lwl"))

    def test_T_91_who_comes_back_from_an_ala_has_a_right_to_the_WfbM(self):
        case = self.lwl.open_case()
        application = self.lwl.apply(case, "ARBEITSBEREICH", provider_type="PROVIDER_TYPE_WFBM")
        self.lwl.plan(case, application, gesamtplan=True)
        back = {"return_from": ["RETURN_FROM_ALA"], "bbb_done": False, "ev_done": False}
        self.lwl.decide(case, application, expected="STAGE_OUT_OF_ORDER", provider_type="PROVIDER_TYPE_ALA", facts=back)
        self.assertTrue(self.lwl.decide(case, application, provider_type="PROVIDER_TYPE_WFBM", facts=back))

    def test_N_04_no_admission_without_assessment_determination_and_plan(self):
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ba.step(case, "ASSESSMENT_MISSING", determination={"application": application, "assessment": 1},
                     parts={"needs": {"summary": "Bedarf"}})
        self.ba.step(case, "DETERMINATION_MISSING", parts={"plan": {"items": [
            {"number": number, "text": "x"} for number in range(1, 13)]}}, teilhabeplan={
            "application": application, "version": 1, "review_day": day("2026-12-01")})
        self.ba.decide(case, application, expected="NO_TEILHABEPLAN", last="2026-04-30")
        assessed = self.ba.step(case, assessment={"application": application, "instrument": "BEI_NRW"},
                                parts={"needs": {"summary": "Bedarf", "very_high_support": True}})
        self.ba.step(case, determination={"application": application, "assessment": assessed},
                     parts={"needs": {"summary": "Bedarf", "very_high_support": True}})
        self.ba.step(case, "STEP_MALFORMED", parts={"plan": {"items": [{"number": 1, "text": "x"}]}}, teilhabeplan={
            "application": application, "version": 1, "review_day": day("2026-12-01")})
        self.ba.decide(case, application, expected="NO_TEILHABEPLAN", last="2026-04-30")

    def test_N_05_entitlement_and_better_access_are_two_findings(self):
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ba.plan(case, application)
        self.ba.decide(case, application, expected="NOT_ENTITLED", last="2026-04-30", facts={"personenkreis": False})
        self.ba.decide(case, application, expected="BETTER_ACCESS", last="2026-04-30", facts={"better_access": True})
        missing = self.ba.decide(case, application, expected="FACTS_MISSING", last="2026-04-30",
                                 facts={"personenkreis": None})
        self.assertIn("personenkreis", missing)

    def test_N_06_the_eingangsverfahren_is_open_whatever_the_need(self):
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ba.plan(case, application, needs={"very_high_support": True})
        self.ba.decide(case, application, expected="INITIAL_TOO_SHORT", last="2026-02-28")
        self.assertTrue(self.ba.decide(case, application, last="2026-04-30"))

    def test_N_07_the_berufsbildungsbereich_follows_and_runs(self):
        case = self.ba.open_case(on=HISTORY)
        ev(self.ba, case)
        bbb(self.ba, case)
        states = [step["step"] for step in self.ba.case(case)["steps"]]
        self.assertEqual(sum("service_ended" in step for step in states), 2)

    def test_N_09_the_work_comes_after_both_stages(self):
        case = self.ba.open_case(on=HISTORY)
        ev(self.ba, case)
        application = self.ba.apply(case, "ARBEITSBEREICH")
        self.ba.plan(case, application, version=2, gesamtplan=True)
        self.ba.decide(case, application, expected="STAGE_OUT_OF_ORDER", facts={"bbb_done": False})

    def test_N_10_nobody_drops_out_and_overdue_reviews_surface(self):
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        self.ba.plan(case, application)
        not_entitled = {"personenkreis": False}
        ground = next(rule for rule in self.grounds(case, application, not_entitled))
        self.ba.decide(case, application, "REFUSED", "CASE_WOULD_DROP_OUT", facts=not_entitled, ground=ground, reasons="x")
        self.ba.decide(case, application, "REFUSED", "GROUND_NOT_FOUND", facts=not_entitled, ground="invented", reasons="x",
                       individual_solution={"review_day": day("2026-03-02")}, solution="Tagesstruktur")
        self.ba.decide(case, application, "REFUSED", "REASONS_MISSING", facts=not_entitled, ground=ground,
                       individual_solution={"review_day": day("2026-03-02")}, solution="Tagesstruktur")
        self.ba.decide(case, application, "REFUSED", facts=not_entitled, ground=ground, reasons="Nicht im Personenkreis.",
                       individual_solution={"review_day": day("2026-03-02")}, solution="Tagesstruktur")
        rest = self.ba.case(case)["rest"]
        self.assertEqual((rest["kind"], rest["due_day"]), ("REST_KIND_INDIVIDUAL_SOLUTION", day("2026-03-02")))
        self.ba.step(case, "REVIEW_TOO_LATE", individual_solution={"review_day": day("2029-01-01")},
                     parts={"solution": {"text": "später"}})
        due = self.ba.ask("CaseService/ListCases", due_by=day("2026-03-02"), rest="REST_KIND_INDIVIDUAL_SOLUTION")
        self.assertIn(case, [listed["case"] for listed in due["cases"]])
        early = self.ba.ask("CaseService/ListCases", due_by=day("2026-03-01"), rest="REST_KIND_INDIVIDUAL_SOLUTION")
        self.assertNotIn(case, [listed["case"] for listed in early.get("cases", [])])

    def grounds(self, case, application, facts):
        """Rules that say no, from the error of a grant."""
        refused = self.ba.decide(case, application, expected="NOT_ENTITLED", last="2026-04-30", facts=facts)
        return [line.split(": ")[1] for line in refused.splitlines() if line.strip().startswith("Rule: ")]


if __name__ == "__main__":
    unittest.main()
