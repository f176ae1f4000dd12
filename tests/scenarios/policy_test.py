#!/usr/bin/env python3
"""The joint text of Nordrhein-Westfalen over the nodes of its parties: who takes part, from when it holds, what it
changes. The classes run in the order of their names: Federal before the last signature, Signed after it, Supplemented
with a second version."""

import json
import secrets
import unittest

from case_network import TODAY, CaseAgency, day, plan_items
from dossier_network import BASIS, Network, eventually
from node_process import ROOT

TRAEGER = ["rd-nrw", "drv-westfalen", "drv-rheinland", "drv-bund", "lvr", "lwl"]
OBSERVERS = ["mags-nrw", "lag-wfbm-nrw"]
PARTIES = TRAEGER + OBSERVERS
BEFORE, LATER = day("2025-12-01"), day("2026-01-07")
LOW = {"mindestmass": False, "mindestmass_low": True}


def setUpModule():
    global network, at
    network = Network(start=json.loads((ROOT / "deploy/network/nrw/network.json").read_text()))
    unittest.addModuleCleanup(network.close)
    at = {member: CaseAgency(network, member) for member in PARTIES}


def propose(signatories):
    """Opens a policy dossier at the LWL with a text of the name `nw-n`."""
    dossier = secrets.token_hex(16)
    at["lwl"].call("OpenDossier", dossier=dossier, request_id="open", draft={"header": {
        "class": "DOSSIER_CLASS_POLICY", "event_day": TODAY, "legal_basis": BASIS}})
    head = at["lwl"].state(dossier)["log"]["head"]
    for member in signatories:
        if member != "lwl":
            head = append(dossier, head, TODAY, "PARTY_ADMITTED", party_admitted={
                "member": member, "from_day": TODAY, "grant": {"relation": "observer"}})
    append(dossier, head, TODAY, "JOINT_PROPOSED", joint_proposed={
        "document": "nw-n", "version": 1, "signatories": signatories})
    return dossier


def append(dossier, head, on, kind, **detail):
    """An event of the LWL; returns the head afterwards."""
    done = at["lwl"].call("AppendEvent", dossier=dossier, request_id=secrets.token_hex(8), expected_head=head, draft={
        "header": {"kind": "EVENT_KIND_" + kind, "event_day": on, "legal_basis": BASIS, **detail}})
    return done["answer"]["head"]["hash"]


def text(agency, dossier, version=1):
    return agency.state(dossier)["log"]["joint_documents"][version - 1]


def sign(members, dossier, on=TODAY, version=1):
    """Each signs as soon as the text has arrived; waits until the LWL has taken the signatures into the log."""
    signature = {"event_day": on, "backdating_evidence": "Unterschriftsseite",
                 "joint_signature": {"proposed_hash": text(at["lwl"], dossier, version)["proposed_hash"]}}
    for member in members:
        assert eventually(lambda: at[member].sign(dossier, **signature)), member
    assert eventually(lambda: set(text(at["lwl"], dossier, version)["signed_by"]) >= set(members))


def in_force(dossier, members, version=1):
    return all(eventually(lambda: "in_force_day" in text(at[member], dossier, version)) for member in members)


class Cases(unittest.TestCase):
    @property
    def ba(self):
        return at["rd-nrw"]

    def determined(self):
        """A case with an application for the Eingangsverfahren whose need is determined, and no Teilhabeplan."""
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        needs = {"needs": {"summary": "Bedarf"}}
        assessed = self.ba.step(case, assessment={"application": application, "instrument": "BEI_NRW"}, parts=needs)
        self.ba.step(case, determination={"application": application, "assessment": assessed}, parts=needs)
        return case, application

    def for_training(self, on=None, very_high=False, **plan):
        """A case with an application for the Berufsbildungsbereich and its plan."""
        case = self.ba.open_case(on=on)
        application = self.ba.apply(case, "BERUFSBILDUNGSBEREICH", on=on)
        self.ba.plan(case, application, on=on, needs={"very_high_support": very_high},
                     **{"full_two_years_may_not_fit": False, **plan})
        return case, application

    def train(self, case, application, expected="", facts=None, **more):
        """Grants a year of it to who has come through the Eingangsverfahren elsewhere; gives the decision."""
        decided = self.ba.decide(case, application, expected=expected, first="2026-02-01", last="2027-01-31",
                                 facts={"ev_done": True, **(facts or {})}, **more)
        return decided if expected else self.decision(case, decided)

    def without_plan(self, expected):
        """What is said to a grant without a Teilhabeplan, where federal law asks for none."""
        case, application = self.determined()
        return case, application, self.ba.decide(case, application, expected=expected, last="2026-04-30",
                                                 facts={"several_traeger": False, "fachausschuss": False})

    def decision(self, case, sequence):
        steps = {int(step["sequence"]): step["step"] for step in self.ba.case(case)["steps"]}
        return steps[sequence]["decision"]


class Federal(Cases):
    def test_N_01_the_parties_are_agencies_with_nodes_and_two_have_no_part_in_a_case(self):
        peers = self.ba.ask("NetworkService/GetStatus")["peers"]
        self.assertLessEqual(set(PARTIES) - {"rd-nrw"}, {peer["id"] for peer in peers})
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        shown = self.ba.case(case)
        for member in OBSERVERS:
            self.ba.write("InvolveParty", case, "PARTY_WRONG_KIND", member=member, relation="observer")
            self.ba.write("InvolveParty", case, "PARTY_WRONG_KIND", member=member, relation="involved",
                          categories=["CATEGORY_IDENTITY"])
            self.ba.write("AnnounceCase", case, "ADDRESSEE_WRONG_KIND", to=member, stage="STAGE_ARBEITSBEREICH")
            self.ba.write("OfferCase", case, "ADDRESSEE_WRONG_KIND", to=member, request=application, incomplete=True)
            self.ba.write("ForwardCase", case, "ADDRESSEE_WRONG_KIND", to=member, application=application)
            at[member].ask("CaseService/GetCase", "CASE_UNKNOWN", case=case)
            at[member].ask("CaseService/OpenCase", "HOLDER_WRONG_KIND", case=secrets.token_hex(16), request_id="open",
                           event_day=TODAY, person=shown["person"], contact=shown["contact"])
            self.assertNotIn("cases", at[member].ask("CaseService/ListCases"))

    def test_N_01_nobody_is_named_to_who_has_no_part_in_a_case(self):
        case = self.ba.open_case()
        application = self.ba.apply(case, "EINGANGSVERFAHREN")
        for member in OBSERVERS + ["wfbm-teutoburg"]:
            self.ba.ask("CaseService/AskOpenCase", "MEMBER_UNKNOWN", case=case, request_id=member,
                        application=application, members=[member], person_was_asked="Ja.")

    def test_N_03_without_the_text_the_low_standard_decides_nothing(self):
        self.train(*self.for_training(), "NO_MINDESTMASS", LOW)

    def test_N_08_without_the_text_no_basismodul_is_needed(self):
        decided = self.train(*self.for_training(very_high=True, full_two_years_may_not_fit=True))
        self.assertNotIn("n08_basismodul", decided["rules"])

    def test_N_17_before_the_last_signature_federal_law_alone_applies(self):
        global dossier
        dossier = propose(PARTIES)
        sign(PARTIES[:5] + PARTIES[6:-1], dossier)  # Who proposes it, the LWL, signs by that.
        self.assertEqual(set(text(at["lwl"], dossier)["signed_by"]), set(PARTIES[:-1]))
        self.assertNotIn("in_force_day", text(at["lwl"], dossier))
        self.federal()
        # A text of the name that fewer parties sign is in force between them, and is none of theirs together.
        fewer = propose(["lwl", "rd-nrw"])
        sign(["rd-nrw"], fewer)
        self.assertTrue(in_force(fewer, ["lwl", "rd-nrw"]))
        self.federal()

    def federal(self):
        """Without a plan only the Fachausschuss is missing."""
        case, application, refused = self.without_plan("FACHAUSSCHUSS_MISSING")
        self.assertIn("Rule: s2_wvo_fachausschuss", refused)
        self.ba.step(case, report={"kind": "fachausschuss"})
        decided = self.ba.decide(case, application, last="2026-04-30", facts={"several_traeger": False})
        self.assertNotIn("n04_teilhabeplan", self.decision(case, decided)["rules"])


class Signed(Cases):
    @classmethod
    def setUpClass(cls):
        # The last one: an observer signs as everybody, here with a day before that of the others.
        sign(PARTIES[-1:], dossier, on=day("2026-01-02"))
        assert in_force(dossier, PARTIES)

    def test_N_17_from_the_last_signature_on_it_applies(self):
        case, application, refused = self.without_plan("NO_TEILHABEPLAN")
        self.assertIn("Rule: n04_teilhabeplan", refused)
        self.ba.step(case, report={"kind": "fachausschuss"})
        one = {"facts": {"several_traeger": False}, "last": "2026-04-30"}
        self.ba.decide(case, application, expected="NO_TEILHABEPLAN", **one)
        self.ba.step(case, teilhabeplan={"application": application, "version": 1, "review_day": day("2027-01-01")},
                     parts={"plan": {"items": plan_items(12)}})
        decided = self.ba.decide(case, application, **one)
        self.assertIn("n04_teilhabeplan", self.decision(case, decided)["rules"])

    def test_N_17_a_decision_of_a_day_before_the_last_signature_follows_federal_law(self):
        self.train(*self.for_training(on=BEFORE), "NO_MINDESTMASS", LOW, on=day("2026-01-01"))

    def test_N_17_its_first_day_is_the_latest_day_of_a_signature(self):
        self.assertEqual(text(at["lwl"], dossier)["in_force_day"], TODAY)

    def test_N_03_the_low_standard_may_decide(self):
        case, application = self.for_training()
        self.train(case, application, "NO_MINDESTMASS", {"mindestmass": False, "mindestmass_low": False})
        # Who keeps to the stricter standard says why.
        refusal = {"facts": {**LOW, "ev_done": True}, "ground": "discretion", "solution": "Tagesstruktur",
                   "individual_solution": {"review_day": day("2026-03-02")}}
        self.ba.decide(case, application, "REFUSED", "REASONS_MISSING", **refusal)
        self.assertIn("n03_mindestmass_low", self.train(case, application, "", LOW)["rules"])
        other, application = self.for_training()
        refused = self.ba.decide(other, application, "REFUSED", reasons="Der allgemeine Maßstab, weil ...", **refusal)
        self.assertEqual(self.decision(other, refused)["outcome"], "DECISION_OUTCOME_REFUSED")

    def test_N_08_the_basismodul_for_whom_two_years_may_not_fit(self):
        case, application = self.for_training(very_high=True, full_two_years_may_not_fit=True)
        refused = self.train(case, application, "BASISMODUL_MISSING")
        self.assertIn("Rule: n08_basismodul", refused)
        self.ba.plan(case, application, version=2, needs={"very_high_support": True}, full_two_years_may_not_fit=True,
                     basismodul="2025-1")
        self.assertIn("n08_basismodul", self.train(case, application)["rules"])

    def test_N_08_says_nothing_for_others(self):
        self.train(*self.for_training(full_two_years_may_not_fit=True))
        self.train(*self.for_training(very_high=True))

class Supplemented(Cases):
    """A second version, signed two days later."""

    @classmethod
    def setUpClass(cls):
        moved = network.cli("network", "clock", "advance", "2")
        assert moved.returncode == 0, moved.stderr
        append(dossier, at["lwl"].state(dossier)["log"]["head"], LATER, "JOINT_PROPOSED", joint_proposed={
            "document": "nw-n", "version": 2, "signatories": PARTIES})

    def test_N_17_a_version_that_waits_for_signatures_changes_nothing(self):
        self.assertNotIn("in_force_day", text(at["lwl"], dossier, 2))
        self.train(*self.for_training(on=BEFORE), "", LOW, on=day("2026-01-06"))

    def test_N_17_between_two_versions_the_first_one_holds(self):
        sign([member for member in PARTIES if member != "lwl"], dossier, LATER, 2)
        self.assertTrue(in_force(dossier, PARTIES, 2))
        self.train(*self.for_training(on=BEFORE), "", LOW, on=LATER)
        self.train(*self.for_training(on=BEFORE), "", LOW, on=day("2026-01-06"))


if __name__ == "__main__":
    unittest.main()
