"""What a verification found: as a table for machines, and as English for an auditor."""

import datetime

from contracts import enum_name
from evidence import Result
from log import Event, Log
from rules import RULES
from shapes import as_date
from statements import Statement
from wire import Message


def _instant(time: Message | None) -> str:
    if time is None:
        return ""
    try:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time["seconds"])
    except OverflowError:
        return ""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _day(date: Message | None) -> str:
    return str(as_date(date) or "")


# --- Table ------------------------------------------------------------------------------------------------------------

def _section_rows(sections) -> list[dict]:
    return [{"name": name, "category": category, "present": present} for name, category, present in sections]


def _receipt(kind: str, statement: Statement, time: Message | None) -> dict:
    return {"kind": kind, "by": statement.author, "of_event": statement.about.position, "time": _instant(time),
            "statement": statement.hash.hex()}


def _receipts(log: Log, statements: list[Statement]) -> dict[int, list[dict]]:
    """Sequence → what others have confirmed of the event. An Eingang says that its event and all before it are stored,
    so of each author the earliest one that covers an event stands with it."""
    direct: dict[int, list[Statement]] = {}
    for statement in statements:
        if statement.about and statement.kind in ("eingang", "wirksam", "rejection"):
            direct.setdefault(statement.about.position, []).append(statement)
    rows, covering = {}, {}
    for event in reversed(log.events):
        here = direct.get(event.position, [])
        covering |= {statement.author: statement for statement in here if statement.kind == "eingang"}
        rows[event.position] = [_receipt("eingang", statement, statement.detail["arrived_time"])
                                for _, statement in sorted(covering.items())]
        rows[event.position] += [_receipt(statement.kind, statement, statement.header["recorded_time"])
                                 for statement in here if statement.kind != "eingang"]
    return rows


def _about(event: Event) -> str:
    """What an event says beside its kind, in a few words."""
    detail = event.detail
    if detail is None:
        return event.header["record"]
    if event.kind == "SUCCEEDED":
        return f"{detail['predecessor']} by {detail['act']}"
    if event.kind in ("PARTY_ADMITTED", "PARTY_ENDED", "RELEASED"):
        return detail["member"]
    if event.kind == "CORRECTED":
        return f"event {detail['sequence']} {detail['name']}".rstrip()
    if event.kind == "JOINT_PROPOSED":
        return f"{detail['document']} version {detail['version']}"
    if event.kind == "SENT_OUTSIDE":
        return f"to {detail['addressee']}"
    return f"to {detail['to']}" if event.kind in ("ANNOUNCED", "OFFERED", "FORWARDED") else ""


def _event_row(event: Event, receipts: list[dict]) -> dict:
    header = event.header
    return {"sequence": event.position, "hash": event.hash.hex(), "kind": event.kind, "about": _about(event),
            "author": event.author, "epoch": header["epoch"], "official": header["official"],
            "event_day": _day(header["event_day"]), "recorded_time": _instant(header["recorded_time"]),
            "legal_basis": header["legal_basis"], "backdating_evidence": header["backdating_evidence"],
            "sections": _section_rows(event.sections), "receipts": receipts}


def _statement_row(statement: Statement) -> dict:
    row = {"hash": statement.hash.hex(), "kind": statement.kind, "author": statement.author,
           "to": statement.header["to"], "event_day": _day(statement.header["event_day"]),
           "recorded_time": _instant(statement.header["recorded_time"]),
           "legal_basis": statement.header["legal_basis"],
           "backdating_evidence": statement.header["backdating_evidence"],
           "about_event": statement.about.position if statement.about else 0,
           "in_event": statement.embedding.position if statement.embedding else 0,
           # The sections of one that was taken are the event's.
           "sections": [] if statement.embedding else _section_rows(statement.sections)}
    if statement.kind == "decision":
        row["outcome"] = enum_name("Outcome", statement.detail["outcome"])
    if statement.kind in ("eingang", "rejection") and not statement.about:
        row["about_statement"] = statement.detail["hash"].hex()
    if statement.kind == "eingang":
        row["left_out"] = [{"event": left["sequence"], "name": left["name"],
                            "category": enum_name("Category", left["category"])} for left in statement.detail["left_out"]]
    return row


def _open_offer(log: Log) -> dict | None:
    offer = log.open_offer
    return offer and {"event": offer.position, "kind": offer.kind, "to": offer.to, "day": _day(offer.header["event_day"])}


def table(result: Result) -> dict:
    """Everything that is said of a file, in types of JSON."""
    evidence, directory, log = result.evidence, result.directory, result.log
    listed, embedded = result.statements.listed, result.statements.embedded
    receipts = _receipts(log, listed)
    return {
        "verified": not result.faults,
        "seal_checked": result.seal_checked,
        "dossier": evidence["dossier"],
        "class": enum_name("DossierClass", log.first_header["class"]) if log.first_header else "",
        "head": log.events[-1].hash.hex() if log.events else "",
        "training": directory.training,
        "network": directory.network,
        "exporter": evidence["exporter"],
        "exported_time": _instant(evidence["exported_time"]),
        "directory": {"version": directory.version, "members": len(directory.members), "signers": directory.signers,
                      "vouched": list(directory.vouched)},
        "holders": [{"epoch": tenure.epoch, "holder": tenure.holder, "first_event": tenure.first,
                     "last_event": tenure.last} for tenure in log.tenures],
        "open_offer": _open_offer(log),
        "events": [_event_row(event, receipts[event.position]) for event in log.events],
        "statements": [_statement_row(statement) for statement in listed],
        "embedded_statements": [_statement_row(statement) for statement in embedded],
        "certificates": [{"member": member, "valid": valid} for member, valid in result.certificates],
        "faults": [{"where": fault.where, "rule": fault.rule, "what": fault.what} for fault in result.faults],
    }


# --- English ----------------------------------------------------------------------------------------------------------

def printable(text: str) -> str:
    """The text with everything escaped that could move a terminal's cursor or hide something."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def _sections_line(sections: list[dict]) -> str:
    return ", ".join(f"{row['name']} ({row['category']}) {'present' if row['present'] else 'ABSENT'}" for row in sections)


def _receipt_text(row: dict, event: dict) -> str:
    text = f"{row['kind'].capitalize()} by {row['by']}, {row['time']}"
    return text if row["of_event"] == event["sequence"] else f"{text} (of event {row['of_event']})"


def _event_lines(row: dict):
    yield (f"  {row['sequence']:>4}  {row['kind']} {row['about']}".rstrip()
           + f", by {row['author']}{'/' + row['official'] if row['official'] else ''}, day {row['event_day']},"
             f" recorded {row['recorded_time']}, {row['legal_basis']}")
    if row["backdating_evidence"]:
        yield f"        earlier day proved by: {row['backdating_evidence']}"
    if row["sections"]:
        yield f"        sections: {_sections_line(row['sections'])}"
    for receipt in row["receipts"]:
        yield f"        {_receipt_text(receipt, row)}"


def _statement_line(row: dict) -> str:
    text = f"  {row['hash'][:16]}  {row['kind']}{' ' + row['outcome'] if 'outcome' in row else ''}"
    text += f" by {row['author']} to {row['to']}, day {row['event_day']}, recorded {row['recorded_time']}"
    text += f", earlier day proved by: {row['backdating_evidence']}" if row["backdating_evidence"] else ""
    text += f", about event {row['about_event']}" if row["about_event"] else ""
    text += f", about statement {row['about_statement'][:16]}" if "about_statement" in row else ""
    text += f", inside event {row['in_event']}" if row["in_event"] else ""
    text += f"; sections: {_sections_line(row['sections'])}" if row["sections"] else ""
    left_out = ", ".join(f"{left['name']} ({left['category']}) of event {left['event']}"
                         for left in row.get("left_out", ()))
    return text + (f"; was not given {left_out}" if left_out else "")


def lines(content: dict) -> list[str]:
    """The table as an auditor reads it."""
    directory, offer = content["directory"], content["open_offer"]
    out = [f"Dossier {content['dossier']}, class {content['class']}"
           + (", TRAINING: everything in it is invented" if content["training"] else ""),
           f"Exported by {content['exporter']}, {content['exported_time']}; its seal was"
           f" {'checked' if content['seal_checked'] else 'NOT CHECKED, so exporter and time are only claimed'}",
           f"Directory {directory['version']} of network {content['network']}: {directory['members']} members,"
           f" signed by {directory['signers']} trusted signers"]
    out += [f"  {member}: its entry is signed by a key that is not in the file; the signers vouch for it"
            for member in directory["vouched"]]
    out += ["", "Holders"]
    out += [f"  epoch {row['epoch']}: {row['holder']}, events {row['first_event']} to {row['last_event']}"
            for row in content["holders"]] or ["  none"]
    out += ["", "Open offer: " + (f"event {offer['event']}, {offer['kind']} to {offer['to']} on {offer['day']}, not answered"
                                  if offer else "none")]
    out += ["", "Events"]
    for row in content["events"]:
        out += _event_lines(row)
    for title, key in (("Statements", "statements"), ("Statements inside events", "embedded_statements")):
        out += ["", title] + ([_statement_line(row) for row in content[key]] or ["  none"])
    out += ["", "Certificates (time of validity is shown, not judged)"]
    out += [f"  {row['member']}: {row['valid']}" for row in content["certificates"]] or ["  none"]
    if content["faults"]:
        out += ["", "Faults"]
        out += [f"  {row['where']}: {row['what']}  [{row['rule']}]" for row in content["faults"]]
        out += ["", "Rules that are broken"]
        out += [f"  [{rule}] {text}" for rule, text in RULES.items()
                if rule in {row["rule"] for row in content["faults"]}]
    out += ["", f"NOT VERIFIED: {len(content['faults'])} faults" if content["faults"] else
            f"VERIFIED: {len(content['events'])} events, {len(content['statements'])} statements, no fault"]
    if not content["faults"]:
        out += [f"This holds up to event {len(content['events'])} with hash {content['head']}.",
                "What came after it, and what the exporter was not given, no file can show."]
    return [printable(line) for line in out]
