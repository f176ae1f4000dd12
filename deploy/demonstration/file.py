"""A person's file as the officials of an agency work on it; every act happens on the network's day."""

import hashlib

from network import Refused

# What an official knows beside what the file holds: of somebody who belongs to the Personenkreis and for whom nobody
# else than the body of the stage is competent.
KNOWN = {
    "cause": ["CAUSE_NONE"], "disability": ["DISABILITY_INTELLECTUAL"], "rv_personal": False, "insured_months": 0,
    "em_pension": False, "em_pension_imminent": False, "survivor_pension": False,
    "rv_exclusion": ["RV_EXCLUSION_NONE"], "first_application": "this", "personenkreis": True, "better_access": False,
    "mindestmass": True, "exclusion_219": ["EXCLUSION219_NONE"], "reasoned_prognosis": False, "several_traeger": True,
    "return_from": ["RETURN_FROM_NONE"], "age_limit_reached": False, "labour_market_ability": False}
CARRIER_FACTS = {"cause", "disability", "rv_personal", "insured_months", "em_pension", "em_pension_imminent",
                 "survivor_pension", "rv_exclusion", "first_application", "drv_account"}
EV, BBB, AB = "EINGANGSVERFAHREN", "BERUFSBILDUNGSBEREICH", "ARBEITSBEREICH"


def to_date(day):
    return {"year": day.year, "month": day.month, "day": day.day}


def competent(network, person, stage, day):
    """Who is materially competent for what begins on a day, by the carriers service; any node says the same."""
    facts = {**KNOWN, **person.get("facts", {})}
    question = {"municipality": person["municipality"], "stage": "STAGE_" + stage,
                "provider_type": "PROVIDER_TYPE_WFBM", "event_day": to_date(day),
                "facts": {key: value for key, value in facts.items() if key in CARRIER_FACTS}}
    while True:
        try:
            answer = network.call("lwl", "CarriersService/DetermineCompetence", {"question": question})
            return answer["competence"]["agency"]["id"]
        except Refused as refused:
            if "successor" not in refused.details:
                raise
            question["municipality"] = refused.details["successor"]  # Of a place that another has taken over.


def items(count, text):
    return [{"number": number, "text": text} if number < 9 else {"number": number, "not_applicable": True}
            for number in range(1, count + 1)]


class File:
    """One case of a person, at whichever agency holds it. `at` is the agency whose officials act."""

    def __init__(self, network, person, at, number=1):
        self.network, self.person, self.at = network, person, at
        self.id = hashlib.sha256(f"{person['id']}/{number}".encode()).hexdigest()[:32]
        self.requests = 0
        self.head = None
        self.version = 0
        self.review = None  # Of the newest plan.
        self.stages = set()

    # --- Calls

    def read(self, at=None):
        return self.network.call(at or self.at, "CaseService/GetCase", {"case": self.id})

    def write(self, method, official=False, **request):
        """A write at the present head; the sequence of its last event."""
        while True:
            head = self.head or self.read()["head"]
            try:
                answer = self.send(method, official, expected_head=head, **request)
            except Refused as refused:
                if refused.reason != "HEAD_MOVED":
                    raise
                self.head = None  # Something was delivered since; the official reads it and acts anew.
                continue
            moved = answer.get("answer", answer)["head"]
            self.head = moved["hash"]
            return int(moved["sequence"])

    def send(self, method, official=False, at=None, **request):
        self.requests += 1
        return self.network.call(at or self.at, "CaseService/" + method, {
            "case": self.id, "request_id": f"{self.id[:12]}-{self.requests}", **request}, official)

    def today(self):
        return to_date(self.network.today)

    # --- What officials do

    def open(self):
        person = self.person
        opened = self.send(
            "OpenCase", event_day=self.today(), file_number=f"DEMO-{person['id']}",
            person={"family_name": person["family_name"], "given_names": person["given_names"],
                    "birth_day": to_date(person["born"])},
            contact={"street": person["street"], "postal_code": person["postal_code"], "place": person["place"],
                     "municipality": person["municipality"]})
        self.head = opened["head"]["hash"]
        return self

    def record(self, parts=None, **step):
        return self.write("RecordStep", event_day=self.today(), step=step, **(parts or {}))

    def apply(self, stage, wish="", **more):
        self.stages.add(stage)
        application = {"eingang_day": self.today(), "stage": "STAGE_" + stage, "applicant": "APPLICANT_PERSON", **more}
        if wish:
            application["provider_type"] = "PROVIDER_TYPE_" + wish
        return self.record(application=application)

    def determine(self, application, **needs):
        """Assessment and determination of need (§ 13 SGB IX)."""
        parts = {"needs": {"summary": "Anleitung und Begleitung bei der Arbeit; Hilfe auf dem Weg.", **needs}}
        instrument = "ITP_Thueringen" if self.person["municipality"].startswith("16") else "BEI_NRW"
        assessed = self.record(parts, assessment={"application": application, "instrument": instrument})
        return self.record(parts, determination={"application": application, "assessment": assessed})

    def plan(self, application, review, gesamtplan=False, **plan):
        """The next version of the Teilhabeplan (§ 19 SGB IX)."""
        self.version += 1
        self.review = review
        content = {"items": items(12, "Festgelegt in der Planung mit der Person."), **plan}
        if gesamtplan:
            content["gesamtplan_items"] = items(7, "Festgelegt im Gesamtplanverfahren.")
        return self.record({"plan": content}, teilhabeplan={
            "application": application, "version": self.version, "review_day": to_date(review),
            "gesamtplan": gesamtplan})

    def grant(self, application, first, last=None, provider="", facts=None, **more):
        decision = {"application": application, "outcome": "DECISION_OUTCOME_GRANTED", "first_day": to_date(first),
                    **more}
        if last:
            decision["last_day"] = to_date(last)
        if provider:
            decision["provider"] = provider
            decision["provider_type"] = "PROVIDER_TYPE_" + provider.split("-")[0].upper()
        return self.decide(decision, facts)

    def decide(self, decision, facts=None, **more):
        known = {**KNOWN, **self.person.get("facts", {}), **(facts or {})}
        # Stages that lie before the file; of those in it the file itself says whether they are done.
        for stage, fact in ((EV, "ev_done"), (BBB, "bbb_done")):
            if stage not in self.stages:
                known.setdefault(fact, True)
        return self.write("Decide", official=True, event_day=self.today(), decision=decision,
                          facts={key: value for key, value in known.items() if value is not None}, **more)

    def start(self, decision, provider=""):
        return self.record(service_started={"decision": decision, "first_day": self.today(), "provider": provider})

    def end(self, service, last, reason="COMPLETED", **follow):
        """Records the last day of a service, also one that is still to come."""
        return self.record(service_ended={
            "service": service, "last_day": to_date(last), "reason": "SERVICE_END_REASON_" + reason, **follow})

    def involve(self, member, relation, **more):
        return self.write("InvolveParty", member=member, relation=relation, **more)

    def offer(self, to, request, **more):
        return self.write("OfferCase", to=to, request=request, **more)

    def accept(self, at):
        """The receiver takes the file; from now on its officials act."""
        self.send("AnswerCase", at=at, offer_hash=self.read(at)["offer_hash"], accept=True)
        self.at, self.head = at, None

    def decline(self, at, missing):
        self.send("AnswerCase", at=at, offer_hash=self.read(at)["offer_hash"],
                  reasons=["DECLINE_REASON_ITEM_MISSING"], missing=missing)
        self.head = None

    def contribute(self, at, kind, text):
        self.send("Contribute", at=at, event_day=self.today(), report={"kind": kind}, text={"text": text})
        self.head = None
