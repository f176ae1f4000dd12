#!/usr/bin/env python3
"""The main job as anyone would run it, and what its answers must obey whatever the data are."""

import collections
import csv
import datetime
import pathlib
import re
import subprocess
import tempfile
import unittest

from node_process import ROOT, environment

STAGES = {"eingangsverfahren", "berufsbildungsbereich", "arbeitsbereich"}
EV_AND_BBB = STAGES - {"arbeitsbereich"}
LAENDER = 16
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
            done = subprocess.run([ROOT / "deploy" / "demo", "--state", state, "--base-port", "0"],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT,
                                  env=environment(), timeout=600, check=False)
            cls.running = [path.parent.name for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")
                           if state in read(path)]
        cls.done = done
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


if __name__ == "__main__":
    unittest.main()
