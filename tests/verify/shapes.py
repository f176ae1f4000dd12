"""What a single message must look like, whatever stands around it: ids, digests, days, required fields."""

import datetime
import re

from contracts import ENUMS, MESSAGES

_MESSAGES, _CONTRACTS = "Messages", "Contracts: fields"

_PATTERNS = {
    "dossier": (_MESSAGES, r"[0-9a-f]{32}", "32 lower-case hex digits"),
    "member": (_MESSAGES, r"(?=.{1,64}\Z)[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", "a member id"),
    "record": (_CONTRACTS, r"[a-z0-9_]{1,64}", "1 to 64 of a-z, 0-9, _"),
    "section": (_CONTRACTS, r"[a-z0-9/-]{1,64}", "1 to 64 of a-z, 0-9, -, /"),
    "document": (_CONTRACTS, r"[a-z0-9-]{1,64}", "1 to 64 of a-z, 0-9, -"),
    "file_name": (_CONTRACTS, r".{1,200}", "1 to 200 characters"),
    "media_type": (_CONTRACTS, r"application/pdf|image/png|image/tiff", "a type that attachments may have"),
}
_COMPILED = {name: (rule, re.compile(pattern, re.DOTALL), what) for name, (rule, pattern, what) in _PATTERNS.items()}

# Message → field → shape. `?`: may be absent. `hash` has 32 bytes, `present` is for messages, `from N` for numbers,
# `M-N` is a length in bytes, `text N` a text for people of at most N bytes. `some`: one at least, `once`: none twice.
_SHAPES = {
    "SignedEvidence": "evidence filled, signature present",
    "Evidence": "dossier dossier, exporter member, exported_time present, directory present",
    "Signature": "key_id hash, signature filled",
    "SignedDirectory": "directory filled",
    "Directory": "network filled, version from 1, issued_time present",
    "SignedMember": "member filled, signature present",
    "Member": "id member, host member?, key filled",
    "Succession": "successor member, day present, act filled",
    "SectionRef": "name section, digest hash",
    "Section": "salt hash, payload 0-262144",
    "Attachment": "file_name file_name, media_type media_type, size from 1, digest hash",
    "SignedEvent": "header 1-65536, signature present",
    "EventHeader": "dossier dossier, author member, official member?, event_day present, recorded_time present,"
                   "legal_basis text 1000, previous_hash hash, epoch from 0, record record?",
    "Grant": "relation record, medical_basis text 1000?",
    "Announced": "to member, grant present",
    "Offered": "to member, grant present, request_sequence from 0, place 0-8",
    "Accepted": "offer_hash hash",
    "OfferClosed": "decline present",
    "Forwarded": "to member, grant present, place 0-8, eingang_day present",
    "SentOutside": "addressee text 200, package_hash hash, review_day present",
    "ReceivedOutside": "sent_hash hash, received_day present, evidence text 1000",
    "ContributionTaken": "contribution present",
    "PartyAdmitted": "member member, grant present, from_day present",
    "PartyEnded": "member member",
    "Released": "member member, sections some",
    "ReleasedSection": "sequence from 1, name section",
    "Corrected": "sequence from 1, name section?, reason text 1000",
    "JointProposed": "document document, version from 1, signatories member, signatories some, signatories once",
    "Succeeded": "predecessor member, act text 1000",
    "SignedStatement": "header 1-49152, signature present",
    "StatementHeader": "dossier dossier, author member, official member?, event_day present, recorded_time present,"
                       "legal_basis text 1000, to member",
    "Contribution": "record record, after_hash hash",
    "Ready": "announced_hash hash",
    "Decision": "offer_hash hash, accepted_hash hash?",
    "Consent": "accepted_hash hash",
    "Withdrawal": "offer_hash hash",
    "JointSignature": "proposed_hash hash",
    "Eingang": "hash hash, sequence from 0, sent_time present, arrived_time present",
    "LeftOut": "sequence from 1, name section",
    "Wirksam": "accepted_hash hash",
    "Rejection": "hash hash, reason text 100, field 0-200",
    "Correction": "sequence from 1, name section?, reason text 1000, corrected_hash hash",
}
# Shapes of a repeated field as a whole.
_OF_ALL = {
    "some": lambda values: None if values else (_CONTRACTS, "are none"),
    "once": lambda values: None if len(set(values)) == len(values) else (_CONTRACTS, "name one twice"),
}


def is_text(value: str, most: int = 1000) -> bool:
    """A text for people: not blank, bounded, nothing that moves a terminal."""
    return bool(value.strip(" ")) and len(value.encode()) <= most and not re.search(r"[\0-\x1f\x7f]", value)


def _single_check(shape: str):
    """A function from a value to (rule, text), or to None where nothing is wrong."""
    optional, shape = shape.endswith("?"), shape.rstrip("?")
    if shape == "present":
        return lambda value: None if value is not None else (_MESSAGES, "is absent")
    if shape == "hash":
        return lambda value: None if len(value) == 32 or (optional and not value) else (_MESSAGES, "has not 32 bytes")
    if shape == "filled":
        return lambda value: None if value else (_MESSAGES, "is empty")
    if shape.startswith("from "):
        least = int(shape[5:])
        return lambda value: None if value >= least else (_MESSAGES, f"is less than {least}")
    if shape.startswith("text "):
        most = int(shape[5:])
        return lambda value: None if is_text(value, most) or (optional and not value) else (
            _MESSAGES, f"is blank, longer than {most} bytes or has control characters")
    if re.fullmatch(r"\d+-\d+", shape):
        least, most = map(int, shape.split("-"))
        return lambda value: None if least <= len(value.encode() if isinstance(value, str) else value) <= most else (
            _MESSAGES, f"has not {least} to {most} bytes")
    rule, pattern, what = _COMPILED[shape]
    return lambda value: None if pattern.fullmatch(value) or (optional and not value) else (rule, f"is not {what}")


def _table() -> dict:
    table = {}
    for message, fields in MESSAGES.items():
        rows = []
        for text in filter(None, _SHAPES.get(message, "").split(",")):
            name, shape = text.strip().split(" ", 1)
            field = next(field for field in fields.values() if field.name == name)
            rows.append((name, field.repeated and shape not in _OF_ALL, _OF_ALL.get(shape) or _single_check(shape)))
        for field in fields.values():
            if field.type in ENUMS and not field.repeated:
                rows.append((field.name, False, lambda value: None if value else (_MESSAGES, "is absent")))
        table[message] = tuple(rows)
    return table


_TABLE = _table()


def as_date(fields) -> datetime.date | None:
    """The day that a Date names; None: it is absent, or none in the calendar."""
    try:
        return datetime.date(fields["year"], fields["month"], fields["day"]) if fields else None
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
    if ENUMS["Category"].index("PROCEDURE") + 1 in categories:
        yield "categories", _CONTRACTS, "hold PROCEDURE"
    medical = ENUMS["Category"].index("MEDICAL") + 1
    if medical in categories and not fields["medical_basis"]:
        yield "medical_basis", _CONTRACTS, "is absent with MEDICAL"


def _decision(fields):
    declined = fields["outcome"] == ENUMS["Outcome"].index("DECLINED") + 1
    if declined != bool(fields["reasons"]):
        yield "reasons", _CONTRACTS, "are absent from a decline" if declined else "stand beside ACCEPTED"
    if declined and fields["accepted_hash"]:
        yield "accepted_hash", _CONTRACTS, "stands in a decline"
    if bool(fields["missing"]) != (ENUMS["DeclineReason"].index("ITEM_MISSING") + 1 in fields["reasons"]):
        yield "missing", _CONTRACTS, "without ITEM_MISSING" if fields["missing"] else "is absent with ITEM_MISSING"


def _correction(fields):
    if fields["corrected_sequence"] <= fields["sequence"]:
        yield "corrected_sequence", _CONTRACTS, "is not after what was wrong"


def _attachment(fields):
    if fields["size"] > 50_000_000:
        yield "size", _CONTRACTS, "is more than 50,000,000"


def _header(fields):
    if len(fields["sections"]) > 64:
        yield "sections", _MESSAGES, "are more than 64"
    if fields["recorded_time"] is not None and fields["recorded_time"]["seconds"] <= 0:
        yield "recorded_time", _MESSAGES, "is before 1970-01-01 00:00:01 UTC"


_WHOLE = {"Date": _date, "Timestamp": _timestamp, "Grant": _grant, "Decision": _decision, "Attachment": _attachment,
          "Correction": _correction, "EventHeader": _header, "StatementHeader": _header}


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
