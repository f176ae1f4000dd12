"""What the network has before the first person comes: registered providers, and the joint text of Nordrhein-Westfalen."""

import datetime

from file import AB, BBB, EV, to_date

TEXT = "nw-n"
# Day of the last signature, from which the text holds (N-17): invented, the source names none.
SIGNATORIES = ["rd-nrw", "drv-westfalen", "drv-rheinland", "drv-bund", "lvr", "lwl", "mags-nrw", "lag-wfbm-nrw"]
PROVIDERS = [
    # Registered at, id, name, seat, catchment, who concluded the Vereinbarung for training.
    ("lwl", "wfbm-teutoburg", "Teutoburger Werkstätten (erfunden)", "05711000", ["05711", "05754", "05758"], "rd-nrw"),
    ("lvr", "wfbm-rheinaue", "Rheinauer Werkstätten (erfunden)", "05315000", ["05315", "05314", "05111", "05113"], "rd-nrw"),
    ("egh-16051", "wfbm-gera-aue", "Werkstatt Gera-Aue (erfunden)", "16051000", ["16051", "16056", "16070"], "rd-sat"),
    ("lwl", "ala-senne", "Senne Berufliche Teilhabe (erfunden)", "05711000", [], "rd-nrw"),
    ("egh-16063", "ala-rennsteig", "Rennsteig Arbeit und Teilhabe (erfunden)", "16063105", [], "rd-sat"),
]


def prepare(network):
    """Returns the next day, from which all of it holds everywhere."""
    today = to_date(network.today)
    for holder, provider, name, seat, catchment, trainer in PROVIDERS:
        register(network, holder, provider, name, seat, catchment, trainer, today)
    dossier = propose(network, today)
    network.to(network.today + datetime.timedelta(1))
    sign(network, dossier)
    network.to(network.today + datetime.timedelta(1))


def register(network, holder, provider, name, seat, catchment, trainer, today):
    dossier = provider.encode().hex().ljust(32, "0")[:32]
    kind = provider.split("-", maxsplit=1)[0].upper()
    work = ["STAGE_" + AB]
    training = ["STAGE_" + EV, "STAGE_" + BBB]
    made = network.call(holder, "ProvidersService/RegisterProvider", {
        "dossier": dossier, "request_id": provider, "event_day": today, "provider": {
            "id": provider, "name": name, "type": "PROVIDER_TYPE_" + kind, "seat": seat, "catchment": catchment,
            "stages": training + work if kind == "WFBM" else work}})["provider"]
    texts = [("sgb9_125", holder, work, "")]
    if kind == "WFBM":
        texts.append(("reha_ev_bbb", trainer, training, "2025-1"))
    for text, by, stages, module in texts:
        made = network.call(holder, "ProvidersService/RecordVereinbarung", {
            "dossier": dossier, "request_id": f"{provider}-{text}", "expected_head": made["head"], "event_day": today,
            "vereinbarung": {"id": text, "kind": "VEREINBARUNG_KIND_" + text.upper(), "contracting_traeger": by,
                             "stages": stages, "from_day": today, "basismodul": module}})["provider"]


def propose(network, today):
    """The LWL proposes the text to all its parties."""
    dossier = TEXT.encode().hex().ljust(32, "0")
    header = {"event_day": today, "legal_basis": "Gemeinsamer Text für Nordrhein-Westfalen"}
    network.call("lwl", "DossierService/OpenDossier", {"dossier": dossier, "request_id": TEXT, "draft": {
        "header": {**header, "class": "DOSSIER_CLASS_POLICY"}}})
    head = network.call("lwl", "DossierService/GetDossier", {"dossier": dossier})["log"]["head"]
    acts = [("PARTY_ADMITTED", {"party_admitted": {"member": member, "from_day": today, "grant": {
        "relation": "observer"}}}) for member in SIGNATORIES if member != "lwl"]
    acts.append(("JOINT_PROPOSED", {"joint_proposed": {"document": TEXT, "version": 1, "signatories": SIGNATORIES}}))
    for number, (kind, detail) in enumerate(acts):
        head = network.call("lwl", "DossierService/AppendEvent", {
            "dossier": dossier, "request_id": f"{TEXT}-{number}", "expected_head": head,
            "draft": {"header": {**header, "kind": "EVENT_KIND_" + kind, **detail}}})["answer"]["head"]["hash"]
    return dossier


def sign(network, dossier):
    for member in SIGNATORIES:
        if member == "lwl":  # It has proposed the text, and signed by that.
            continue
        proposed = network.call(member, "DossierService/GetDossier", {"dossier": dossier})["log"]["joint_documents"][0]
        network.call(member, "DossierService/SignStatement", {"dossier": dossier, "request_id": f"{TEXT}-{member}",
            "draft": {"header": {"event_day": to_date(network.today), "legal_basis": "Gemeinsamer Text für "
                      "Nordrhein-Westfalen", "joint_signature": {"proposed_hash": proposed["proposed_hash"]}}}})
