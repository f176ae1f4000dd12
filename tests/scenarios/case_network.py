"""What an agency's officials do with cases, as `teilhabe rpc` calls, for scenarios."""

import base64
import json
import secrets

from dossier_network import Agency, b64, eventually
from node_process import reason_of

TODAY = {"year": 2026, "month": 1, "day": 5}  # First day of the training networks.
ANNA = {"family_name": "Beispiel", "given_names": "Anna", "birth_day": {"year": 2001, "month": 5, "day": 31}}
BIELEFELD = {"street": "Musterweg 1", "postal_code": "33602", "place": "Bielefeld", "municipality": "05711000"}
# What carriers needs to know of her, beside what her case holds.
FACTS = {"cause": ["CAUSE_NONE"], "disability": ["DISABILITY_INTELLECTUAL"], "rv_personal": False, "insured_months": 0,
         "em_pension": False, "em_pension_imminent": False, "survivor_pension": False,
         "rv_exclusion": ["RV_EXCLUSION_NONE"], "first_application": "this"}
# What eligibility needs to know of her.
FIT = {"personenkreis": True, "better_access": False, "mindestmass": True, "exclusion_219": ["EXCLUSION219_NONE"],
       "reasoned_prognosis": False, "several_traeger": True, "return_from": ["RETURN_FROM_NONE"],
       "age_limit_reached": False, "labour_market_ability": False}


def day(text):
    year, month, number = (int(part) for part in text.split("-"))
    return {"year": year, "month": month, "day": number}


def plan_items(count):
    return [{"number": number, "text": "Inhalt"} if number < 9 else {"number": number, "not_applicable": True}
            for number in range(1, count + 1)]


class CaseAgency(Agency):
    """An agency as its case workers see it; `official` decides, its system does the rest."""

    def __init__(self, network, member):
        super().__init__(network, member)
        self.heads = {}  # Of each case, as last seen.

    def rpc(self, method, official=False, purpose="case_work", **request):
        words = ["--as", self.member, "--purpose", purpose] + (["--official", "sb-1"] if official else [])
        return self.network.cli(*words, "rpc", method, json.dumps(request))

    def ask(self, method, expected="", official=False, purpose="case_work", **request):
        done = self.rpc(method, official, purpose, **request)
        assert reason_of(done) == expected, (method, expected, done.stdout, done.stderr)
        return json.loads(done.stdout) if not expected else done.stderr

    def timeline(self, case, **more):
        return self.ask("CaseService/GetTimeline", case=case, page_size=1000, **more)

    def case(self, case, **more):
        seen = self.ask("CaseService/GetCase", case=case, **more)
        if "expected" not in more:
            self.heads[case] = seen["head"]
        return seen

    def open_case(self, person=None, contact=None, on=None, **more):
        case = secrets.token_hex(16)
        if on not in (None, TODAY):
            more["backdating_evidence"] = "Eingangsstempel"
        opened = self.ask("CaseService/OpenCase", case=case, request_id="open", event_day=on or TODAY,
                          person=person or ANNA, contact=contact or BIELEFELD, **more)
        self.heads[case] = opened["head"]["hash"]
        return case

    def stage(self, case, stage, applied, first, last, needs=None, plan=None, **decision):
        """A whole stage in the past, from the application to the completed service."""
        on = day(applied)
        application = self.apply(case, stage, on=on)
        version = 1 + sum("teilhabeplan" in step["step"] for step in self.case(case).get("steps", []))
        self.plan(case, application, on=on, needs=needs, version=version, **(plan or {}))
        decided = self.decide(case, application, on=on, first=first, last=last, **decision)
        started = self.step(case, on=day(first), service_started={"decision": decided, "first_day": day(first)})
        review = dict(day(last), year=day(last)["year"] + 1, day=1)
        self.step(case, on=day(last), parts={"solution": {"text": "Die nächste Stufe wird beantragt."}}, service_ended={
            "service": started, "last_day": day(last), "reason": "SERVICE_END_REASON_COMPLETED",
            "individual_solution": {"review_day": review}})
        return decided

    def write(self, method, case, expected="", official=False, purpose="case_work", **request):
        """A write at the present head; returns the sequence of the last event."""
        while True:
            if case not in self.heads:
                self.case(case)
            done = self.rpc("CaseService/" + method, official, purpose, case=case, request_id=secrets.token_hex(8),
                            expected_head=self.heads[case], **request)
            if reason_of(done) != "HEAD_MOVED" or expected == "HEAD_MOVED":
                break
            del self.heads[case]  # Something was delivered since; an official reads it and acts anew.
        assert reason_of(done) == expected, (method, expected, done.stdout, done.stderr)
        if expected:
            return done.stderr
        answer = json.loads(done.stdout)
        head = answer.get("answer", answer)["head"]
        self.heads[case] = head["hash"]
        return int(head["sequence"])

    def step(self, case, expected="", on=None, parts=None, **step):
        more = {} if on in (None, TODAY) else {"backdating_evidence": "Aktenvermerk"}
        return self.write("RecordStep", case, expected, event_day=on or TODAY, step=step, **more, **(parts or {}))

    def apply(self, case, stage, expected="", on=None, **more):
        return self.step(case, expected, on, application={
            "eingang_day": on or TODAY, "stage": "STAGE_" + stage, "applicant": "APPLICANT_PERSON", **more})

    def plan(self, case, application, gesamtplan=False, needs=None, on=None, version=1, **plan):
        """Assessment, determination, plan; returns the plan's sequence."""
        needs = {"summary": "Bedarf", **(needs or {})}
        assessed = self.step(case, on=on, assessment={"application": application, "instrument": "BEI_NRW"},
                             parts={"needs": needs})
        self.step(case, on=on, parts={"needs": needs},
                  determination={"application": application, "assessment": assessed})
        review = dict(on or TODAY, year=(on or TODAY)["year"] + 1)
        return self.step(case, on=on, parts={"plan": {"items": plan_items(12), **plan, **(
            {"gesamtplan_items": plan_items(7)} if gesamtplan else {})}},
            teilhabeplan={"application": application, "version": version, "review_day": review,
                          "gesamtplan": gesamtplan})

    def decide(self, case, application, outcome="GRANTED", expected="", on=None, facts=None, first="2026-02-01",
               last=None, reasons="", solution=None, **more):
        decision = {"application": application, "outcome": "DECISION_OUTCOME_" + outcome, **more}
        if outcome == "GRANTED":
            decision["first_day"] = day(first)
            if last:
                decision["last_day"] = day(last)
        request = {"event_day": on or TODAY, "decision": decision, "reasons": reasons,
                   "facts": {**FACTS, **FIT, **(facts or {})}}
        if on not in (None, TODAY):
            request["backdating_evidence"] = "Aktenvermerk"
        if solution:
            request["solution"] = {"text": solution}
        return self.write("Decide", case, expected, official=True, **request)

    def see(self, case, seconds=20):
        """Waits until the case is here."""
        def known():
            done = self.network.cli("--as", self.member, "rpc", "CaseService/GetCase", json.dumps({"case": case}))
            return done.returncode == 0
        assert eventually(known, seconds), f"{self.member} gets the case"
        return self.case(case)
