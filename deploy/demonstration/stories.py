"""The paths of the demonstration, each as its agencies go it: a generator that names the next day on which something
happens. What is sent on one day has arrived on the next."""

import datetime

from days import add_months, before, first_of_month, later
from file import AB, BBB, EV, File, competent, to_date

REPORT = "Die Person arbeitet zuverlässig; geeignet sind Tätigkeiten mit gleichbleibenden Schritten."


class Story:
    def __init__(self, network, person):
        self.network, self.person = network, person
        self.files = []
        self.decision = self.service = 0  # Of the service that runs, or was granted last.

    @property
    def today(self):
        return self.network.today

    def file(self, at):
        file = File(self.network, self.person, at, len(self.files) + 1)
        self.files.append(file)
        return file.open()

    def competent(self, stage):
        return competent(self.network, self.person, stage, self.today)

    # --- Parts of paths

    def planned(self, file, application, **more):
        """From the application to the plan: ten days."""
        yield later(self.today, 5)
        file.determine(application, very_high_support=self.person.get("very_high_support", False))
        yield later(self.today, 4)
        file.plan(application, add_months(self.today, 18), **more)

    def stage(self, file, application, first, last, provider="", plan=None, facts=None):
        """Plan, decision, first day of the service."""
        yield from self.planned(file, application, **(plan or {}))
        yield later(self.today, 2)
        self.decision = file.grant(application, first, last, provider, facts)
        yield first
        self.begin(file, provider)

    def begin(self, file, provider):
        self.service = file.start(self.decision, provider)
        if provider.startswith("wfbm") and not self.takes_part(file, provider):
            file.involve(provider, "provider")

    def takes_part(self, file, member):
        return any(party["member"] == member and not party.get("ended") for party in file.read().get("parties", []))

    def forward(self, file, count):
        """Who got an application and is not competent forwards it within two weeks (§ 14 SGB IX)."""
        application = file.apply(EV)
        yield later(self.today, count)
        to = self.competent(EV)
        file.write("ForwardCase", to=to, application=application)
        yield later(self.today, 1)
        file.at, file.head = to, None
        return application

    def training(self, file, provider, facts=None, plan=None, application=None):
        """Eingangsverfahren and Berufsbildungsbereich, in one or two grants of a year each."""
        application = application or file.apply(EV)
        start = first_of_month(self.today, 2)
        yield from self.stage(file, application, start, before(add_months(start, 3)), provider, plan, facts)
        yield from self.vocational(file, add_months(start, 3), provider, facts, plan)

    def vocational(self, file, start, provider, facts=None, plan=None):
        years = self.person.get("bbb_years", 2)
        for year in range(years):
            first, end = add_months(start, 12 * year), before(add_months(start, 12 * (year + 1)))
            yield later(first - datetime.timedelta(40), 0)
            if year > 0 and provider.startswith("wfbm"):
                file.contribute(provider, "report", REPORT)
                yield later(self.today, 1)  # It has arrived before the application is recorded.
            application = file.apply(BBB)
            yield from self.planned(file, application, **(plan or {}))
            yield later(self.today, 2)
            if self.service:
                file.end(self.service, before(first))  # So that what comes before is done when this begins.
            self.decision = file.grant(application, first, end, provider, facts)
            yield first
            self.begin(file, provider)
        self.bbb_end = end

    def statement(self, file, provider):
        if provider.startswith("wfbm") and self.takes_part(file, provider):
            file.contribute(provider, "fachliche_stellungnahme", REPORT)
        else:
            file.record({"report_text": {"text": REPORT}}, report={"kind": "fachliche_stellungnahme"})

    def to_work(self, file, provider, incomplete=False, facts=None):
        """From the Berufsbildungsbereich to the Arbeitsbereich: the file goes to the Träger der Eingliederungshilfe."""
        yield later(self.bbb_end - datetime.timedelta(90), 0)
        egh = self.competent(AB)
        file.write("AnnounceCase", to=egh, stage="STAGE_" + AB)
        yield later(self.today, 10)
        application = file.apply(AB)
        yield from self.planned(file, application, gesamtplan=True)
        yield later(self.today, 3)
        if incomplete:
            file.offer(egh, application, incomplete=True)
            yield later(self.today, 4)
            file.decline(egh, ["fachliche_stellungnahme"])
            yield later(self.today, 3)
        self.statement(file, provider)
        yield later(self.today, 2)
        file.offer(egh, application)
        yield later(self.today, 3)
        file.accept(egh)
        yield later(self.today, 7)
        file.end(self.service, self.bbb_end)
        self.decision = file.grant(application, self.bbb_end + datetime.timedelta(1), None, provider, facts)
        yield self.bbb_end + datetime.timedelta(1)
        self.begin(file, provider)
        yield from self.reviews(file, application, gesamtplan=True)

    def at_work(self, provider, **applied):
        """A file that begins with the Arbeitsbereich; what came before lies before the network."""
        file = self.file(self.competent(AB))
        application = file.apply(AB, **applied)
        self.statement(file, "")
        yield from self.stage(file, application, first_of_month(self.today, 2), None, provider, {"gesamtplan": True})
        return file, application

    def reviews(self, file, application, **more):
        """The plan is looked at again when it says (§ 121 Abs. 2 SGB IX: after two years at the latest)."""
        while True:
            yield later(add_months(file.review, -1), 0)
            file.plan(application, add_months(self.today, 18), **more)


# --- The paths; each has the name that persons.jsonl gives

def from_training_to_work(story):
    person = story.person
    file = story.file(person["applies_to"])
    yield from story.training(file, person["provider"])
    yield from story.to_work(file, person["provider"])


def wrong_agency(story):
    """The EGH gets the application for the Eingangsverfahren."""
    person = story.person
    file = story.file(person["applies_to"])
    application = yield from story.forward(file, 6)
    yield from story.training(file, person["provider"], application=application)
    yield from story.to_work(file, person["provider"])


def agency_without_node(story):
    """The next stage's agency has no node: a printed, signed package goes by post; the sender keeps the file."""
    person = story.person
    file = story.file(person["applies_to"])
    yield from story.training(file, person["provider"])
    yield later(story.bbb_end - datetime.timedelta(60), 0)
    application = file.apply(AB)
    yield from story.planned(file, application, gesamtplan=True)
    story.statement(file, "")
    file.send("SendOutside", expected_head=file.read()["head"], addressee=story.competent(AB),
              event_day=file.today(), review_day=to_date(add_months(story.today, 11)), application=application)
    file.head = None
    yield later(story.today, 3)
    log = story.network.call(file.at, "DossierService/GetDossier", {"dossier": file.id})["log"]
    file.write("RecordArrival", sent_hash=log["outsides"][-1]["sent_hash"], received_day=file.today(),
               evidence="Rückschein vom Tage")
    file.end(story.service, story.bbb_end)


def declined(story):
    """The receiver declines with its reason what is not complete, and takes it when it is."""
    person = story.person
    file = story.file(person["applies_to"])
    yield from story.training(file, person["provider"])
    yield from story.to_work(file, person["provider"], incomplete=True)


def basismodul(story):
    """Very high support needs: at least the Basismodul is offered; nobody is refused for the need (N-02, N-08)."""
    person = story.person
    file = story.file(person["applies_to"])
    plan = {"full_two_years_may_not_fit": True, "basismodul": "2025-1"}
    low = {"mindestmass": False, "mindestmass_low": True}  # N-03: the low standard may decide.
    yield from story.training(file, person["provider"], low, plan)
    yield from story.to_work(file, person["provider"], facts=low)


def individual_solution(story):
    """Not yet: an individual solution with its review, and another application a year later (N-10)."""
    person = story.person
    file = story.file(person["applies_to"])
    application = file.apply(EV)
    yield from story.planned(file, application)
    yield later(story.today, 3)
    file.decide({"application": application, "outcome": "DECISION_OUTCOME_REFUSED", "ground": "s57_better_access",
                 "individual_solution": {"review_day": to_date(add_months(story.today, 6))}},
                {"better_access": True}, reasons="Eine unterstützte Beschäftigung geht vor und wird erprobt.",
                solution={"text": "Unterstützte Beschäftigung in einem Gartenbaubetrieb."})
    yield later(add_months(story.today, 6), -3)
    file.record({"solution": {"text": "Die Erprobung geht weiter."}},
                individual_solution={"review_day": to_date(add_months(story.today, 6))})
    yield later(add_months(story.today, 6), -3)
    yield from story.training(file, person["provider"])


def back_from_ala(story):
    """An aLA has no duty to go on (T-90); a WfbM takes the person back (§ 220 Abs. 3 SGB IX, T-91)."""
    person = story.person
    file, application = yield from story.at_work(person["provider"], wish="ALA")
    yield later(add_months(story.today, 10), 0)
    back = file.apply(AB, wish="WFBM")
    yield from story.planned(file, back, gesamtplan=True)
    yield later(story.today, 2)
    end = before(first_of_month(story.today, 1))
    file.end(story.service, end, "PROVIDER_ENDED")
    story.decision = file.grant(back, end + datetime.timedelta(1), None, person["then_provider"],
                                {"return_from": ["RETURN_FROM_ALA"]})
    yield end + datetime.timedelta(1)
    story.begin(file, person["then_provider"])
    yield from story.reviews(file, back, gesamtplan=True)


def pension_insurance(story):
    """Fifteen years of contributions: the Rentenversicherung pays the training, not the BA (§ 11 SGB VI)."""
    person = story.person
    file = story.file(person["applies_to"])
    application = None
    if story.competent(EV) != file.at:
        application = yield from story.forward(file, 5)
    yield from story.training(file, person["provider"], application=application)
    yield from story.to_work(file, person["provider"])


def guardianship(story):
    """A Betreuer with the matter applies; his entry ends, and the person goes on alone (law.md 8a.3)."""
    person = story.person
    file = story.file(person["applies_to"])
    entry = file.record({"representation": {
        "kind": "REPRESENTATION_KIND_BETREUER", "name": person["guardian"], "matters": ["MATTER_SOCIAL_BENEFITS"],
        "from_day": to_date(person["guardian_since"]), "proof": "Bestellungsurkunde gesehen",
        "proof_day": file.today()}}, representation={})
    start = first_of_month(story.today, 2)
    application = file.apply(EV, applicant="APPLICANT_REPRESENTATIVE", representation=entry)
    yield from story.stage(file, application, start, before(add_months(start, 3)), person["provider"])
    yield later(story.today, 30)
    file.record(representation={"ends": entry, "end_day": file.today()})
    yield from story.vocational(file, add_months(start, 3), person["provider"])
    yield from story.to_work(file, person["provider"])


def death(story):
    """The person dies while a service runs: what is given in kind ends (§ 59 SGB I)."""
    person = story.person
    file = story.file(person["applies_to"])
    for day in story.training(file, person["provider"]):
        if day >= person["dies"]:
            break
        yield day
    yield person["dies"]
    file.record(ended={"reason": "END_REASON_DEATH"})


def two_applications(story):
    """The same person applies at two agencies: one asks the other, and the later file goes into the earlier one."""
    person = story.person
    earlier = story.file(person["applies_to"])
    application = earlier.apply(EV)
    yield later(story.today, 4)
    file = story.file(person["applies_too"])
    second = file.apply(AB)
    yield later(story.today, 2)
    asked = story.network.call(file.at, "CaseService/AskOpenCase", {
        "case": file.id, "request_id": f"{person['id']}-ask", "application": second, "members": [earlier.at],
        "person_was_asked": "Sie hat vorige Woche schon bei der Agentur für Arbeit einen Antrag gestellt."})
    found = asked["answers"][0]
    file.record(joined={"into": found["case"], "their_eingang_day": found["eingang_day"]})
    yield from story.training(earlier, person["provider"], application=application)
    yield from story.to_work(earlier, person["provider"])


def far_from_home(story):
    """Erfurt decides and pays; the work is done in a Westphalian WfbM (§ 98 SGB IX: the place of before counts)."""
    file, application = yield from story.at_work(story.person["provider"])
    yield from story.reviews(file, application, gesamtplan=True)


def agency_ends(story):
    """Eisenach's Eingliederungshilfe ended with 2021; the Wartburgkreis succeeds."""
    person = story.person
    file, application = yield from story.at_work(person["provider"])
    succession = datetime.date(2022, 1, 1)
    yield later(succession - datetime.timedelta(20), 0)
    successor = "egh-16063"
    file.involve(successor, "involved", release_older=True, categories=[
        "CATEGORY_IDENTITY", "CATEGORY_CONTACT", "CATEGORY_NEEDS", "CATEGORY_PLAN"])
    yield succession
    log = story.network.call(successor, "DossierService/GetDossier", {"dossier": file.id})["log"]
    story.network.call(successor, "DossierService/AppendEvent", {
        "dossier": file.id, "request_id": f"{person['id']}-succeed", "expected_head": log["head"], "draft": {"header": {
            "kind": "EVENT_KIND_SUCCEEDED", "event_day": to_date(succession), "legal_basis": "§ 98 SGB IX",
            "succeeded": {"predecessor": file.at, "act": person["act"]}}}})
    file.at, file.head = successor, None
    yield from story.reviews(file, application, gesamtplan=True)


def labour_market(story):
    """From the Arbeitsbereich to the general labour market, with BA and Integrationsamt at the table."""
    person = story.person
    file, application = yield from story.at_work(person["provider"])
    yield later(add_months(story.today, 14), 0)
    ba = story.competent(EV)
    file.involve(ba, "labour_market")
    yield later(story.today, 20)
    file.contribute(ba, "report", "Ein Arbeitsplatz ist gefunden; Eingliederungszuschuss und Lohnkostenzuschuss sind "
                                  "beantragt, das Inklusionsamt begleitet im Betrieb.")
    yield before(first_of_month(story.today, 2))
    file.end(story.service, story.today, "GENERAL_LABOUR_MARKET", ended={"reason": "END_REASON_GENERAL_LABOUR_MARKET"})


PATHS = {function.__name__: function for function in (
    from_training_to_work, wrong_agency, agency_without_node, declined, basismodul, individual_solution, back_from_ala,
    pension_insurance, guardianship, death, two_applications, far_from_home, agency_ends, labour_market)}
