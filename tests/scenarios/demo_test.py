#!/usr/bin/env python3
"""The main job as anyone would run it, and what its answers must obey whatever the data are."""

import collections
import csv
import datetime
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from node_process import ROOT, environment

STAGES = {"eingangsverfahren", "berufsbildungsbereich", "arbeitsbereich"}
EV_AND_BBB = STAGES - {"arbeitsbereich"}
LAENDER = 16
MADE = ROOT / "build" / "demo"
EXAMPLES = ROOT / "deploy" / "examples"
NOBODY_ELSE = "no other carrier, first application here"


def read(path):
    try:
        return path.read_text(errors="replace")
    except OSError:  # It has ended meanwhile.
        return ""


class Demo(unittest.TestCase):
    """One run of `deploy/demo` for all."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="teilhabe-demo.") as state:
            done = subprocess.run([ROOT / "deploy" / "demo", "--state", state, "--base-port", "0", "--out", MADE],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT,
                                  env=environment(), timeout=600, check=False)
            cls.running = [path.parent.name for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")
                           if state in read(path)]
        cls.done = done
        cls.summary = json.loads((MADE / "summary.json").read_text(encoding="utf-8"))
        answers = ROOT / "build" / "demo" / "answers.csv"
        with open(answers, encoding="utf-8", newline="") as file:
            cls.rows = list(csv.DictReader(file))
        with open(ROOT / "common" / "reference" / "data" / "carriers.csv", encoding="utf-8", newline="") as file:
            cls.carriers = {row["id"]: row for row in csv.DictReader(file)}
        cls.determined = [row for row in cls.rows if row["outcome"] == "DETERMINED"]

    def none_of(self, wrong):
        self.assertEqual(list(wrong)[:5], [])

    def test_ends_well_and_leaves_nothing_running(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout[-3000:] + self.done.stderr[-3000:])
        self.assertEqual(self.running, [])

    def test_shows_what_it_promises(self):
        text = self.done.stdout
        for heading in ("Answers per Land and kind of carrier", "Determined answers per carrier",
                        "Undetermined, and why", "Rejected"):
            self.assertIn(f"\n{heading}", text)
        self.assertRegex(text, r"\d[\d,]* questions")
        self.assertRegex(text, r"Asked and answered in [\d.]+ s")
        self.assertEqual(len(re.findall(r"^\$ teilhabe carrier lookup ", text, re.MULTILINE)), 3)
        explained = text.split("Three answers in full")[1]
        self.assertGreaterEqual(len(re.findall(r"^✓ ", explained, re.MULTILINE)), 2)
        self.assertIn("[§ 63", explained)

    def test_sums_of_the_table(self):
        table = self.done.stdout.split("Answers per Land and kind of carrier\n")[1].split("\n\n")[0].splitlines()
        lines = {line[:32].strip(): [int(cell.replace(",", "")) for cell in re.findall(r"(?<= )[\d,]+(?= |$)", line)]
                 for line in table[1:]}
        laender = {name: cells[-6:] for name, cells in lines.items() if re.match(r"\d\d ", name)}
        self.assertEqual(len(laender), LAENDER)
        total = [sum(cells[at] for cells in laender.values()) for at in range(5)]
        self.assertEqual(lines["all"][-6:-1], total)
        rejected = sum(1 for row in self.rows if row["error"])
        self.assertEqual(sum(total) + rejected, len(self.rows))

    def test_every_question_is_answered_or_rejected(self):
        self.none_of(row for row in self.rows if bool(row["error"]) == bool(row["outcome"]))
        self.none_of(row for row in self.determined if not row["kind"] or not row["agency"])
        self.none_of(row for row in self.rows if row["outcome"] == "UNDETERMINED" and not row["open"])
        self.none_of(row for row in self.rows if "FACTS_MISSING" in row["open"] and not row["missing"])
        # Only keys that did not exist on the day are rejected.
        self.assertLessEqual({row["error"] for row in self.rows if row["error"]},
                             {f"MUNICIPALITY_{why} municipality" for why in ("DISSOLVED", "NOT_YET", "UNCERTAIN")})

    def test_every_municipality_stage_day_and_profile_was_asked(self):
        days = {"2020-06-01", "2021-08-01", "2025-03-10"}
        asked = collections.defaultdict(set)
        for row in self.rows:
            asked[row["municipality"]].add((row["event_day"], row["stage"], row["profile"]))
        profiles = {row["profile"] for row in self.rows}
        self.assertEqual(len(profiles), 4)
        today = {day for day, _, _ in next(iter(asked.values()))} - days - {"2018-06-01"}
        self.assertEqual(len(today), 1)
        self.assertLessEqual(abs(datetime.date.fromisoformat(*today) - datetime.date.today()), datetime.timedelta(1))
        for municipality, questions in asked.items():
            early = {"2018-06-01"} if municipality[:2] in ("05", "16") else set()
            want = {(day, stage, profile) for day in days | today | early for stage in STAGES for profile in profiles}
            self.assertEqual(questions, want, municipality)
        names = set()
        for name in ("municipalities.csv", "municipalities_former.csv"):
            with open(ROOT / "common" / "reference" / "data" / name, encoding="utf-8", newline="") as file:
                names |= {row["ags8"] for row in csv.DictReader(file)}
        self.assertEqual(set(asked), names)
        self.assertGreater(len(names), 10_700)

    def test_all_laender(self):
        self.assertEqual(len({row["municipality"][:2] for row in self.determined}), LAENDER)

    def test_employment_agency_and_pension_insurance_never_in_the_arbeitsbereich(self):
        self.none_of(row for row in self.rows if row["stage"] == "arbeitsbereich" and
                     row["kind"] in ("EMPLOYMENT_AGENCY", "PENSION_INSURANCE"))

    def test_eingliederungshilfe_never_before_the_arbeitsbereich(self):
        self.none_of(row for row in self.rows if row["stage"] in EV_AND_BBB and
                     row["kind"] in ("EINGLIEDERUNGSHILFE", "SOZIALHILFE"))

    def test_sozialhilfe_to_2019_and_eingliederungshilfe_since(self):
        self.none_of(row for row in self.rows if row["kind"] == "EINGLIEDERUNGSHILFE" and row["event_day"] < "2020")
        self.none_of(row for row in self.rows if row["kind"] == "SOZIALHILFE" and row["event_day"] >= "2020")

    def test_north_rhine_westphalia_is_of_lwl_and_lvr(self):
        ab = [row for row in self.determined
              if row["stage"] == "arbeitsbereich" and row["profile"] == NOBODY_ELSE]
        westfalen = {"05" + digit for digit in "579"}
        self.none_of(row for row in ab if row["municipality"][:3] in westfalen and row["agency"] != "lwl")
        self.none_of(row for row in ab if row["municipality"][:2] == "05" and
                     row["municipality"][:3] not in westfalen and row["agency"] != "lvr")
        self.none_of(row for row in self.rows if row["municipality"][:2] != "05" and row["agency"] in ("lwl", "lvr"))
        self.assertEqual({row["agency"] for row in ab if row["municipality"][:2] == "05"}, {"lwl", "lvr"})

    def test_without_other_carriers_the_arbeitsbereich_is_always_determined(self):
        """From 2020; before, only where there are rows for it."""
        self.none_of(row for row in self.rows if row["profile"] == NOBODY_ELSE and row["stage"] == "arbeitsbereich" and
                     row["event_day"] >= "2020" and not row["error"] and row["outcome"] != "DETERMINED")

    def test_nothing_known_is_never_determined(self):
        self.none_of(row for row in self.determined if row["profile"] == "nothing known")

    def test_work_accident_is_of_the_accident_insurance(self):
        self.none_of(row for row in self.rows if row["profile"] == "work accident" and not row["error"] and
                     row["kind"] != "ACCIDENT_INSURANCE")

    def test_an_agency_is_of_the_kind_it_is_named_for(self):
        kinds = {"EMPLOYMENT_AGENCY": {"BA"}, "PENSION_INSURANCE": {"DRV"}, "EINGLIEDERUNGSHILFE": {"EGH"},
                 "SOZIALHILFE": {"EGH"}, "ACCIDENT_INSURANCE": {"UV"}}
        self.none_of((row["kind"], row["agency"]) for row in self.determined
                     if not any(self.carriers[row["agency"]]["kind"].startswith(kind) for kind in kinds[row["kind"]]))

    def test_eisenach_before_and_after(self):
        """The town joined the Wartburgkreis on 2021-07-01 and kept its own Eingliederungshilfe for some time."""
        answers = {(row["municipality"], row["event_day"]): row["agency"] or row["error"] for row in self.rows
                   if row["municipality"] in ("16056000", "16063105") and row["profile"] == NOBODY_ELSE and
                   row["stage"] == "arbeitsbereich"}
        self.assertEqual(answers["16056000", "2020-06-01"], "egh-16056")
        self.assertEqual(answers["16056000", "2021-08-01"], "MUNICIPALITY_DISSOLVED municipality")
        self.assertEqual(answers["16063105", "2020-06-01"], "MUNICIPALITY_NOT_YET municipality")
        self.assertEqual(answers["16063105", "2021-08-01"], "egh-16056")
        self.assertEqual(answers["16063105", "2025-03-10"], "egh-16063")


    # --- Sixty lives

    def by_path(self, path):
        """The persons of a path; there is one at least."""
        found = [person for person in self.summary["persons"] if person["path"] == path]
        self.assertTrue(found, path)
        return found

    def test_held_sums(self):
        sums = self.summary["sums"]
        self.assertEqual({name for name, count in sums.items() if count == 0}, {
            "days_without_holder", "days_with_more_holders", "service_days_without_payer",
            "service_days_with_more_payers", "files_without_stage_review_or_end", "files_told_differently",
            "services_paid_by_another", "files_not_on_one_list", "files_overdue"})
        self.assertGreater(sums["person_days"], 50_000)
        self.assertEqual(sums["days_with_two_files"], sum(
            person["days_by_holders"].get("2", 0) for person in self.by_path("two_applications")))
        self.assertEqual(len(self.summary["persons"]), 60)
        held = sum(agency["holds"] for agency in self.summary["agencies"].values())
        self.assertEqual(held, sum(person["files"] for person in self.summary["persons"]))
        # Whoever has no service and has not ended is listed with what the file rests on.
        listed = [gap["rest"] for person in self.summary["persons"] for gap in person["gaps"]]
        self.assertEqual(listed, ["outside"] * len(self.by_path("agency_without_node")))

    def test_path_from_training_to_work(self):
        for person in self.by_path("from_training_to_work"):
            self.assertEqual(person["holders_in_turn"][0], person["payers_in_turn"][0])
            self.assertTrue(person["holders_in_turn"][0].startswith("rd-"))
        self.assertEqual({person["stage"] for person in self.by_path("from_training_to_work")},
                         {"berufsbildungsbereich", "arbeitsbereich"})

    def test_path_wrong_agency(self):
        for person in self.by_path("wrong_agency"):
            self.assertIn("forwarded", person["happened"])
            self.assertTrue(person["holders_in_turn"][1].startswith("rd-"))
            self.assertEqual(person["payers_in_turn"][0], person["holders_in_turn"][1])

    def test_path_agency_without_node(self):
        for person in self.by_path("agency_without_node"):
            self.assertLessEqual({"sent_outside", "received_outside"}, set(person["happened"]))
            self.assertEqual((person["decides"], person["pays"], person["holder"], person["rest"]),
                             (["egh-16070"], [], "rd-sat", "outside"))

    def test_path_declined(self):
        for person in self.by_path("declined"):
            self.assertLessEqual({"offered", "offer_closed", "accepted"}, set(person["happened"]))
        self.assertRegex((MADE / "timeline-p25.txt").read_text(encoding="utf-8"),
                         "übernimmt den Fall nicht: .*Fachliche Stellungnahme")

    def test_path_basismodul(self):
        for person in self.by_path("basismodul"):
            self.assertEqual((person["refused"], person["rest"], person["gaps"]), (0, "service", []))
        self.assertIn("arbeitsbereich", {person["stage"] for person in self.by_path("basismodul")})

    def test_path_individual_solution(self):
        for person in self.by_path("individual_solution"):
            self.assertEqual(person["refused"], 1)
            self.assertGreater(person["granted"], 0)
            self.assertIn("individual_solution", person["happened"])

    def test_path_back_from_ala(self):
        for person in self.by_path("back_from_ala"):
            self.assertEqual([provider.split("-")[0] for provider in person["providers"]], ["ala", "wfbm"])
            self.assertEqual((person["gaps"], person["pays"]), ([], [person["holder"]]))

    def test_path_pension_insurance(self):
        for person in self.by_path("pension_insurance"):
            self.assertTrue(person["payers_in_turn"][0].startswith("drv-"))
        self.assertIn("forwarded", {kind for person in self.by_path("pension_insurance") for kind in person["happened"]})

    def test_path_guardianship(self):
        for person in self.by_path("guardianship"):
            self.assertIn("representation", person["happened"])
            self.assertGreater(person["granted"], 1)

    def test_path_death(self):
        for person in self.by_path("death"):
            self.assertEqual((person["rest"], person["end"], person["decides"], person["pays"]),
                             ("ended", "death", [], []))

    def test_path_two_applications(self):
        for person in self.by_path("two_applications"):
            self.assertEqual(person["files"], 2)
            self.assertIn("joined", person["happened"])
            self.assertLess(person["days_by_holders"]["2"], 7)

    def test_path_far_from_home(self):
        for person in self.by_path("far_from_home"):
            self.assertEqual((person["providers"], person["pays"]), (["wfbm-teutoburg"], [person["holder"]]))
            self.assertTrue(person["holder"].startswith("egh-16"))

    def test_path_agency_ends(self):
        for person in self.by_path("agency_ends"):
            self.assertEqual(person["holders_in_turn"], ["egh-16056", "egh-16063"])
            self.assertEqual(person["payers_in_turn"], ["egh-16056", "egh-16063"])

    def test_path_labour_market(self):
        for person in self.by_path("labour_market"):
            self.assertEqual((person["rest"], person["end"]), ("ended", "general_labour_market"))
            self.assertIn("rd-nrw", person["agencies"])
            self.assertIn("contribution_taken", person["happened"])

    def test_examples_are_what_the_demo_makes(self):
        """After a change that is meant: deploy/demo --out deploy/examples."""
        made = {path.name for path in EXAMPLES.iterdir()} - {"README.md"}
        self.assertEqual(made, {"summary.json", "proof.txt", "case.evidence", "trust.json", "network-ca.pem"} |
                         {f"timeline-{person}.txt" for person in ("p20", "p25", "p52")})
        for name in sorted(made - {"case.evidence", "trust.json", "network-ca.pem"}):  # Keys are made anew each time.
            self.assertEqual((EXAMPLES / name).read_text(encoding="utf-8"), (MADE / name).read_text(encoding="utf-8"),
                             name)
        self.assertEqual(self.verified(EXAMPLES), self.verified(MADE))

    def verified(self, folder):
        """What the verifier says of the events of the evidence: holder, kind, day, author of each."""
        done = subprocess.run([ROOT / "tests" / "verify" / "verify", folder / "case.evidence", "--json", "--trust",
                               folder / "trust.json", "--ca", folder / "network-ca.pem"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return [(event["sequence"], event["kind"], event["author"], event["event_day"])
                for event in json.loads(done.stdout)["events"]]


if __name__ == "__main__":
    unittest.main()
