"""The summary as a person reads it."""

PATHS = {
    "from_training_to_work": "vom Eingangsverfahren in den Arbeitsbereich",
    "wrong_agency": "Antrag bei der falschen Stelle, weitergeleitet (§ 14 SGB IX)",
    "agency_without_node": "nächste Stelle ohne Knoten, Paket mit der Post",
    "declined": "Akte mit Gründen abgelehnt, ergänzt, übernommen",
    "basismodul": "sehr hoher Unterstützungsbedarf, Basismodul",
    "individual_solution": "individuelle Lösung mit Überprüfung",
    "back_from_ala": "vom anderen Leistungsanbieter zurück in die Werkstatt",
    "pension_insurance": "Rentenversicherung statt Agentur für Arbeit",
    "guardianship": "mit rechtlichem Betreuer",
    "death": "verstorben",
    "two_applications": "zwei Anträge bei zwei Stellen",
    "far_from_home": "Thüringen zahlt, gearbeitet wird in Westfalen",
    "agency_ends": "Eisenach endet, der Wartburgkreis tritt ein",
    "labour_market": "auf den allgemeinen Arbeitsmarkt"}
RESTS = {"application": "Antrag offen", "granted": "bewilligt", "service": "Leistung läuft",
         "individual_solution": "individuelle Lösung", "outside": "bei Stelle ohne Knoten", "ended": "beendet",
         "opened": "eröffnet"}
ENDS = {"death": "verstorben", "general_labour_market": "Arbeitsmarkt", "joined": "vereinigt", "withdrawn": "zurückgenommen"}
STAGES = {"": "", "eingangsverfahren": "EV", "berufsbildungsbereich": "BBB", "arbeitsbereich": "AB"}
SUMS = {
    "person_days": "Tage aller Personen", "service_days": "Leistungstage",
    "days_without_holder": "Tage, an denen keine Stelle die Akte führte",
    "days_with_two_files": "Tage mit zwei Akten (zwei Anträge, bis zur Vereinigung)",
    "days_with_more_holders": "sonstige Tage mit mehr als einer aktenführenden Stelle",
    "service_days_without_payer": "Leistungstage ohne Kostenträger",
    "service_days_with_more_payers": "Leistungstage mit mehr als einem Kostenträger",
    "gaps_between_services": "Lücken nach einer Leistung, unten einzeln",
    "files_without_stage_review_or_end": "Akten ohne Stufe, Überprüfung oder Ende",
    "files_overdue": "Akten, deren nächster Tag verstrichen ist",
    "services_paid_by_another": "Leistungen, die eine andere als die zuständige Stelle zahlte",
    "files_told_differently": "Akten, von denen zwei Stellen Verschiedenes sagen",
    "files_not_on_one_list": "Akten, die an einem Quartalstag nicht genau eine Stelle als ihre führte"}
MOST = 70  # Persons and gaps that are printed; the rest is in the JSON.


def text(result, timelines):
    """`timelines`: as timeline() gives them."""
    parts = [agencies(result), *timelines, persons(result), held_sums(result)]
    return "\n" + "\n\n".join(part if isinstance(part, str) else "\n".join(part) for part in parts) + "\n"


def table(rows, right=()):
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) if at in right else cell.ljust(width)
                      for at, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]


def agencies(result):
    rows = [["Stelle", "führte je", "führt jetzt", "bewilligt", "abgelehnt", "angeboten", "übernommen", "weitergeleitet",
             "Briefpakete"]]
    for agency in result["agencies"].values():
        counts = [agency[name] for name in ("held", "holds", "granted", "refused", "offered", "accepted", "forwarded",
                                            "sent_outside")]
        if any(counts):
            rows.append([agency["name"], *map(str, counts)])
    return [f"Die Stellen vom {german(result['first_day'])} bis {german(result['last_day'])}: Akten und Entscheidungen",
            *table(rows, range(1, 9))]


def persons(result):
    rows = [["Person", "Weg", "führt", "entscheidet", "zahlt", "Stufe", "Stand", "bis / Überprüfung"]]
    for person in result["persons"][:MOST]:
        rest = RESTS.get(person["rest"], person["rest"])
        if person["rest"] == "ended":
            rest = f"beendet: {ENDS.get(person['end'], person['end'])}"
        rows.append([person["name"], PATHS[person["path"]], person["holder"], " ".join(person["decides"]) or "–",
                     " ".join(person["pays"]) or "–", STAGES[person["stage"]], rest, german(person["review"])])
    hidden = len(result["persons"]) - MOST
    return [f"Wer am {german(result['last_day'])} die Akte führt, entscheidet, zahlt",
            *table(rows), *([f"… und {hidden} weitere in summary.json"] if hidden > 0 else [])]


def held_sums(result):
    rows = [[SUMS[name], f"{count:,}".replace(",", ".")] for name, count in result["sums"].items()]
    gaps = [f"  {person['name']}: {german(gap['from'])} bis {german(gap['to'])}"
            f"{', ' + RESTS[gap['rest']] if gap['rest'] else ''}"
            for person in result["persons"] for gap in person["gaps"]]
    if len(gaps) > MOST:
        gaps[MOST:] = [f"  … und {len(gaps) - MOST} weitere in summary.json"]
    return ["Die Summen", *table(rows, [1]), *gaps]


def german(day):
    return ".".join(reversed(day.split("-"))) if day else ""


RECEIPTS = {"eingang", "wirksam", "rejection"}  # They confirm what is shown already.


def timeline(person, entries):
    """The course of one file over all agencies, without the receipts that nodes send each other."""
    rows = [[german(f"{entry['day']['year']}-{entry['day']['month']:02}-{entry['day']['day']:02}"), entry["agency"],
             entry["text"]] for entry in entries if entry["kind"] not in RECEIPTS]
    return "\n".join([f"{person['given_names']} {person['family_name']}: {PATHS[person['path']]}",
                      *("  " + line for line in table(rows))])
