"""What a single message must look like, whatever stands around it: ids, digests, days, required fields."""

import datetime
import re

from contracts import ENUMS, MESSAGES

_MESSAGES, _CONTRACTS = "Messages", "Contracts: fields"

_PATTERNS = {
    "dossier": (_MESSAGES, r"[0-9a-f]{32}", "32 lower-case hex digits"),
    "member": (_MESSAGES, r"(?=.{1,64}\Z)[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", "a member id"),
    "text": (_MESSAGES, r".+", "not empty"),
    "record": (_CONTRACTS, r"[a-z0-9_]{1,64}", "1 to 64 of a-z, 0-9, _"),
    "section": (_CONTRACTS, r"[a-z0-9/-]{1,64}", "1 to 64 of a-z, 0-9, -, /"),
    "document": (_CONTRACTS, r"[a-z0-9-]{1,64}", "1 to 64 of a-z, 0-9, -"),
    "filled": (_CONTRACTS, r".+", "not empty"),
    "file_name": (_CONTRACTS, r".{1,200}", "1 to 200 characters"),
    "media_type": (_CONTRACTS, r"application/pdf|image/png|image/tiff", "a type that attachments may have"),
}
_COMPILED = {name: (rule, re.compile(pattern, re.DOTALL), what) for name, (rule, pattern, what) in _PATTERNS.items()}

# Message → field → shape. `?`: may be absent. `hash` has 32 bytes, `present` is for messages, `from N` for numbers.
_SHAPES = {
    "SignedEvidence": "evidence text, signature present",
    "Evidence": "dossier dossier, exporter member, exported_time present, directory present",
    "Signature": "key_id hash, signature text",
    "SignedDirectory": "directory text",
    "Directory": "network text, version from 1, issued_time present",
    "SignedMember": "member text, signature present",
    "Member": "id member, host member?, key text",
    "Succession": "successor member, day present, act text",
    "SectionRef": "name section, digest hash",
    "Section": "salt hash",
    "Attachment": "file_name file_name, media_type media_type, size from 1, digest hash",
    "SignedEvent": "header text, signature present",
    "EventHeader": "dossier dossier, author member, event_day present, recorded_time present, legal_basis text,"
                   "previous_hash hash, epoch from 0, record record?",
    "Announced": "to member",
    "Offered": "to member, request_sequence from 0",
    "Accepted": "offer_hash hash",
    "OfferClosed": "decline present",
    "Forwarded": "to member, eingang_day present",
    "SentOutside": "addressee filled, package_hash hash",
    "ReceivedOutside": "sent_hash hash, received_day present, evidence filled",
    "ContributionTaken": "contribution present",
    "PartyAdmitted": "member member",
    "PartyEnded": "member member",
    "Released": "member member",
    "ReleasedSection": "sequence from 1, name section",
    "Corrected": "sequence from 1, name section?",
    "JointProposed": "document document, version from 1, signatories member",
    "Succeeded": "predecessor member, act text",
    "SignedStatement": "header text, signature present",
    "StatementHeader": "dossier dossier, author member, event_day present, recorded_time present, legal_basis text,"
                       "to member",
    "Contribution": "record record, after_hash hash",
    "Ready": "announced_hash hash",
    "Decision": "offer_hash hash, accepted_hash hash?",
    "Consent": "accepted_hash hash",
    "Withdrawal": "offer_hash hash",
    "JointSignature": "proposed_hash hash",
    "Eingang": "hash hash, sequence from 0, sent_time present, arrived_time present",
    "LeftOut": "sequence from 1, name section",
    "Wirksam": "accepted_hash hash",
    "Rejection": "hash hash",
}


def _single_check(shape: str):
    """A function from a value to (rule, text), or to None where nothing is wrong."""
    optional, shape = shape.endswith("?"), shape.rstrip("?")
    if shape == "present":
        return lambda value: None if value is not None else (_MESSAGES, "is absent")
    if shape == "hash":
        return lambda value: None if len(value) == 32 or (optional and not value) else (_MESSAGES, "has not 32 bytes")
    if shape.startswith("from "):
        least = int(shape[5:])
        return lambda value: None if value >= least else (_MESSAGES, f"is less than {least}")
    if shape == "text":
        return lambda value: None if value else (_MESSAGES, "is empty")
    rule, pattern, what = _COMPILED[shape]
    return lambda value: None if pattern.fullmatch(value) or (optional and not value) else (rule, f"is not {what}")


def _table() -> dict:
    table = {}
    for message, fields in MESSAGES.items():
        rows = []
        for text in filter(None, _SHAPES.get(message, "").split(",")):
            name, shape = text.strip().split(" ", 1)
            field = next(field for field in fields.values() if field.name == name)
            rows.append((name, field.repeated, _single_check(shape)))
        for field in fields.values():
            if field.type in ENUMS and not field.repeated:
                rows.append((field.name, False, lambda value: None if value else (_MESSAGES, "is absent")))
        table[message] = tuple(rows)
    return table


_TABLE = _table()


def as_date(fields) -> datetime.date | None:
    """The day that a Date names; None: none in the calendar."""
    try:
        return datetime.date(fields["year"], fields["month"], fields["day"])
    except (ValueError, OverflowError):
        return None


def _date(fields):
    if as_date(fields) is None:
        yield "", _MESSAGES, "is no day of the calendar"


def _timestamp(fields):
    # 0001-01-02 to 9999-12-30 UTC, so that the day in every zone is one of the calendar too.
    if not -62135510400 <= fields["seconds"] < 253402214400:
        yield "seconds", _MESSAGES, "is out of range"
    if not 0 <= fields["nanos"] <= 999_999_999:
        yield "nanos", _MESSAGES, "is out of range"


def _grant(fields):
    categories = list(fields["categories"])
    if any(left >= right for left, right in zip(categories, categories[1:])):
        yield "categories", _CONTRACTS, "do not ascend"
    medical = ENUMS["Category"].index("MEDICAL") + 1
    if medical in categories and not fields["medical_basis"]:
        yield "medical_basis", _CONTRACTS, "is absent with MEDICAL"


def _decision(fields):
    declined = fields["outcome"] == ENUMS["Outcome"].index("DECLINED") + 1
    if declined != bool(fields["reasons"]):
        yield "reasons", _CONTRACTS, "are absent from a decline" if declined else "stand beside ACCEPTED"
    if declined and fields["accepted_hash"]:
        yield "accepted_hash", _CONTRACTS, "stands in a decline"
    if fields["missing"] and ENUMS["DeclineReason"].index("ITEM_MISSING") + 1 not in fields["reasons"]:
        yield "missing", _CONTRACTS, "without ITEM_MISSING"


def _attachment(fields):
    if fields["size"] > 50_000_000:
        yield "size", _CONTRACTS, "is more than 50,000,000"


def _joint_proposed(fields):
    if not fields["signatories"]:
        yield "signatories", _CONTRACTS, "are none"


_WHOLE = {"Date": _date, "Timestamp": _timestamp, "Grant": _grant, "Decision": _decision, "Attachment": _attachment,
          "JointProposed": _joint_proposed}


def shape_faults(name: str, fields: dict) -> list[tuple[str, str, str]]:
    """(field, rule, text) of everything about the message itself that is wrong; those inside it are not looked at."""
    faults = []
    for field, repeated, check in _TABLE[name]:
        for value in fields[field] if repeated else (fields[field],):
            wrong = check(value)
            if wrong:
                faults.append((field, *wrong))
    if name in _WHOLE:
        faults += _WHOLE[name](fields)
    return faults
