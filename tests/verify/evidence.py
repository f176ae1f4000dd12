"""A whole evidence file."""

import dataclasses

from directory import Directory, check_certificates, check_signature, read_directory
from keys import Trust
from log import Log
from rules import Fault, Findings
from statements import Statements
from wire import Message, read

FORMAT = "teilhabe/evidence/v1"


@dataclasses.dataclass
class Result:
    """What was read and what is wrong with it."""
    faults: list[Fault]
    evidence: Message
    directory: Directory
    log: Log
    statements: Statements
    certificates: list
    seal_checked: bool


def verify(data: bytes, trust: Trust, seal: bool = True) -> Result:
    """Judges a file. `seal`: whether the exporter's signature around everything counts. Never raises for any `data`."""
    findings = Findings()
    # Read without the cache: a file is verified once, what is in it perhaps again inside another.
    sealed = read("SignedEvidence", data)
    evidence = read("Evidence", sealed["evidence"])
    for path, rule, text in evidence.faults:
        # Events and statements report for themselves.
        if not path.startswith(("events", "statements")):
            findings.add("evidence", rule, f"{path}: {text}" if path else text)
    directory = read_directory(evidence["directory"], trust, findings)
    for path, rule, text in sealed.faults:
        # Without the seal nothing is asked of it but that it ends where the file ends.
        if seal or not path.startswith("signature"):
            findings.add("seal", rule, f"{path}: {text}" if path else text)
    if seal:
        _check_seal(findings, sealed, evidence["exporter"], directory)
    findings.need(evidence["format"] == FORMAT, "evidence", "Evidence: format", f"format is {evidence['format']!r}")
    certificates = check_certificates(findings, evidence["certificates"], evidence["exporter"], directory, trust)

    log = Log(findings, evidence["dossier"], directory)
    for signed in evidence["events"]:
        log.append(signed)
    findings.need(bool(log.events), "evidence", "Evidence: events", "there is no event")
    first = log.first_header
    findings.need(first is None or first["dossier"] == evidence["dossier"], "evidence", "Evidence: format",
                  "the dossier is not that of the log")
    statements = Statements(findings, log, directory, evidence["statements"])
    statements.check()
    return Result(findings.faults, evidence, directory, log, statements, certificates, seal)


def _check_seal(findings: Findings, sealed: Message, exporter: str, directory: Directory) -> None:
    key = directory.key(exporter)
    if findings.need(bool(key), "seal", "Evidence: seal", f"the exporter {exporter!r} is not in the directory"):
        check_signature(findings, "seal", "Evidence: seal", sealed["signature"], "evidence", sealed["evidence"], key)
