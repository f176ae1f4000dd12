"""What the three years came to, read from the nodes through their contracts, and the sums that must hold.

Nothing here is taken from the stories but which files belong to which person: who holds, decides and pays is what the
nodes say."""

import collections
import datetime

from days import before
from file import competent


def make(network, stories, first, last, not_on_one):
    """The summary as JSON has it: see README.md. `not_on_one`: what not_on_one_list found meanwhile."""
    members = network.members()
    cases = [case_of(network, file, person, last) for person, file in files(stories)]
    by_person = collections.defaultdict(list)
    for case in cases:
        by_person[case["person"]].append(case)
    people = [person_of(story, by_person[story.person["id"]], last) for story in stories if story.files]
    return {
        "network": "schulung (Demonstration, erfundene Personen)", "first_day": str(first), "last_day": str(last),
        "paths": dict(sorted(collections.Counter(story.person["path"] for story in stories).items())),
        "agencies": {member: agency_of(network, member, row["name"], cases) for member, row in sorted(members.items())},
        "persons": sorted(people, key=lambda person: person["id"]),
        "sums": {**sums(people, cases), "files_not_on_one_list": not_on_one + not_on_one_list(network, members, stories)}}


def files(stories):
    return [(story.person, file) for story in stories for file in story.files]


def day_of(date):
    return datetime.date(date["year"], date["month"], date["day"])


def case_of(network, file, person, last):
    """One file as the agency that holds it tells of it, compared with every other that has it."""
    case = network.call(file.at, "CaseService/GetCase", {"case": file.id})
    told = {member: timeline(network, member, file.id) for member in
            {file.at} | {party["member"] for party in case.get("parties", []) if not party.get("ended")}}
    seen = {member: network.call(member, "CaseService/GetCase", {"case": file.id}) for member in told}
    roles = periods(told[file.at]["roles"], last)
    events = [{**entry, "kind": entry["kind"].removeprefix("EVENT_KIND_").lower()}
              for entry in told[file.at]["entries"] if "sequence" in entry]
    return {"person": person["id"], "holder": case["holder"], "rest": case["rest"],
            "steps": case["steps"], "roles": roles, "events": events, "agencies": sorted(told),
            "paid_wrongly": paid_wrongly(network, person, case, roles, last),
            "agreed": all(periods(other["roles"], last) == roles for other in told.values()) and
                      all((other["holder"], other["head"], other.get("rest"), other["steps"]) ==
                          (case["holder"], case["head"], case["rest"], case["steps"]) for other in seen.values())}


def paid_wrongly(network, person, case, roles, last):
    """Services that on their first day another agency paid than the carriers service names for it."""
    stages = {step["sequence"]: step["step"]["decision"]["stage"] for step in case["steps"] if "decision" in step["step"]}
    wrong = 0
    for service in services(case, last):
        stage = stages[service["decision"]].removeprefix("STAGE_")
        paid = {agency for period in roles if period["from"] <= service["from"] <= period["to"]
                for of, agency, _ in period["payers"] if of == service["sequence"]}
        wrong += paid != {competent(network, person, stage, service["from"])}
    return wrong


def timeline(network, member, case):
    """All entries; the roles come with the first page."""
    page = network.call(member, "CaseService/GetTimeline", {"case": case, "page_size": 1000})
    entries, roles = page["entries"], page["roles"]
    while page.get("next_page_token"):
        page = network.call(member, "CaseService/GetTimeline", {"case": case, "page_size": 1000,
                                                                "page_token": page["next_page_token"]})
        entries += page["entries"]
    return {"entries": entries, "roles": roles}


def periods(roles, last):
    """[{from, to, holder, payers: {what: agency}, issuers}] up to the last day."""
    made = []
    for role in roles:
        begin = day_of(role["first_day"])
        end = day_of(role["last_day"]) if "last_day" in role else last
        if begin > last:
            continue
        made.append({"from": begin, "to": min(end, last), "holder": role.get("holder", ""),
                     "payers": [(part["of"], part["agency"], part["stage"]) for part in role.get("leistende_traeger", [])],
                     "issuers": role.get("issuers", [])})
    return made


def services(case, last):
    """[(sequence, first, last day so far, provider, reason of the end)], by first day."""
    ends = {step["step"]["service_ended"]["service"]: step["step"]["service_ended"] for step in case["steps"]
            if "service_ended" in step["step"]}
    died = [day_of(step["event_day"]) for step in case["steps"]
            if step["step"].get("ended", {}).get("reason") == "END_REASON_DEATH"]
    made = []
    for step in case["steps"]:
        if "service_started" not in step["step"]:
            continue
        started, end = step["step"]["service_started"], ends.get(step["sequence"])
        to = min([last] + ([day_of(end["last_day"])] if end else []) + died)
        made.append({"sequence": step["sequence"], "decision": started["decision"], "from": day_of(started["first_day"]), "to": to,
                     "provider": started.get("provider", ""), "reason": end["reason"] if end else ""})
    return sorted(made, key=lambda service: service["from"])


def days_between(first, last):
    return [first + datetime.timedelta(number) for number in range((last - first).days + 1)]


def person_of(story, cases, last):
    """A person's days: how many had how many holders, which service days had how many payers."""
    holders, payers, unpaid = collections.Counter(), collections.Counter(), []
    held = [held_days(case) for case in cases]
    opened = min(min(days) for days in held)
    for day in days_between(opened, last):
        holders[len({days[day] for days in held if days.get(day)})] += 1
    gaps, paid = [], []
    for case in cases:
        run = services(case, last)
        paying = payers_by_day(case, run)
        for day in sorted(paying):
            payers[len(paying[day])] += 1
            paid += sorted(paying[day])
            if not paying[day]:
                unpaid.append(str(day))
        gaps += gaps_of(case, run, last)
    leading = cases[0]
    now = leading["roles"][-1]
    return {
        "id": story.person["id"], "name": f"{story.person['given_names']} {story.person['family_name']}",
        "path": story.person["path"], "files": len(cases), "opened": str(opened),
        "holder": leading["holder"], "decides": sorted({agency for _, agency, _ in now["payers"]}),
        "pays": sorted({agency for of, agency, _ in now["payers"] if of in {service["sequence"] for service in
                                                                         services(leading, last)}}),
        "stage": now["payers"][0][2].removeprefix("STAGE_").lower() if now["payers"] else "",
        "providers": list(dict.fromkeys(service["provider"] for service in services(leading, last))),
        "rest": leading["rest"]["kind"].removeprefix("REST_KIND_").lower(),
        "review": str(day_of(leading["rest"]["due_day"])) if "due_day" in leading["rest"] else "",
        "end": next((step["step"]["ended"]["reason"].removeprefix("END_REASON_").lower() for step in
                     reversed(leading["steps"]) if "ended" in step["step"]), "") or service_end(leading, last),
        "granted": outcomes(cases, "GRANTED"), "refused": outcomes(cases, "REFUSED"),
        "holders_in_turn": in_turn(period["holder"] for period in leading["roles"]),
        "payers_in_turn": in_turn(paid),
        "happened": sorted({event["kind"] for case in cases for event in case["events"]}),
        "agreed": all(case["agreed"] for case in cases), "agencies": sorted({a for case in cases for a in case["agencies"]}),
        "days": sum(holders.values()), "days_by_holders": {str(count): days for count, days in sorted(holders.items())},
        "service_days_by_payers": {str(count): days for count, days in sorted(payers.items())},
        "unpaid_days": unpaid, "gaps": gaps}


def held_days(case):
    """Who holds the file on each day; one that went into another is held no more."""
    joined = [day_of(step["event_day"]) for step in case["steps"] if "joined" in step["step"]]
    return {day: period["holder"] for period in case["roles"] for day in days_between(period["from"], period["to"])
            if not joined or day < joined[0]}


def payers_by_day(case, run):
    """Who pays on each day on which a service runs, as the roles say of that service."""
    made = {day: set() for service in run for day in days_between(service["from"], service["to"])}
    running = {service["sequence"] for service in run}
    for period in case["roles"]:
        pay = {agency for of, agency, _ in period["payers"] if of in running and agency}
        for day in days_between(period["from"], period["to"]) if pay else []:
            made.setdefault(day, set()).update(pay)  # A day beyond the service is one too: somebody pays for nothing.
    return made


def outcomes(cases, outcome, author=""):
    return sum(step["step"].get("decision", {}).get("outcome") == "DECISION_OUTCOME_" + outcome and
               author in ("", step["author"]) for case in cases for step in case["steps"])


def gaps_of(case, run, last):
    """Days after the first service on which none runs, though the file has not ended; with what it rests on now, where
    the gap lasts."""
    made = []
    for service, after in zip(run, [*run[1:], None]):
        end = before(after["from"]) if after else last
        if service["to"] < end and (after or case["rest"]["kind"] != "REST_KIND_ENDED"):
            made.append({"from": str(service["to"] + datetime.timedelta(1)), "to": str(end),
                         "rest": "" if after else case["rest"]["kind"].removeprefix("REST_KIND_").lower()})
    return made


def service_end(case, last):
    reasons = [service["reason"] for service in services(case, last) if service["reason"]]
    return "general_labour_market" if reasons and reasons[-1].endswith("GENERAL_LABOUR_MARKET") else ""


def in_turn(names):
    made = []
    for name in names:
        if not made or made[-1] != name:
            made.append(name)
    return made


def agency_of(network, member, name, cases):
    """What an agency held, decided and handed over."""
    counted = collections.Counter()
    for case in cases:
        for event in case["events"]:
            if event["agency"] == member:
                counted[event["kind"]] += 1
        counted["granted"] += outcomes([case], "GRANTED", member)
        counted["refused"] += outcomes([case], "REFUSED", member)
        counted["held"] += any(period["holder"] == member for period in case["roles"])
    return {"name": name, "held": counted["held"], "holds": len(held_now(network, member)), "granted": counted["granted"],
            "refused": counted["refused"], "offered": counted["offered"], "accepted": counted["accepted"],
            "forwarded": counted["forwarded"], "sent_outside": counted["sent_outside"]}


def held_now(network, member):
    """The files that an agency holds by its own list, page by page."""
    listed, token = [], ""
    while True:
        page = network.call(member, "CaseService/ListCases", {"held": True, "page_size": 1000, "page_token": token})
        listed += [case["case"] for case in page.get("cases", [])]
        token = page.get("next_page_token", "")
        if not token:
            return listed


def not_on_one_list(network, members, stories):
    """Files that are on no agency's own list of what it holds, or on several."""
    held = collections.Counter(case for member in members for case in held_now(network, member))
    return sum(held[file.id] != 1 for _, file in files(stories))


def sums(people, cases):
    """What must hold; each a count of what breaks it, but for the first."""
    by_holders, by_payers = collections.Counter(), collections.Counter()
    for person in people:
        by_holders.update({int(count): days for count, days in person["days_by_holders"].items()})
        by_payers.update({int(count): days for count, days in person["service_days_by_payers"].items()})
    two_files = sum(person["days_by_holders"].get("2", 0) for person in people if person["files"] == 2)
    return {
        "person_days": sum(person["days"] for person in people), "service_days": sum(by_payers.values()),
        "days_without_holder": by_holders[0],
        # Of who applied at two agencies, until the later file went into the earlier one: each file has one holder.
        "days_with_two_files": two_files,
        "days_with_more_holders": sum(days for count, days in by_holders.items() if count > 1) - two_files,
        "service_days_without_payer": by_payers[0],
        "service_days_with_more_payers": sum(days for count, days in by_payers.items() if count > 1),
        "gaps_between_services": sum(len(person["gaps"]) for person in people),
        "files_without_stage_review_or_end": sum(not rests(case) for case in cases),
        # That day has passed, and the node says so: an agency is late.
        "files_overdue": sum(case["rest"].get("overdue", False) for case in cases),
        "services_paid_by_another": sum(case["paid_wrongly"] for case in cases),
        "files_told_differently": sum(not case["agreed"] for case in cases)}


def rests(case):
    """Whether a file has ended, or rests on something that has a day by which somebody must act."""
    rest = case["rest"]
    return rest["kind"] == "REST_KIND_ENDED" or (rest["kind"] in LASTING and "due_day" in rest)


LASTING = {"REST_KIND_APPLICATION", "REST_KIND_GRANTED", "REST_KIND_SERVICE", "REST_KIND_INDIVIDUAL_SOLUTION",
           "REST_KIND_OUTSIDE"}
MUST_BE_NONE = ["days_without_holder", "days_with_more_holders", "service_days_without_payer",
                "service_days_with_more_payers", "files_without_stage_review_or_end", "files_told_differently",
                "services_paid_by_another", "files_not_on_one_list"]


def holds(result):
    return all(result["sums"][name] == 0 for name in MUST_BE_NONE)
