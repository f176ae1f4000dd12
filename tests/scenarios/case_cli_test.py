#!/usr/bin/env python3
"""Cases by the command line, as case workers type it: what it prints, in German, its exit codes and reasons."""

import csv
import io
import json
import os
import pty
import unittest

from case_network import BIELEFELD, FACTS, FIT, CaseAgency, day
from dossier_network import Network, eventually
from node_process import BIN, environment, field_of, reason_of

WHO = ["--family-name", "Beispiel", "--given-names", "Anna", "--birth-day", "2001-05-31"]
WHERE = ["--municipality", "05711000", "--street", "Musterweg 1", "--postal-code", "33602", "--place", "Bielefeld"]


class Typist:
    """Somebody of an agency at the command line."""

    def __init__(self, network, member):
        self.network = network
        self.member = member

    def run(self, *words, official=False):
        return self.network.cli("--as", self.member, *(["--official", "sb-1"] if official else []), *words)

    def says(self, *words, **more):
        done = self.run(*words, **more)
        assert (done.returncode, done.stderr) == (0, ""), (words, done.stdout, done.stderr)
        return done.stdout

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.says("--output", "csv", *words))))

    def fields(self, case):
        """What `case show` says, by its label; of several the list."""
        fields = {}
        for row in self.rows("case", "show", case):
            fields.setdefault(row["what"], []).append(row["value"])
        return fields

    def on_terminal(self, *words):
        """The same before a terminal."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(BIN / "teilhabe", ["teilhabe", "--as", self.member, *words],
                      environment(TEILHABE_STATE=str(self.network.state)))
        text = b""
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError:  # The other end is closed.
                break
            if not part:
                break
            text += part
        os.close(terminal)
        os.waitpid(pid, 0)
        return text.decode().replace("\r\n", "\n")


def entry_of(said):
    """The number in `✓ Eintrag 7: ...`."""
    assert said.startswith("✓ Eintrag "), said
    return int(said.split()[2].rstrip(":"))


class CaseCli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network(["rd-nrw", "drv-westfalen", "lwl", "lvr"])
        cls.addClassCleanup(cls.network.close)
        cls.ba, cls.drv, cls.lwl, cls.lvr = (Typist(cls.network, member)
                                             for member in ("rd-nrw", "drv-westfalen", "lwl", "lvr"))

    def refused(self, who, reason, code, *words, **more):
        done = who.run(*words, **more)
        self.assertEqual((reason_of(done), done.returncode, done.stdout), (reason, code, ""), done.stderr)
        return done

    def opened(self, who, *more, person=WHO):
        case = who.says("case", "open", *person, *WHERE, *more).strip()
        self.assertRegex(case, "^[0-9a-f]{32}$")
        return case

    def ready_for_work(self, number):
        """A case of the BA with both first stages behind it and an application for the third; case, application."""
        case = self.opened(self.ba, "--day", "2023-01-09", "--evidence", "Eingangsstempel", "--file-number", number)
        agency = CaseAgency(self.network, "rd-nrw")
        agency.stage(case, "EINGANGSVERFAHREN", "2023-01-09", "2023-02-01", "2023-04-30")
        agency.stage(case, "BERUFSBILDUNGSBEREICH", "2023-04-03", "2023-05-01", "2024-04-30")
        application = entry_of(self.ba.says("case", "apply", case, "--stage", "arbeitsbereich", "--provider", "wfbm"))
        agency.plan(case, application, version=3, gesamtplan=True)
        return case, str(application)

    def see(self, who, case, what="case"):
        self.assertTrue(eventually(lambda: what in who.fields(case)), (who.member, what))
        return who.fields(case)

    def test_open_list_show_apply_timeline(self):
        case = self.opened(self.lwl, "--file-number", "50.1/17")
        fields = self.lwl.fields("50.1/17")
        self.assertEqual(fields["case"], [case])
        self.assertEqual(fields["holder"], ["lwl (Landschaftsverband Westfalen-Lippe); diese Stelle führt den Fall"])
        self.assertIn("niemand", fields["leistender Träger"][0])
        self.assertIn("niemand", fields["issuer"][0])
        self.assertEqual(fields["person"], ["Anna Beispiel, geboren am 31.05.2001"])
        self.assertEqual(fields["address"], ["Musterweg 1, 33602 Bielefeld, Gemeindeschlüssel 05711000"])
        self.assertTrue(fields["rests on"][0].startswith("eröffnet, noch nichts beantragt, zu handeln bis "))
        said = self.lwl.says("case", "apply", "50.1/17", "--stage", "eingangsverfahren", "--provider", "ala")
        self.assertEqual(said, "✓ Eintrag 2: Antrag auf Leistungen im Eingangsverfahren, eingegangen am 05.01.2026\n")
        self.refused(self.lwl, "APPLICATION_OPEN", 4, "case", "apply", case, "--stage", "eingangsverfahren")
        self.refused(self.lwl, "BACKDATING_EVIDENCE_MISSING", 4, "case", "open", *WHO, *WHERE, "--day", "2026-01-02")
        said = self.lwl.says("case", "record", case, json.dumps({
            "step": {"assessment": {"application": 2, "instrument": "BEI_NRW"}}, "needs": {"summary": "Bedarf"}}))
        self.assertEqual(said, "✓ Eintrag 3: Bedarfsermittlung\n")
        fields = self.lwl.fields(case)
        self.assertEqual(fields["leistender Träger"], [
            "lwl (Landschaftsverband Westfalen-Lippe); entscheidet und zahlt, Eingangsverfahren (Eintrag 2)"])
        self.assertEqual(fields["entry 2"], [
            "05.01.2026  lwl: Antrag auf Leistungen im Eingangsverfahren, eingegangen am 05.01.2026 bei lwl"])
        self.assertRegex(fields["rests on"][0], r"^offener Antrag, zu handeln bis \d\d\.01\.2026  ✓ in der Frist$")
        listed = next(row for row in self.lwl.rows("case", "list", "--held") if row["case"] == case)
        self.assertEqual((listed["file number"], listed["holder"], listed["rests on"], listed["overdue"]),
                         ("50.1/17", "lwl", "offener Antrag", "✓ in der Frist"))
        self.assertEqual([row["case"] for row in self.lwl.rows("case", "list", "--file-number", "50.1/17")], [case])
        self.assertNotIn(case, self.lwl.says("case", "list", "--due-by", "2026-01-05"))
        timeline = self.lwl.says("case", "timeline", case)
        self.assertIn("3\t2026-01-05\tlwl\tBedarf ermittelt\n", timeline)
        self.assertIn("\nfrom\tto\tholder\tleistende Träger\tissuers\n2026-01-05\t\tlwl\tlwl (Eingangsverfahren)\t\n",
                      timeline)
        shown = json.loads(self.lwl.says("--output", "json", "case", "show", case))
        self.assertEqual((shown["case"], shown["contact"]["municipality"]), (case, BIELEFELD["municipality"]))

    def test_on_a_terminal_each_output_ends_with_the_next_command(self):
        case = self.opened(self.ba)
        self.assertTrue(self.ba.on_terminal("case", "show", case).endswith(
            f"\nNext: teilhabe --as rd-nrw case apply {case} --stage eingangsverfahren\n"))
        self.assertIn("\nNext: teilhabe --as rd-nrw case show ", self.ba.on_terminal("case", "list"))
        self.assertIn("\nNext: teilhabe --as rd-nrw access list ", self.ba.on_terminal("case", "timeline", case))

    def test_parties_and_the_way_to_the_next_agency(self):
        case, application = self.ready_for_work("R-1/26")
        said = self.ba.says("case", "involve", case, "--agency", "drv-westfalen", "--relation", "involved", "--category",
                            "identity,needs", "--release-older", "--until", "2026-12-31")
        self.assertIn("drv-westfalen (Deutsche Rentenversicherung Westfalen) ist beteiligt: weiterer beteiligter Träger "
                      "(§ 15 Abs. 2 SGB IX); ältere Abschnitte sind freigegeben", said)
        fields = self.see(self.drv, case, "person")
        self.assertNotIn("address", fields)
        self.assertIn("Anschrift", fields["withheld"][0])
        self.refused(self.drv, "NOT_HOLDER", 4, "case", "apply", case, "--stage", "arbeitsbereich")
        self.assertIn("Arbeitsbereich an lwl", self.ba.says(
            "case", "announce", case, "--to", "lwl", "--stage", "arbeitsbereich"))
        self.assertEqual(self.see(self.ba, case, "missing")["missing"],
                         ["fachliche_stellungnahme; fehlt lwl nach ihrer letzten Antwort"])
        done = self.refused(self.ba, "HANDOVER_INCOMPLETE", 4, "case", "offer", case, "--to", "lwl", "--request",
                            application)
        self.assertIn("  Missing: fachliche_stellungnahme\n", done.stderr)
        self.refused(self.ba, "REQUEST_MISSING", 4, "case", "offer", case, "--to", "lwl", "--request", "1")
        self.refused(self.ba, "OFFER_NOT_OPEN", 4, "case", "accept", case)

        # Offered although something is missing: declined for that, and for nothing that is there.
        said = self.ba.says("case", "offer", case, "--to", "lwl", "--request", application, "--incomplete")
        self.assertIn("Fall angeboten an lwl (Landschaftsverband Westfalen-Lippe); bis zur Antwort", said)
        self.refused(self.ba, "LOG_FROZEN", 4, "case", "apply", case, "--stage", "arbeitsbereich")
        fields = self.see(self.lwl, case, "offer")
        self.assertTrue(fields["holder"][0].endswith("diese Stelle ist gefragt, ob sie den Fall übernimmt"))
        decline = ["case", "decline", case, "--reason", "item_missing", "--missing"]
        self.assertEqual(field_of(self.refused(self.lwl, "NOT_MISSING", 4, *decline, "teilhabeplan")), "missing")
        self.assertIn("did you mean item_missing?", self.refused(
            self.lwl, "VALUE_UNKNOWN", 2, "case", "decline", case, "--reason", "item_mising").stderr)
        self.assertIn("Fall nicht übernommen: rd-nrw (Regionaldirektion Nordrhein-Westfalen) führt ihn weiter",
                      self.lwl.says(*decline, "fachliche_stellungnahme"))
        self.assertTrue(eventually(lambda: "offer" not in self.ba.fields(case)))

        # Complete: accepted, and decided on by whoever is competent.
        self.assertIn("fachliche Stellungnahme", self.ba.says(
            "case", "record", case, '{"step": {"report": {"kind": "fachliche_stellungnahme"}}}'))
        decision = json.dumps({"decision": {"application": application, "outcome": "DECISION_OUTCOME_GRANTED",
                                            "first_day": day("2026-02-01")}, "facts": {**FACTS, **FIT}})
        self.refused(self.ba, "OFFICIAL_REQUIRED", 4, "case", "decide", case, decision)
        done = self.refused(self.ba, "NOT_COMPETENT", 4, "case", "decide", case, decision, official=True)
        self.assertIn("  Next:  teilhabe case forward CASE --to lwl --application N\n", done.stderr)
        self.ba.says("case", "offer", case, "--to", "lwl", "--request", application)
        self.see(self.lwl, case, "offer")
        self.assertIn("Fall übernommen: lwl (Landschaftsverband Westfalen-Lippe) führt ihn jetzt",
                      self.lwl.says("case", "accept", case))
        self.assertTrue(eventually(lambda: self.ba.fields(case)["holder"][0].startswith("lwl ")))
        self.assertIn("Person", self.ba.fields(case)["withheld"][0])
        said = self.lwl.says("case", "decide", case, "--check", decision, official=True)
        self.assertTrue(said.startswith(
            "? Arbeitsbereich könnte bewilligt werden, ab 01.02.2026; geprüft, nichts geschrieben\n"), said)
        said = self.lwl.says("case", "decide", case, decision, official=True)
        self.assertRegex(said, r"^✓ Eintrag \d+: Arbeitsbereich bewilligt, ab 01\.02\.2026\n · Leistender Träger: lwl ")
        fields = self.lwl.fields(case)
        self.assertEqual(fields["issuer"], [
            "lwl (Landschaftsverband Westfalen-Lippe); hat den Bescheid erlassen, der heute gilt"])
        self.assertIn("bewilligte Leistung, noch nicht begonnen, zu handeln bis 01.02.2026", fields["rests on"][0])
        roles = self.lwl.rows("case", "timeline", case, "--roles")
        self.assertEqual([(role["holder"], role["to"]) for role in (roles[0], roles[-1])],
                         [("rd-nrw", "2023-01-31"), ("lwl", "")])
        self.assertIn("rd-nrw (Berufsbildungsbereich)", [role["leistende Träger"] for role in roles])

        # Who has seen it, at each of the three, and that nothing is gone from the log.
        accesses = self.lwl.rows("access", "list", case)
        self.assertLessEqual({"rd-nrw", "lwl", "drv-westfalen"}, {access["agency"] for access in accesses})
        decided = [access for access in accesses if access["what"] == "Entscheidung geprüft"]
        self.assertLessEqual({("rd-nrw", "official sb-1", "case_work"), ("lwl", "official sb-1", "case_work")},
                             {(access["agency"], access["who"], access["purpose"]) for access in decided})
        self.assertRegex(self.lwl.says("audit", "verify"),
                         r"^✓ Zugriffsprotokoll unversehrt: \d+ Einträge\n · Wurzel [0-9a-f]{64}\n$")

    def test_an_application_is_forwarded_or_sent_on_paper(self):
        case = self.opened(self.lwl)
        self.lwl.says("case", "apply", case, "--stage", "eingangsverfahren")
        package = self.network.root / "paket.txt"
        paper = ["case", "send-outside", case, "--addressee", "Jobcenter Bielefeld", "--application", "2", "--out", package]
        self.refused(self.lwl, "REVIEW_MISSING", 4, *paper, "--review", "2026-01-05")
        self.assertFalse(package.exists())
        self.refused(self.lwl, "ADDRESSEE_HAS_NODE", 4, "case", "send-outside", case, "--addressee", "rd-nrw",
                     "--application", "2", "--out", package, "--review", "2026-02-02")
        said = self.lwl.says("case", "forward", case, "--to", "rd-nrw", "--application", "2")
        self.assertIn("weitergeleitet an rd-nrw (Regionaldirektion Nordrhein-Westfalen)", said)
        fields = self.see(self.ba, case)
        self.assertTrue(fields["holder"][0].endswith("diese Stelle führt den Fall"))
        self.assertTrue(fields["leistender Träger"][0].startswith("rd-nrw "))
        outside = self.opened(self.lwl)
        self.lwl.says("case", "apply", outside, "--stage", "eingangsverfahren")
        paper[2] = outside
        said = self.lwl.says(*paper, "--review", "2026-02-02")
        self.assertIn("Überprüfung am 02.02.2026", said)
        self.assertIn("Empfänger:   Jobcenter Bielefeld\n", package.read_text())
        self.refused(self.lwl, "OUTPUT_EXISTS", 2, *paper, "--review", "2026-02-02")

    def test_persons_and_open_cases_elsewhere(self):
        someone = ["--family-name", "Muster", "--given-names", "Max", "--birth-day", "2003-11-02"]
        case = self.opened(self.drv, person=someone)
        self.drv.says("case", "apply", case, "--stage", "eingangsverfahren")
        found = [match for match in self.drv.rows("person", "find", *someone) if case in match["cases"]]
        self.assertEqual([match["match"] for match in found], ["Name und Geburtstag stimmen überein"])
        self.refused(self.drv, "OFFICIAL_REQUIRED", 4, "person", "unlink", case)
        self.drv.says("person", "unlink", case, official=True)
        said = self.drv.says("person", "link", case, "--person", found[0]["person"], official=True)
        self.assertTrue(said.startswith(f"✓ Der Fall gehört zu Person {found[0]['person']}, vorher zu "))
        self.refused(self.drv, "PERSON_UNKNOWN", 3, "person", "link", case, "--person", "0" * 32, official=True)
        elsewhere = self.opened(self.lvr, person=someone)
        self.lvr.says("case", "apply", elsewhere, "--stage", "eingangsverfahren")
        ask = ["case", "ask", elsewhere, "--application", "2", "--person-was-asked", "Er nennt die DRV."]
        answers = self.lvr.rows(*ask, "--agency", "drv-westfalen,rd-nrw")
        self.assertEqual([(answer["agency"], answer["case"], answer["answer"], answer["eingang"]) for answer in answers],
                         [("drv-westfalen", case, "✓ offener Fall", "2026-01-05"),
                          ("rd-nrw", "", "kein offener Fall", "")])
        self.refused(self.lvr, "MEMBER_UNKNOWN", 3, *ask, "--agency", "drv-saarland")

    def test_wrong_calls(self):
        case = self.opened(self.lwl)
        for reason, code, *words in (
                ("CASE_UNKNOWN", 3, "show", "0" * 32), ("CASE_UNKNOWN", 3, "show", "gibt es nicht"),
                ("CALL_INVALID", 2, "shw", case), ("CALL_INVALID", 2, "show"), ("CALL_INVALID", 2, "decline", case),
                ("CALL_INVALID", 2, "forward", case, "--to", "rd-nrw", "--application", "0"),
                ("CALL_INVALID", 2, "offer", case, "--to", "rd-nrw", "--request", "zwei"),
                ("VALUE_UNKNOWN", 2, "apply", case, "--stage", "arbeitsbreich"),
                ("VALUE_UNKNOWN", 2, "involve", case, "--agency", "lvr", "--relation", "involved", "--category", "need"),
                ("VALUE_UNKNOWN", 2, "list", "--rest", "nothing"), ("DAY_INVALID", 2, "list", "--due-by", "31.01.2026"),
                ("JSON_INVALID", 2, "record", case, "{"), ("JSON_INVALID", 2, "decide", case, '{"request_id": "1"}'),
                ("STEP_UNKNOWN", 4, "forward", case, "--to", "rd-nrw", "--application", "9")):
            with self.subTest(words):
                self.refused(self.lwl, reason, code, "case", *words)
        self.refused(self.lvr, "CASE_UNKNOWN", 3, "case", "show", case)
        done = self.network.cli("--as", "lwl", "--purpose", "remedy", "case", "show", case)
        self.assertEqual((done.returncode, reason_of(done)), (4, "PURPOSE_NOT_ALLOWED"))


if __name__ == "__main__":
    unittest.main()
