#!/usr/bin/env python3
"""Asks a running node who bears the costs for every municipality of Germany, and prints what it answered.

Makes a CSV of questions, sends it through `teilhabe carrier batch` as any agency system could, and counts the answers.
"""
import argparse
import collections
import csv
import datetime
import pathlib
import subprocess
import time

STAGES = ["eingangsverfahren", "berufsbildungsbereich", "arbeitsbereich"]
EVERYWHERE = ["2020-06-01", "2021-08-01", "2025-03-10"]
BEFORE_2020 = "2018-06-01"  # Only NRW and Thüringen have jurisdiction rows for it.
BEFORE_2020_LAENDER = ("05", "16")

# What is known of the person. `REGIONAL` stands for the regional pension insurer of the place.
PROFILES = {
    "nothing known": {},
    "work accident": {"cause": "work_accident"},
    "180 months, account at the regional DRV": {
        "cause": "none", "rv_personal": "yes", "insured_months": "180", "rv_exclusion": "none",
        "drv_account": "REGIONAL"},
    "no other carrier, first application here": {
        "cause": "none", "disability": "intellectual", "first_application": "this", "sgb12_place": "this",
        "insured_months": "0", "em_pension": "no", "em_pension_imminent": "no", "survivor_pension": "no"},
}
FACTS = sorted({fact for facts in PROFILES.values() for fact in facts})


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def regional_insurers(data):
    """The regional pension insurer by municipality key, by the longest prefix."""
    rows = {row["prefix"]: row["carrier_id"] for row in read(data / "drv_jurisdiction.csv")}
    return lambda ags8: next(rows[ags8[:length]] for length in (8, 5, 3, 2) if ags8[:length] in rows)


def write_questions(path, data):
    insurer = regional_insurers(data)
    keys = sorted({row["ags8"] for name in ("municipalities.csv", "municipalities_former.csv")
                   for row in read(data / name)})
    days = EVERYWHERE + [datetime.date.today().isoformat()]
    count = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["profile", "municipality", "stage", "event_day"] + FACTS)
        for key in keys:
            for day in days + ([BEFORE_2020] if key.startswith(BEFORE_2020_LAENDER) else []):
                for profile, facts in PROFILES.items():
                    cells = [insurer(key) if facts.get(fact) == "REGIONAL" else facts.get(fact, "") for fact in FACTS]
                    for stage in STAGES:
                        writer.writerow([profile, key, stage, day] + cells)
                        count += 1
    return count


def table(header, rows):
    widths = [max(len(str(row[at])) for row in [header] + rows) for at in range(len(header))]
    for row in [header] + rows:
        cells = [f"{cell:,}" if isinstance(cell, int) else cell for cell in row]
        print("  " + "  ".join(cell.rjust(width) if isinstance(row[at], int) else cell.ljust(width)
                               for at, (cell, width) in enumerate(zip(cells, [w + 2 for w in widths]))).rstrip())


KIND_COLUMNS = [("BA", ("EMPLOYMENT_AGENCY",)), ("DRV", ("PENSION_INSURANCE",)),
                ("EGH/Sozialhilfe", ("EINGLIEDERUNGSHILFE", "SOZIALHILFE"))]


def report(path, data):
    names = {row["id"]: row["name"] for row in read(data / "carriers.csv")}
    laender = {row["land"]: row["land_name"] for row in read(data / "districts.csv")}
    by_land = collections.defaultdict(collections.Counter)
    by_agency = collections.defaultdict(collections.Counter)
    undetermined = collections.Counter()
    rejected = collections.Counter()
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            land = row["municipality"][:2]
            if row["error"]:
                rejected[row["error"].split()[0]] += 1
                continue
            if row["outcome"] == "DETERMINED":
                by_land[land][row["kind"]] += 1
                by_agency[land][row["agency"]] += 1
            else:
                by_land[land]["kind only" if row["kind"] else "undetermined"] += 1
                why = row["missing"].replace("+", ", ") if "FACTS_MISSING" in row["open"] else row["open"]
                stage = "Arbeitsbereich" if row["stage"] == "arbeitsbereich" else "EV/BBB"
                undetermined[(row["profile"], stage, row["kind"], row["regelfall_kind"], why)] += 1

    print("\nAnswers per Land and kind of carrier")
    rows = []
    for land in sorted(by_land):
        counts = by_land[land]
        rows.append([f"{land} {laender[land]}"] + [sum(counts[kind] for kind in kinds) for _, kinds in KIND_COLUMNS] +
                    [counts["kind only"], counts["undetermined"], len(by_agency[land])])
    rows.append(["all"] + [sum(row[at] for row in rows) for at in range(1, 6)] +
                [len({agency for counts in by_agency.values() for agency in counts})])
    table(["Land"] + [name for name, _ in KIND_COLUMNS] + ["kind only", "undetermined", "carriers"], rows)

    print("\nDetermined answers per carrier, NRW and Thüringen (the other Länder: the answers file)")
    table(["Land", "carrier", "name", "answers"],
          [[laender[land], agency, names[agency], count]
           for land in BEFORE_2020_LAENDER for agency, count in sorted(by_agency[land].items())])

    print("\nUndetermined, and why")
    table(["profile", "stage", "answers", "certain", "in der Regel", "missing"],
          [[profile, stage, count, kind or "-", usual or "-", why]
           for (profile, stage, kind, usual, why), count in sorted(undetermined.items())])
    if rejected:
        print("\nRejected: keys that did not exist on the day asked for, or not for certain")
        table(["reason", "questions"], sorted([reason, count] for reason, count in rejected.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    questions, answers = arguments.work / "questions.csv", arguments.work / "answers.csv"
    count = write_questions(questions, arguments.data)
    print(f"{count:,} questions. Profiles of facts:")
    for profile, facts in PROFILES.items():
        print(f"  {profile}: " + (", ".join(f"{fact}={value}" for fact, value in facts.items()) or "no facts at all"))
    start = time.monotonic()
    subprocess.run([arguments.cli, "carrier", "batch", questions, "--out", answers], check=True)
    print(f"Asked and answered in {time.monotonic() - start:.1f} s, reading and writing the files included.")
    report(answers, arguments.data)


if __name__ == "__main__":
    main()
