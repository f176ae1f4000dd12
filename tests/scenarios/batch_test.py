#!/usr/bin/env python3
"""`teilhabe carrier batch`: tables in, tables out."""

import csv
import io
import pathlib
import tempfile
import unittest

from node_process import Node, field_of, reason_of

HEADER = "municipality,stage,event_day"
GOOD = "05711000,arbeitsbereich,2025-03-10"
ADDED = ["outcome", "kind", "agency", "office", "open", "missing", "regelfall_kind", "regelfall_agency", "error"]


class Batch(unittest.TestCase):
    """One node for all."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="teilhabe-test.")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.node = Node(cls.folder / "node")

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()
        cls.temporary.cleanup()

    def batch(self, text, *arguments):
        """Sends a table, bytes or text, by standard input."""
        return self.node.cli("carrier", "batch", "-", *arguments, data=text.encode() if isinstance(text, str) else text)

    def rows(self, text):
        done = self.batch(text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def test_further_columns_are_kept_and_order_too(self):
        done = self.batch(f"id,{HEADER},note\n7,{GOOD},\"a, \"\"b\"\"\"\n3,{GOOD},ä\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        table = list(csv.reader(io.StringIO(done.stdout)))
        self.assertEqual(table[0], ["id", *HEADER.split(","), "note", *ADDED])
        self.assertEqual([row[0] for row in table[1:]], ["7", "3"])
        self.assertEqual([row[4] for row in table[1:]], ['a, "b"', "ä"])

    def test_bad_rows_are_answered_by_their_reason(self):
        wrong = {
            "99999999,arbeitsbereich,2025-03-10,,": "MUNICIPALITY_UNKNOWN municipality",
            "16056000,arbeitsbereich,2025-03-10,,": "MUNICIPALITY_DISSOLVED municipality",
            "5711000,arbeitsbereich,2025-03-10,,": "MUNICIPALITY_MALFORMED municipality",
            ",arbeitsbereich,2025-03-10,,": "FIELD_REQUIRED municipality",
            "05711000,,2025-03-10,,": "FIELD_REQUIRED stage",
            "05711000,werkstatt,2025-03-10,,": "VALUE_UNKNOWN stage",
            "05711000,arbeitsbereich,2025-02-30,,": "DAY_INVALID event_day",
            "05711000,arbeitsbereich,,,": "DAY_INVALID event_day",
            "05711000,arbeitsbereich,2017-12-31,,": "BEFORE_DATA event_day",
            "05711000,arbeitsbereich,9999-12-31,,": "BEYOND_DATA event_day",
            "05711000,arbeitsbereich,2025-03-10,none+work_accident,": "FACTS_CONTRADICT facts.cause",
            "05711000,arbeitsbereich,2025-03-10,keine,": "FACT_VALUE_INVALID facts.cause",
            "05711000,arbeitsbereich,2025-03-10,,lwl": "AGENCY_WRONG_KIND facts.drv_account",
            f"05711000,arbeitsbereich,2025-03-10,,x{'ä' * 60}": "AGENCY_UNKNOWN facts.drv_account",
        }
        text = f"{HEADER},cause,drv_account\n" + "".join(f"{GOOD},,\n{row}\n" for row in wrong)
        rows = self.rows(text)
        self.assertEqual([row["error"] for row in rows[1::2]], list(wrong.values()))
        for row in rows[1::2]:
            self.assertEqual({row[name] for name in ADDED if name != "error"}, {""})
        for row in rows[::2]:
            self.assertEqual((row["error"], row["regelfall_agency"]), ("", "lwl"))

    def test_two_thousand_rows_in_order(self):
        keys = ["05711000", "05315000", "16051000", "09162000", "99999999", "Köln"]
        want = ["lwl", "lvr", "egh-16051", None, "MUNICIPALITY_UNKNOWN municipality",
                "MUNICIPALITY_MALFORMED municipality"]
        text = f"number,{HEADER},cause,disability,first_application\n" + "".join(
            f"{at},{keys[at % 6]},arbeitsbereich,2025-03-10,none,intellectual,this\n" for at in range(2000))
        rows = self.rows(text)
        self.assertEqual([row["number"] for row in rows], [str(at) for at in range(2000)])
        bavaria = {row["agency"] for row in rows[3::6]}
        self.assertEqual(len(bavaria), 1)
        for at, row in enumerate(rows):
            self.assertEqual(row["agency"] or row["error"], want[at % 6] or min(bavaria), row)
            self.assertEqual(row["outcome"], "" if row["error"] else "DETERMINED")

    def test_files_and_streams_give_the_same(self):
        questions, answers = self.folder / "questions.csv", self.folder / "answers.csv"
        questions.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
        done = self.node.cli("carrier", "batch", questions, "--out", answers)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertIn("1 questions, 1 answered, 0 rejected", done.stderr)
        streamed = self.batch(questions.read_text(encoding="utf-8"))
        self.assertEqual(streamed.stdout, answers.read_text(encoding="utf-8"))
        again = self.node.cli("carrier", "batch", answers, "--out", answers)  # Its own input as output.
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_provider_and_days_are_read(self):
        rows = self.rows(f"{HEADER},provider,law_day,known_at\n{GOOD},ala,2024-06-01,\n{GOOD},x,,\n"
                         f"{GOOD},,2017-01-01,\n{GOOD},,,2020-01-01\n")
        self.assertEqual([row["error"] for row in rows],
                         ["", "VALUE_UNKNOWN provider", "BEFORE_DATA law_day", "KNOWN_AT_BEFORE_DATA known_at"])

    def test_byte_order_mark_and_carriage_returns(self):
        rows = self.rows(b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\n".encode())
        self.assertEqual((len(rows), rows[0]["municipality"], rows[0]["error"]), (1, "05711000", ""))

    def test_formulas_are_disarmed(self):
        rows = self.rows(f"{HEADER},note\n" + "".join(
            f"{GOOD},{cell}\n" for cell in ("=1+1", "+cmd", "-x", "@SUM(1)", "-5", "+3.5", "a=b")))
        self.assertEqual([row["note"] for row in rows], ["'=1+1", "'+cmd", "'-x", "'@SUM(1)", "-5", "+3.5", "a=b"])

    def test_tables_that_cannot_be_read(self):
        for name, text, reason, field in (
                ("empty", "", "CSV_EMPTY", ""),
                ("no stage", "municipality,event_day\n1,2\n", "CSV_COLUMN_MISSING", "stage"),
                ("semicolons", HEADER.replace(",", ";") + "\n", "CSV_COLUMN_MISSING", "municipality"),
                ("a column twice", f"{HEADER},stage\n{GOOD},x\n", "CSV_COLUMN_TWICE", "stage"),
                ("a cell too few", f"{HEADER}\n05711000,arbeitsbereich\n", "CSV_MALFORMED", ""),
                ("open quote", f"{HEADER}\n\"{GOOD}\n", "CSV_MALFORMED", ""),
                ("Latin-1", f"{HEADER},ort\n{GOOD},München\n".encode("latin-1"), "INPUT_NOT_UTF8", "input"),
                ("UTF-16", f"{HEADER}\n{GOOD}\n".encode("utf-16"), "INPUT_NOT_UTF8", "input")):
            with self.subTest(name):
                done = self.batch(text)
                self.assertEqual((done.returncode, reason_of(done), field_of(done), done.stdout),
                                 (2, reason, field, ""), done.stderr)

    def test_files_that_cannot_be_read_or_written(self):
        for name, arguments, code, reason, field in (
                ("missing", [self.folder / "none.csv"], 2, "INPUT_UNREADABLE", "input"),
                ("folder", [self.folder], 2, "INPUT_UNREADABLE", "input"),
                ("no folder", ["-", "--out", self.folder / "none" / "x.csv"], 2, "OUTPUT_UNWRITABLE", "output"),
                ("output on a full disk", ["-", "--out", "/dev/full"], 1, "OUTPUT_FAILED", "output"),
                ("JSON", ["-", "--output", "json"], 2, "CALL_INVALID", "--output")):
            with self.subTest(name):
                done = self.node.cli("carrier", "batch", *arguments, text=f"{HEADER}\n{GOOD}\n")
                self.assertEqual((done.returncode, reason_of(done), field_of(done)), (code, reason, field), done.stderr)

    def test_misspelled_column_is_told(self):
        done = self.batch(f"{HEADER},disabilty\n{GOOD},intellectual\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn("column disabilty is kept, not read; did you mean disability?", done.stderr)

    def test_header_alone(self):
        done = self.batch(f"{HEADER}\n")
        self.assertEqual((done.returncode, done.stdout), (0, ",".join([*HEADER.split(","), *ADDED]) + "\n"))


if __name__ == "__main__":
    unittest.main()
