#!/usr/bin/env python3
"""Who is competent: the answers and refusals of a node as its callers get them."""

import copy
import json
import tempfile
import unittest

from node_process import Node, field_of, listing, reason_of

QUESTION = ["--stage", "arbeitsbereich", "--date", "2025-03-10"]
FACTS = ["--fact", "cause=none", "--fact", "disability=intellectual", "--fact", "first_application=this"]
MESSAGE = {"question": {"municipality": "05711000", "stage": "STAGE_ARBEITSBEREICH",
                        "provider_type": "PROVIDER_TYPE_WFBM", "event_day": {"year": 2025, "month": 3, "day": 10},
                        "facts": {}}}

# What is wrong: arguments of `carrier lookup` in place of the good ones, the same for `rpc` as changes of MESSAGE,
# exit code, reason, field in either.
BAD_INPUT = {
    "unknown municipality":
        (["--municipality", "99999999"], {"municipality": "99999999"}, 3, "MUNICIPALITY_UNKNOWN", "municipality"),
    "dissolved municipality, successor known":
        (["--municipality", "16056000"], {"municipality": "16056000"}, 3, "MUNICIPALITY_DISSOLVED", "municipality"),
    "dissolved municipality, successor not recorded":
        (["--municipality", "16063028"], {"municipality": "16063028"}, 3, "MUNICIPALITY_DISSOLVED", "municipality"),
    "municipality that is no key":
        (["--municipality", "Bielefeld"], {"municipality": "Bielefeld"}, 2, "MUNICIPALITY_MALFORMED", "municipality"),
    "no municipality":
        (["--municipality", ""], {"municipality": ""}, 2, "FIELD_REQUIRED", "municipality"),
    "unknown agency":
        (["--fact", "drv_account=drv-nirgendwo"], {"facts": {"drv_account": "drv-nirgendwo"}}, 2, "AGENCY_UNKNOWN",
         "facts.drv_account"),
    "agency of another kind":
        (["--fact", "accident_insurer=lwl"], {"facts": {"accident_insurer": "lwl"}}, 2, "AGENCY_WRONG_KIND",
         "facts.accident_insurer"),
    "30 February":
        (["--date", "2025-02-30"], {"event_day": {"year": 2025, "month": 2, "day": 30}}, 2, "DAY_INVALID", "event_day"),
    "30 February as a fact":
        (["--fact", "birth_date=2000-02-30"], {"facts": {"birth_date": {"year": 2000, "month": 2, "day": 30}}}, 2,
         "DAY_INVALID", "facts.birth_date"),
    "a day before 2018":
        (["--date", "2017-12-31"], {"event_day": {"year": 2017, "month": 12, "day": 31}}, 4, "BEFORE_DATA",
         "event_day"),
    "law before 2018":
        (["--law-day", "2017-12-31"], {"law_day": {"year": 2017, "month": 12, "day": 31}}, 4, "BEFORE_DATA",
         "law_day"),
    "a day beyond the data":
        (["--date", "9999-12-31"], {"event_day": {"year": 9999, "month": 12, "day": 31}}, 4, "BEYOND_DATA",
         "event_day"),
    "data older than held":
        (["--known-at", "2020-01-01"], {"known_at": {"year": 2020, "month": 1, "day": 1}}, 2, "KNOWN_AT_BEFORE_DATA",
         "known_at"),
    "contradictory facts":
        (["--fact", "cause=none+work_accident"], {"facts": {"cause": ["CAUSE_NONE", "CAUSE_WORK_ACCIDENT"]}}, 2,
         "FACTS_CONTRADICT", "facts.cause"),
    "born after the service began":
        (["--fact", "birth_date=2025-03-11"], {"facts": {"birth_date": {"year": 2025, "month": 3, "day": 11}}}, 2,
         "FACTS_CONTRADICT", "facts.birth_date"),
    "months beyond any life":
        (["--fact", "insured_months=1000000000"], {"facts": {"insured_months": 1000000000}}, 2, "FACT_VALUE_INVALID",
         "facts.insured_months"),
    "area number that does not exist":
        (["--fact", "area_number=00"], {"facts": {"area_number": "00"}}, 2, "AREA_NUMBER_UNKNOWN",
         "facts.area_number"),
}
# The same that one of the two ways finds by itself.
BAD_ARGUMENTS = {
    "unknown fact": (["--fact", "disabilty=intellectual"], "FACT_UNKNOWN", "facts"),
    "fact twice": (["--fact", "cause=none", "--fact", "cause=none"], "FACT_TWICE", "facts.cause"),
    "fact without a value": (["--fact", "cause"], "CALL_INVALID", "--fact"),
    "unknown stage": (["--stage", "arbeitsberich"], "VALUE_UNKNOWN", "stage"),
    "unknown provider": (["--provider", "wfbn"], "VALUE_UNKNOWN", "provider"),
    "unknown option": (["--municipalty", "05711000"], "CALL_INVALID", ""),
}
BAD_MESSAGES = {
    "unknown fact": ({"facts": {"disabilty": ["DISABILITY_INTELLECTUAL"]}}, "JSON_INVALID", "json"),
    "unknown value": ({"stage": "STAGE_ARBEITSBERICH"}, "JSON_INVALID", "json"),
    "no stage": ({"stage": "STAGE_UNSPECIFIED"}, "FIELD_REQUIRED", "stage"),
    "no provider": ({"provider_type": 0}, "FIELD_REQUIRED", "provider_type"),
    "no day": ({"event_day": None}, "FIELD_REQUIRED", "event_day"),
    "empty day": ({"event_day": {}}, "DAY_INVALID", "event_day"),
}


class Lookup(unittest.TestCase):
    """One node for all; the last test of each kind proves that it goes on."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="teilhabe-test.")
        cls.node = Node(cls.folder.name)
        cls.before = listing(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()
        cls.folder.cleanup()

    def lookup(self, *arguments):
        """`carrier lookup` with the good arguments, the given ones in their place."""
        good = ["--municipality", "05711000", *QUESTION]
        kept = [word for at in range(0, len(good), 2) if good[at] not in arguments for word in good[at:at + 2]]
        return self.node.cli("carrier", "lookup", *kept, *arguments)

    def determined(self, municipality, *facts):
        done = self.node.cli("carrier", "lookup", "--municipality", municipality, *QUESTION, *facts, "--output", "json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)["competence"]

    def assert_goes_on(self):
        self.assertEqual(self.determined("05711000", *FACTS)["agency"]["id"], "lwl")
        self.assertEqual(listing(self.folder.name), self.before, "something was stored")

    def test_bielefeld_is_lwl(self):
        answer = self.determined("05711000", *FACTS)
        self.assertEqual(answer["outcome"], "OUTCOME_DETERMINED")
        self.assertEqual(answer["kind"], "CARRIER_KIND_EINGLIEDERUNGSHILFE")
        self.assertEqual(answer["agency"]["id"], "lwl")
        self.assertTrue(all(finding["citation"] and finding["text"] for finding in answer["findings"]))
        self.assertNotIn("missing", answer)

    def test_koeln_is_lvr(self):
        self.assertEqual(self.determined("05315000", *FACTS)["agency"]["id"], "lvr")

    def test_erfurt_is_its_own(self):
        answer = self.determined("16051000", *FACTS)
        self.assertEqual(answer["outcome"], "OUTCOME_DETERMINED")
        self.assertEqual(answer["agency"]["id"], "egh-16051")

    def test_without_facts_undetermined(self):
        answer = self.determined("05711000")
        self.assertEqual(answer["outcome"], "OUTCOME_UNDETERMINED")
        self.assertNotIn("agency", answer)
        self.assertEqual(answer["open"], ["OPEN_REASON_FACTS_MISSING"])
        missing = {fact["fact"]: fact for fact in answer["missing"]}
        for name in ("CAUSE", "DISABILITY", "FIRST_APPLICATION"):
            self.assertTrue(missing[f"FACT_NAME_{name}"]["suppliers"])
        self.assertEqual(answer["regelfall"]["kind"], "CARRIER_KIND_EINGLIEDERUNGSHILFE")
        self.assertEqual(answer["regelfall"]["agency"]["id"], "lwl")

    def test_answer_names_law_and_data(self):
        done = self.lookup("--output", "json")
        versions = json.loads(done.stdout)["versions"]
        for digest in ("rules_digest", "parameters_digest", "reference_digest"):
            self.assertRegex(versions[digest], "^[0-9a-f]{64}$")
        self.assertLessEqual({"year", "month", "day"}, set(versions["reference_day"]))

    def test_sentences(self):
        done = self.lookup(*FACTS)
        self.assertEqual(done.returncode, 0)
        lines = done.stdout.splitlines()
        self.assertTrue(lines[0].startswith("✓ "), lines[0])
        self.assertIn("Landschaftsverband Westfalen-Lippe", lines[0])
        self.assertTrue(any("[§ 63" in line for line in lines))
        self.assertTrue(self.lookup().stdout.startswith("? "))

    def test_csv(self):
        self.assertEqual(self.lookup(*FACTS, "--output", "csv").stdout,
                         "outcome,kind,agency,office\nDETERMINED,EINGLIEDERUNGSHILFE,lwl,\n")

    def test_bad_input_on_the_command_line(self):
        for name, (arguments, _, code, reason, field) in BAD_INPUT.items():
            with self.subTest(name):
                done = self.lookup(*arguments)
                self.assertEqual((done.returncode, reason_of(done), field_of(done), done.stdout),
                                 (code, reason, field, ""), done.stderr)
        for name, (arguments, reason, field) in BAD_ARGUMENTS.items():
            with self.subTest(name):
                done = self.lookup(*arguments)
                self.assertEqual((done.returncode, reason_of(done), field_of(done), done.stdout),
                                 (2, reason, field, ""), done.stderr)
        self.assert_goes_on()

    def test_bad_input_by_rpc(self):
        cases = {name: (changes, code, reason, field)
                 for name, (_, changes, code, reason, field) in BAD_INPUT.items()}
        cases.update({f"{name} (message)": (changes, 2, reason, field)
                      for name, (changes, reason, field) in BAD_MESSAGES.items()})
        for name, (changes, code, reason, field) in cases.items():
            with self.subTest(name):
                message = copy.deepcopy(MESSAGE)
                message["question"].update(changes)
                done = self.node.cli("rpc", "DetermineCompetence", json.dumps(message))
                self.assertEqual((done.returncode, reason_of(done), field_of(done), done.stdout),
                                 (code, reason, field, ""), done.stderr)
        self.assert_goes_on()

    def test_dissolved_municipality_names_who_took_over(self):
        done = self.lookup("--municipality", "16056000")
        self.assertIn("16063105", done.stderr)
        self.assertIn("Next:  ask for --municipality 16063105", done.stderr)

    def test_misspelled_words_are_corrected(self):
        for arguments, meant in ((["--fact", "disabilty=none"], "disability"), (["--stage", "arbeitsberich"],
                                 "arbeitsbereich"), (["--municipalty", "1"], "--municipality")):
            with self.subTest(meant):
                self.assertIn(f"did you mean {meant}?", self.lookup(*arguments).stderr)

    def test_oversized_message(self):
        message = copy.deepcopy(MESSAGE)
        message["question"]["municipality"] = "0" * (5 << 20)
        done = self.node.cli("rpc", "DetermineCompetence", "-", text=json.dumps(message))
        self.assertEqual((done.returncode, reason_of(done), field_of(done)), (4, "MESSAGE_TOO_LARGE", "message"))
        self.assert_goes_on()

    def test_text_that_is_not_utf8(self):
        done = self.lookup("--municipality", b"M\xfcnchen".decode(errors="surrogateescape"))
        self.assertEqual((done.returncode, reason_of(done), field_of(done)), (2, "VALUE_NOT_UTF8", "municipality"))
        self.assert_goes_on()

    def test_message_that_quotes_half_a_letter_keeps_its_reason(self):
        message = copy.deepcopy(MESSAGE)
        message["question"]["facts"] = {"drv_account": "x" + "ä" * 100}
        done = self.node.cli("rpc", "DetermineCompetence", json.dumps(message))
        self.assertEqual((done.returncode, reason_of(done), field_of(done)),
                         (2, "AGENCY_UNKNOWN", "facts.drv_account"), done.stderr)

    def test_carriersd_alone_answers_the_same(self):
        with tempfile.TemporaryDirectory(prefix="teilhabe-test.") as folder, Node(folder, program="carriersd") as alone:
            self.assertEqual(alone.wait_for("serving")["program"], "carriersd")
            for arguments in (["--municipality", "05711000", *QUESTION, *FACTS],
                              ["--municipality", "16051000", *QUESTION],
                              ["--municipality", "16056000", *QUESTION]):
                for output in ("table", "json"):
                    question = ["carrier", "lookup", *arguments, "--output", output]
                    one, other = self.node.cli(*question), alone.cli(*question)
                    self.assertEqual((one.returncode, one.stdout, one.stderr),
                                     (other.returncode, other.stdout, other.stderr))
            for command in (["carrier", "facts"], ["carrier", "rules", "--date", "2025-03-10"]):
                self.assertEqual(self.node.cli(*command).stdout, alone.cli(*command).stdout)
            self.assertEqual(alone.stop(), 0)

    def test_facts_and_rules_tables(self):
        facts = self.node.cli("carrier", "facts").stdout.splitlines()
        self.assertEqual(facts[0].split("\t"), ["name", "type", "values", "suppliers", "meaning", "source"])
        self.assertEqual(len(facts), 18)
        listed = json.loads(self.node.cli("carrier", "facts", "--output", "json").stdout)["facts"]
        self.assertEqual([fact["name"] for fact in listed], [line.split("\t")[0] for line in facts[1:]])
        rules = self.node.cli("carrier", "rules", "--output", "csv").stdout
        self.assertTrue(rules.startswith("list,rule,condition,outcome,from,to,force,citation\n"))
        then = json.loads(self.node.cli("carrier", "rules", "--date", "2018-06-01", "--output", "json").stdout)["rules"]
        self.assertLess(0, len(then))
        self.assertLess(len(then), len(rules.splitlines()) - 1)
        done = self.node.cli("carrier", "rules", "--date", "2025-02-30")
        self.assertEqual((done.returncode, reason_of(done), field_of(done)), (2, "DAY_INVALID", "date"))


if __name__ == "__main__":
    unittest.main()
