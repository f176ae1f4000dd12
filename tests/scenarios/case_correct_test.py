#!/usr/bin/env python3
"""What an agency recorded wrongly and puts right (Art. 16 GDPR, law.md 8a.4), and what follows a death (law.md 8a.3)."""

import unittest

from case_network import TODAY, CaseAgency, day
from dossier_network import Network, eventually

MEMBERS = ["rd-nrw", "lwl", "lvr"]
EARLIER = day("2025-12-01")


class Corrections(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network(MEMBERS)
        cls.addClassCleanup(cls.network.close)
        cls.ba, cls.lwl, cls.lvr = (CaseAgency(cls.network, member) for member in MEMBERS)

    def correct(self, case, sequence, expected="", agency=None, reason="Verwechslung", **step):
        return (agency or self.ba).write("CorrectStep", case, expected, sequence=sequence, step=step, reason=reason)

    def running(self):
        """A case with a service that runs; the sequences of application, decision and service."""
        case = self.ba.open_case(on=EARLIER)
        application = self.ba.apply(case, "EINGANGSVERFAHREN", on=EARLIER)
        self.ba.plan(case, application, on=EARLIER)
        decided = self.ba.decide(case, application, on=EARLIER, first="2025-12-08", last="2026-03-07")
        began = self.ba.step(case, on=day("2025-12-08"), service_started={
            "decision": decided, "first_day": day("2025-12-08")})
        return case, application, decided, began

    def texts(self, agency, case):
        return [entry["text"] for entry in agency.timeline(case)["entries"]]

    def test_8a4_a_death_of_somebody_else_is_voided_and_the_case_goes_on(self):
        case, _, _, _ = self.running()
        self.ba.write("InvolveParty", case, member="lvr", relation="involved")
        died = self.ba.step(case, ended={"reason": "END_REASON_DEATH"})
        self.assertEqual(self.lvr.see(case)["holder"], "rd-nrw")
        self.correct(case, died, "STEP_MALFORMED", reason="", voided={})
        corrected = self.correct(case, died, voided={})
        for agency in (self.ba, self.lvr):
            self.assertTrue(eventually(lambda: int(agency.case(case)["sequence"]) >= corrected))
            self.assertEqual(agency.case(case)["rest"]["kind"], "REST_KIND_SERVICE")
            self.assertNotIn(died, [int(step["sequence"]) for step in agency.case(case)["steps"]])
            texts = self.texts(agency, case)
            self.assertIn("Fall beendet: Tod der leistungsberechtigten Person", texts)
            self.assertIn(f"Berichtigt: Eintrag {died}, bisher „Fall beendet: Tod der leistungsberechtigten Person“, "
                          "jetzt gestrichen; Grund: Verwechslung", texts)
        self.correct(case, corrected, "STEP_UNKNOWN", voided={})  # The correction is no step.
        # It was so after all.
        self.correct(case, died, reason="Doch.", ended={"reason": "END_REASON_DEATH"})
        seen = self.ba.case(case)
        again = next(step for step in seen["steps"] if int(step["sequence"]) == died)
        self.assertEqual((seen["rest"]["kind"], int(again["corrected_by"])), ("REST_KIND_ENDED", corrected + 1))

    def test_8a4_a_wrong_eingang_day_counts_everywhere_and_both_are_shown(self):
        case, application, _, _ = self.running()
        fixed = {"eingang_day": day("2025-11-28"), "stage": "STAGE_EINGANGSVERFAHREN",
                 "applicant": "APPLICANT_PERSON"}
        self.correct(case, application, "STEP_MALFORMED", application={**fixed, "eingang_day": TODAY})
        self.correct(case, application, application=fixed)
        shown = next(step["step"] for step in self.ba.case(case)["steps"] if int(step["sequence"]) == application)
        self.assertEqual(shown["application"]["eingang_day"], day("2025-11-28"))
        self.assertTrue(any("01.12.2025" in text and "28.11.2025" in text for text in self.texts(self.ba, case)))

    def test_8a4_what_later_steps_rest_on_stays(self):
        case, application, decided, began = self.running()
        head = self.ba.case(case)["head"]
        rested = self.correct(case, application, "STEP_RESTED_ON", voided={})
        self.assertIn(str(application + 1), rested)
        self.correct(case, application + 3, "STEP_RESTED_ON", voided={})  # The plan that the decision rests on.
        self.correct(case, decided, "STEP_NOT_CORRECTED", voided={})
        self.correct(case, 1, "STEP_UNKNOWN", voided={})
        self.correct(case, 999, "STEP_UNKNOWN", voided={})
        self.correct(case, began, "STEP_MALFORMED", report={"kind": "report"})
        self.ba.step(case, "STEP_MALFORMED", voided={})
        self.assertEqual(self.ba.case(case)["head"], head)
        # A wrong end: a day earlier, with what follows as it was; and not so that nothing follows (N-10).
        end = {"service": began, "last_day": TODAY, "reason": "SERVICE_END_REASON_LEFT",
               "individual_solution": {"review_day": day("2026-06-01")}}
        ended = self.ba.step(case, parts={"solution": {"text": "Neuer Anlauf im Sommer."}}, service_ended=end)
        self.correct(case, ended, service_ended={**end, "last_day": day("2026-01-02")})
        bare = {name: value for name, value in end.items() if name != "individual_solution"}
        self.correct(case, ended, "CASE_WOULD_DROP_OUT", service_ended=bare)
        self.correct(case, began, "STEP_RESTED_ON", voided={})
        self.correct(case, ended, voided={})
        self.assertEqual(self.ba.case(case)["rest"]["kind"], "REST_KIND_SERVICE")

    def test_8a4_what_another_agency_recorded_stays_its_own(self):
        case = self.lwl.open_case()
        application = self.lwl.apply(case, "EINGANGSVERFAHREN")
        self.lwl.write("ForwardCase", case, to="rd-nrw", application=application)
        self.assertTrue(eventually(lambda: self.ba.case(case)["standing"] == "STANDING_HOLDER"))
        self.correct(case, application, "STEP_OF_OTHER", voided={})
        self.correct(case, application, "NOT_HOLDER", self.lwl, voided={})

    def test_10_42_after_a_death_what_waits_is_decided_to_that_day_or_closed(self):
        case = self.lwl.open_case(on=EARLIER)
        application = self.lwl.apply(case, "ARBEITSBEREICH", on=EARLIER, provider_type="PROVIDER_TYPE_WFBM")
        self.lwl.plan(case, application, on=EARLIER, gesamtplan=True)
        self.lwl.step(case, on=day("2026-01-02"), ended={"reason": "END_REASON_DEATH"})
        seen = self.lwl.case(case)
        self.assertEqual((seen["rest"]["kind"], seen["leistende_traeger"]), ("REST_KIND_APPLICATION", ["lwl"]))
        back = {"return_from": ["RETURN_FROM_ALA"], "bbb_done": False, "ev_done": False}
        wfbm = {"provider_type": "PROVIDER_TYPE_WFBM", "facts": back, "first": "2025-12-08"}
        self.lwl.decide(case, application, expected="GRANT_AFTER_DEATH", last="2026-01-03", **wfbm)
        self.lwl.write("OfferCase", case, "CASE_ENDED", to="rd-nrw", request=application)
        granted = self.lwl.decide(case, application, last="2026-01-02", **wfbm)
        self.lwl.step(case, "CASE_ENDED", service_started={"decision": granted, "first_day": day("2025-12-08")})
        self.assertEqual(self.lwl.case(case)["rest"], {"kind": "REST_KIND_ENDED"})
        # Nothing survives: a further end says so.
        other = self.lwl.open_case()
        self.lwl.apply(other, "ARBEITSBEREICH")
        self.lwl.step(other, ended={"reason": "END_REASON_DEATH"})
        self.assertEqual(self.lwl.case(other)["rest"]["kind"], "REST_KIND_APPLICATION")
        self.lwl.step(other, ended={"reason": "END_REASON_DEATH"})
        self.assertEqual(self.lwl.case(other)["rest"]["kind"], "REST_KIND_ENDED")


if __name__ == "__main__":
    unittest.main()
