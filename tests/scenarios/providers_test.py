#!/usr/bin/env python3
"""Providers of the start folder of Nordrhein-Westfalen: registered at lwl, known at every node by delivery."""

import json
import secrets
import unittest

from dossier_network import Network, eventually
from node_process import ROOT, reason_of

DAY = {"year": 2026, "month": 1, "day": 5}  # The first day of the start folder.
ALL = ["STAGE_EINGANGSVERFAHREN", "STAGE_BERUFSBILDUNGSBEREICH", "STAGE_ARBEITSBEREICH"]
WFBM = {"id": "wfbm-teutoburg", "name": "Teutoburger Werkstätten (erfunden)", "type": "PROVIDER_TYPE_WFBM",
        "stages": ALL, "catchment": ["05711", "05754"], "seat": "05711000"}
ALA = {"id": "ala-senne", "name": "Senne Berufliche Teilhabe (erfunden)", "type": "PROVIDER_TYPE_ALA",
       "stages": ["STAGE_ARBEITSBEREICH"], "seat": "05711000"}
# Who needs to run: the holder, the Regionaldirektion, an observer, the provider that has a node of its own.
RUNNING = ["rd-nrw", "lwl", "lag-wfbm-nrw", "wfbm-teutoburg", "ala-senne"]


class Providers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = json.loads((ROOT / "deploy/network/nrw/network.json").read_text())
        folder["members"] = [member for member in folder["members"] if member["id"] in RUNNING]
        cls.network = Network(start=folder)
        cls.addClassCleanup(cls.network.close)

    def call(self, member, method, expected="", **request):
        done = self.network.cli("--as", member, "rpc", "ProvidersService/" + method, json.dumps(request))
        self.assertEqual(reason_of(done), expected, (method, done.stdout, done.stderr))
        return json.loads(done.stdout) if not expected else None

    def register(self, member, provider, expected=""):
        made = self.call(member, "RegisterProvider", expected, dossier=secrets.token_hex(16),
                         request_id=secrets.token_hex(8), event_day=DAY, provider=provider)
        return made and made["provider"]

    def record(self, member, registered, expected="", **text):
        return self.call(member, "RecordVereinbarung", expected, dossier=registered["dossier"],
                         request_id=secrets.token_hex(8), expected_head=registered["head"], event_day=DAY,
                         vereinbarung={"id": "v", "from_day": DAY, **text})

    def check(self, member, provider, stage="ARBEITSBEREICH", municipality="05711000"):
        return self.call(member, "CheckProvider", provider=provider, stage="STAGE_" + stage, municipality=municipality,
                         event_day=DAY)

    def test_registered_at_lwl_seen_everywhere(self):
        wfbm = self.register("lwl", WFBM)
        ala = self.register("lwl", ALA)
        self.assertEqual(self.check("lwl", WFBM["id"])["breaches"], ["vereinbarung_sgb9_125"])
        self.record("lwl", wfbm, "CONTRACTING_WRONG_KIND", kind="VEREINBARUNG_KIND_SGB9_125",
                    contracting_traeger="rd-nrw", stages=["STAGE_ARBEITSBEREICH"])
        again = self.record("lwl", wfbm, kind="VEREINBARUNG_KIND_SGB9_125", contracting_traeger="lwl",
                            stages=["STAGE_ARBEITSBEREICH"])["provider"]
        self.record("lwl", wfbm, "HEAD_MOVED", id="bbb", kind="VEREINBARUNG_KIND_REHA_EV_BBB",
                    contracting_traeger="rd-nrw", stages=ALL[:2])
        self.record("lwl", again, id="bbb", kind="VEREINBARUNG_KIND_REHA_EV_BBB", contracting_traeger="rd-nrw",
                    stages=ALL[:2], basismodul="2025-1")
        self.record("lwl", ala, kind="VEREINBARUNG_KIND_SGB9_125", contracting_traeger="lwl",
                    stages=["STAGE_ARBEITSBEREICH"])
        for member in ("rd-nrw", "lag-wfbm-nrw", "wfbm-teutoburg"):
            for provider, texts in ((WFBM["id"], 2), (ALA["id"], 1)):
                self.assertTrue(eventually(lambda: len(self.call(
                    member, "GetProvider", provider=provider).get("vereinbarungen", [])) == texts), (member, provider))
            self.assertEqual(self.call(member, "GetProvider", provider=ALA["id"])["holder"], "lwl")
            listed = self.call(member, "ListProviders")["providers"]
            self.assertEqual([entry["provider"]["id"] for entry in listed], [ALA["id"], WFBM["id"]])

        admitted = self.check("rd-nrw", WFBM["id"], "BERUFSBILDUNGSBEREICH", "05754008")
        self.assertEqual((admitted.get("breaches"), admitted["contracting_traeger"], admitted["basismodul"],
                          admitted["in_catchment"]), (None, "rd-nrw", "2025-1", True))
        outside = self.check("rd-nrw", WFBM["id"], municipality="05315000")
        self.assertNotIn("breaches", outside)
        self.assertFalse(outside.get("in_catchment", False))
        self.assertEqual(outside["findings"][-1]["force"], "FORCE_SOLL")
        part = self.check("rd-nrw", ALA["id"], "EINGANGSVERFAHREN")
        self.assertEqual(part["breaches"], ["ala_offers_stage", "vereinbarung_reha_ev_bbb"])
        nobody = self.check("rd-nrw", "wfbm-nobody")
        self.assertEqual(nobody["breaches"], ["registered"])

        self.register("lwl", ALA, "PROVIDER_REGISTERED")
        self.record("rd-nrw", self.call("rd-nrw", "GetProvider", provider=ALA["id"]), "NOT_HOLDER", id="x",
                    kind="VEREINBARUNG_KIND_SGB9_125", contracting_traeger="lwl", stages=["STAGE_ARBEITSBEREICH"])
        self.register("rd-nrw", {**WFBM, "id": "lwl"}, "PROVIDER_WRONG_KIND")
        self.register("lwl", {**ALA, "catchment": ["05"]}, "PROVIDER_MALFORMED")

        # What was registered is there after a restart, and everything has been delivered.
        self.network.kill("rd-nrw")
        self.network.restart()
        self.assertEqual(len(self.call("rd-nrw", "ListProviders")["providers"]), 2)
        self.assertTrue(eventually(
            lambda: self.network.cli("--as", "lwl", "handover", "balance", "rd-nrw").returncode == 0))


if __name__ == "__main__":
    unittest.main()
