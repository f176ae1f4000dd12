"""What deploy/examples shows: three timelines, the evidence of one file, one proof sheet."""

import shutil

import report
from summary import timeline

TIMELINES = ["p20", "p25", "p52"]  # Forwarded; declined and taken; an agency that ends.
EVIDENCE = "p25"
PROOF = ["--municipality", "05711000", "--stage", "arbeitsbereich", "--date", "2023-06-01", "--fact", "cause=none",
         "--fact", "disability=intellectual", "--fact", "first_application=this"]


def write(network, stories, folder):
    """Writes them anew; returns the timelines as text. Persons that are not there are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    by_id = {story.person["id"]: story for story in stories}
    for person in TIMELINES:
        if person not in by_id:
            continue
        story = by_id[person]
        text = report.timeline(story.person, timeline(network, story.files[0].at, story.files[0].id)["entries"])
        (folder / f"timeline-{person}.txt").write_text(text + "\n", encoding="utf-8")
        shown.append(text)
    if EVIDENCE in by_id:
        write_evidence(network, by_id[EVIDENCE].files[0], folder)
    (folder / "proof.txt").write_text(network.run("carrier", "lookup", *PROOF), encoding="utf-8")
    return shown


def write_evidence(network, file, folder):
    """The file, and what an auditor trusts: the signers of the directory and the network's CA."""
    network.run("--as", file.at, "--official", "sb-1", "dossier", "evidence", file.id, "--out", folder / "case.evidence")
    identity = network.state / "members" / file.at / "identity"
    for name in ("trust.json", "network-ca.pem"):
        shutil.copyfile(identity / name, folder / name)
