"""The rules of the log, event by event."""

import dataclasses
import functools
import datetime
import zoneinfo

from contracts import enum_name
from directory import Directory, check_signature
from keys import Unusable, section_digest, tagged_digest
from rules import Findings
from shapes import as_date, is_text
from wire import Message, decode

# Kind → the detail that it has. OPENED and RECORDED have none.
DETAIL_OF = {kind: kind.lower() for kind in (
    "ANNOUNCED", "OFFERED", "ACCEPTED", "OFFER_CLOSED", "FORWARDED", "SENT_OUTSIDE", "RECEIVED_OUTSIDE",
    "CONTRIBUTION_TAKEN", "PARTY_ADMITTED", "PARTY_ENDED", "RELEASED", "CORRECTED", "JOINT_PROPOSED", "SUCCEEDED")}
REQUEST_RECORDS = ("application", "gesamtplan_finding")
_NO_HASH = bytes(32)


@functools.lru_cache(maxsize=1)
def _berlin() -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo("Europe/Berlin")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Unusable("this machine has no time zone Europe/Berlin") from None


@functools.lru_cache(maxsize=4096)
def berlin_day(seconds: int) -> datetime.date | None:
    """The legal day of an instant; None: out of the calendar, which the shape of a Timestamp has reported."""
    try:
        instant = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
        return instant.astimezone(_berlin()).date()
    except OverflowError:
        return None


@dataclasses.dataclass
class Event:
    """One event. `header` may be broken, then only position and hash count."""
    position: int
    signed: Message
    header: Message
    hash: bytes
    kind: str
    answers: "Event | None" = None  # Of ACCEPTED: the offer.
    sections: list = dataclasses.field(default_factory=list)

    @property
    def where(self) -> str:
        return f"event {self.position}"

    @property
    def detail(self) -> Message | None:
        """The detail of the event's kind; None where it is absent, which is a fault already."""
        return self.header[DETAIL_OF[self.kind]] if self.kind in DETAIL_OF else None

    @property
    def author(self) -> str:
        return self.header["author"]

    @property
    def to(self) -> str:
        """Addressee of an offer."""
        return self.detail["to"] if self.kind in ("OFFERED", "FORWARDED") and self.detail else ""


@dataclasses.dataclass
class Tenure:
    """Who holds, in which epoch, over which events."""
    epoch: int
    holder: str
    first: int
    last: int


def legal_days(header: Message) -> tuple[datetime.date | None, datetime.date | None]:
    """Day of the event, day on which it was recorded."""
    recorded = header["recorded_time"]
    return as_date(header["event_day"]), berlin_day(recorded["seconds"]) if recorded else None


def check_day(findings: Findings, where: str, rule: str, header: Message) -> None:
    """Nothing is dated back without what proves it."""
    day, recorded = legal_days(header)
    if day and recorded:
        findings.need(day <= recorded, where, rule, f"event_day {day} is after the day of recording, {recorded}")
        findings.need(day >= recorded or is_text(header["backdating_evidence"]), where, rule,
                      f"event_day {day} is before the day of recording, {recorded}, and nothing proves it")


def check_sections(findings: Findings, where: str, rule: str, refs, sections) -> list:
    """Rows (name, category, present), one for each ref."""
    by_name = {ref["name"]: ref for ref in refs}
    findings.need(len(by_name) == len(refs), where, rule, "two refs have the same name")
    findings.need(sum(len(section["payload"]) for section in sections) <= 2_097_152, where, "Messages",
                  "its payloads have more than 2,097,152 bytes together")
    present = set()
    for section in sections:
        name = section["name"]
        findings.need(name not in present, where, rule, f"section {name!r} is there twice")
        present.add(name)
        if findings.need(name in by_name, where, rule, f"section {name!r} has no ref"):
            digest = section_digest(name, section["salt"], section["payload"])
            findings.need(digest == by_name[name]["digest"], where, rule, f"section {name!r} has not the digest of its ref")
        findings.message(f"{where}, section {name!r}", decode("SectionPayload", section["payload"]))
    return [(ref["name"], enum_name("Category", ref["category"]), ref["name"] in present) for ref in refs]


class Log:
    """The log as far as it has been read."""

    def __init__(self, findings: Findings, dossier: str, directory: Directory):
        self._findings, self._directory = findings, directory
        self.dossier = dossier
        self.events: list[Event] = []
        self.by_hash: dict[bytes, Event] = {}
        self.tenures: list[Tenure] = []
        self.open_offer: Event | None = None
        # (where, signed statement, event that embeds it): judged when the whole log is known.
        self.embedded: list[tuple[str, Message, Event]] = []
        self._taken: set[bytes] = set()
        self._forwards: list[Event] = []
        # Member that is or was a party → `announced`, `admitted`, `former_holder` or `ended`.
        self._parties: dict[str, str] = {}
        self._received: set[bytes] = set()  # Hashes of those SENT_OUTSIDE whose arrival is recorded.
        self._versions: dict[str, int] = {}  # Of joint documents.

    # --- What others ask ---

    @property
    def first_header(self) -> Message | None:
        """The header whose class and training count; None: there is no event that can be read."""
        return next((event.header for event in self.events if not event.header.broken), None)

    @property
    def holder(self) -> str:
        return self.tenures[-1].holder if self.tenures else ""

    def holder_before(self, event: Event) -> str:
        """Who held until this event; for an ACCEPTED the one who handed over."""
        return next((tenure.holder for tenure in reversed(self.tenures) if tenure.first < event.position), "")

    def knows(self, member: str, day: datetime.date | None) -> bool:
        """Whether it holds, is or was a party, was asked to hold, or on that day succeeds the holder."""
        return (member in (self.holder, self._directory.successor(self.holder, day)) or member in self._parties
                or any(event.to == member for event in self.events))

    def at(self, sequence: int) -> Event | None:
        return self.events[sequence - 1] if 1 <= sequence <= len(self.events) else None

    def has_ref(self, sequence: int, name: str, category: str = "") -> bool:
        event = self.at(sequence)
        return event is not None and any(name == ref["name"] and category in ("", enum_name("Category", ref["category"]))
                                         for ref in event.header["sections"])

    # --- Reading ---

    def append(self, signed: Message) -> None:
        """Reads and judges the next event."""
        header = decode("EventHeader", signed["header"])
        before = self.events[-1] if self.events else None
        event = Event(len(self.events) + 1, signed, header, tagged_digest("event", signed["header"]),
                      enum_name("EventKind", header["kind"]) if header["kind"] else "")
        self.events.append(event)
        self.by_hash[event.hash] = event
        self._findings.message(event.where, signed, header)
        if header.broken:
            return
        self._check_chain(event, before)
        self._check_author(event)
        self._check_day_and_detail(event)
        event.sections = check_sections(self._findings, event.where, "Log 5", header["sections"], signed["sections"])
        self._change_holder(event, before)
        self._check_references(event)

    def _need(self, holds: bool, event: Event, rule: str, what: str) -> bool:
        return self._findings.need(holds, event.where, rule, what)

    def _check_chain(self, event: Event, before: Event | None) -> None:
        header = event.header
        self._need(header["sequence"] == event.position, event, "Log 1", f"has sequence {header['sequence']}")
        self._need(header["previous_hash"] == (before.hash if before else _NO_HASH), event, "Log 1",
                   "previous_hash is not the hash of the event before")
        first = self.first_header
        for name in ("dossier", "class", "training"):
            self._need(header[name] == first[name], event, "Log 2", f"{name} is another than in the first event")
        self._need(header["training"] == self._directory.training, event, "Log 2", "training is not the directory's")

    def _check_author(self, event: Event) -> None:
        header, signed = event.header, event.signed
        key = self._directory.key(event.author)
        if self._need(bool(key), event, "Log 3", f"its author {event.author!r} is not in the directory"):
            check_signature(self._findings, event.where, "Log 3", signed["signature"], "event", signed["header"], key)
        self._need(header["incarnation"] >= 1, event, "Log 3", f"incarnation is {header['incarnation']}")
        if signed["signature"]:
            self._need(header["algorithm"] == signed["signature"]["algorithm"], event, "Digests and signatures",
                       "its header names another algorithm than its signature")

    def _check_day_and_detail(self, event: Event) -> None:
        header = event.header
        check_day(self._findings, event.where, "Log 4", header)
        wanted = DETAIL_OF.get(event.kind, "")
        self._need(header.one("detail") == wanted, event, "Log 4",
                   f"{event.kind} has {header.one('detail') or 'no detail'} instead of {wanted or 'none'}")
        self._need(bool(header["record"]) == (event.kind == "RECORDED"), event, "Log 4",
                   "RECORDED has no record" if event.kind == "RECORDED" else f"{event.kind} has a record")

    # --- Holder (rule 6) ---

    def _change_holder(self, event: Event, before: Event | None) -> None:
        rule = f"Log 6: {event.kind}"
        if before is None or not self.tenures:
            # Only the first event opens; but for the rest of the log it counts as if it had.
            self._need(event.position == 1 and event.kind == "OPENED", event, "Log 6: OPENED", "the first event is not OPENED")
            self._holds(event, epoch=0)
            return
        if event.kind == "ACCEPTED":
            self._accepted(event, before, rule)
        elif event.kind == "SUCCEEDED":
            self._not_frozen(event, rule)
            self._succeeded(event, rule)
        elif event.kind == "OFFER_CLOSED":
            self._by_holder(event, rule, also=self._directory.successor(self.holder, legal_days(event.header)[0]))
            self._offer_closed(event, before, rule)
        elif event.kind in ("OFFERED", "FORWARDED"):
            self._by_holder(event, rule)
            self._not_frozen(event, rule)
            self._need(event.to != self.holder, event, rule, "its addressee is the holder")
            if event.kind == "FORWARDED":
                self._forwarded(event, before, rule)
            self.open_offer = event
        else:
            self._need(event.kind != "OPENED", event, "Log 6: OPENED", "OPENED is not the first event")
            self._by_holder(event, "Log 6: every other")
            self._not_frozen(event, "Log 6: every other")
            if event.kind == "RECORDED" and event.header["record"] == "application":
                self._forwards.clear()
        self.tenures[-1].last = event.position
        self._need(event.header["epoch"] == self.tenures[-1].epoch, event, "Log 6: epoch",
                   f"epoch is {event.header['epoch']} instead of {self.tenures[-1].epoch}")

    def _holds(self, event: Event, epoch: int) -> None:
        if self.tenures:
            self._parties[self.holder] = "former_holder"
        self._parties.pop(event.author, None)
        self.tenures.append(Tenure(epoch, event.author, event.position, event.position))
        self.open_offer = None
        self._need(event.header["epoch"] == epoch, event, "Log 6: epoch",
                   f"epoch is {event.header['epoch']} instead of {epoch}")
        self._need(not self._directory.is_guest(event.author), event, "Log 9", f"{event.author} is a guest")

    def _by_holder(self, event: Event, rule: str, also="") -> None:
        self._need(event.author in (self.holder, also), event, rule, f"{event.author} writes, but {self.holder} holds")

    def _not_frozen(self, event: Event, rule: str) -> None:
        offer = self.open_offer
        self._need(offer is None, event, rule, f"the log is frozen since event {offer.position if offer else 0}")

    def _accepted(self, event: Event, before: Event, rule: str) -> None:
        detail = event.detail
        if self._need(before.kind in ("OFFERED", "FORWARDED") and before is self.open_offer, event, rule,
                      "the event before is no open offer") and detail:
            if self._need(detail["offer_hash"] == before.hash, event, rule, "names another offer than the event before"):
                event.answers = before
            self._need(event.author == before.to, event, rule, f"{event.author} accepts what was offered to {before.to}")
        if before.kind == "OFFERED":
            self._forwards.clear()
        self._holds(event, self.tenures[-1].epoch + 1)

    def _succeeded(self, event: Event, rule: str) -> None:
        detail = event.detail
        if detail:
            self._need(detail["predecessor"] == self.holder, event, rule, f"predecessor is not {self.holder}, who holds")
            succession = self._directory.succession(self.holder, legal_days(event.header)[0])
            if self._need(succession is not None and succession["successor"] == event.author, event, rule,
                          f"the directory does not name {event.author} as the successor on that day"):
                self._need(detail["act"] == succession["act"], event, rule, "names another act than the directory")
        self._holds(event, self.tenures[-1].epoch + 1)

    def _embed(self, event: Event, name: str, signed: Message | None) -> Message | None:
        """The header of an embedded statement, which is noted for the rules of statements; None: unreadable."""
        if signed is None:
            return None
        self.embedded.append((f"{event.where}, {name}", signed, event))
        header = decode("StatementHeader", signed["header"])
        return None if header.broken else header

    def _offer_closed(self, event: Event, before: Event, rule: str) -> None:
        offered = self._need(before.kind == "OFFERED" and before is self.open_offer, event, rule,
                             "the event before is not OFFERED")
        self.open_offer = None
        header = self._embed(event, "decline", event.detail["decline"]) if event.detail else None
        if header is None:
            return
        decision = header["decision"]
        if not self._need(decision is not None, event, rule, "decline is no Decision"):
            return
        self._need(enum_name("Outcome", decision["outcome"]) == "DECLINED", event, rule, "the Decision is no decline")
        self._need(header["to"] == self.holder, event, rule, "the Decision is not addressed to the holder")
        if offered:
            self._need(decision["offer_hash"] == before.hash, event, rule, "the Decision names another offer")
            self._need(header["author"] == before.to, event, rule, "the Decision is not by the addressee of the offer")

    def _forwarded(self, event: Event, before: Event, rule: str) -> None:
        self._forwards.append(event)
        number, detail = len(self._forwards), event.detail
        self._need(number <= 2, event, rule, "is forwarded for the third time")
        header = self._embed(event, "consent", detail["consent"]) if detail else None
        if detail is None:
            return
        eingang, day = as_date(detail["eingang_day"]), legal_days(event.header)[0]
        if eingang and day:
            self._need(eingang <= day, event, "Log 8", f"eingang_day {eingang} is after that of the event, {day}")
        if number > 2:
            return
        if number == 1:
            self._need(detail["consent"] is None, event, "Log 8", "the first FORWARDED has a consent")
            return
        self._need(before.kind == "ACCEPTED" and before.answers is self._forwards[0], event, rule,
                   "the event before does not accept the first FORWARDED")
        if not self._need(detail["consent"] is not None, event, rule, "the second FORWARDED has no consent"):
            return
        if header is None:
            return
        if self._need(header["consent"] is not None, event, rule, "consent is no Consent"):
            self._need(header["consent"]["accepted_hash"] == before.hash, event, rule,
                       "the Consent does not name the event before")
            self._need(header["author"] == event.to, event, rule, "the Consent is not by the addressee")
            self._need(header["to"] == self.holder, event, "Statements: parties", "the Consent is not given to the holder")

    # --- What names something of the log, and parties (rules 7, 9 and 10) ---

    def _check_references(self, event: Event) -> None:
        if event.detail:
            getattr(self, f"_check_{event.kind.lower()}", lambda event, detail: None)(event, event.detail)

    def _check_received_outside(self, event: Event, detail: Message) -> None:
        sent = self.by_hash.get(detail["sent_hash"])
        if not self._need(sent is not None and sent.kind == "SENT_OUTSIDE", event, "Log 9",
                          "sent_hash is not the hash of a SENT_OUTSIDE"):
            return
        self._need(sent.hash not in self._received, event, "Log 9", "its arrival was recorded before")
        self._received.add(sent.hash)
        received = as_date(detail["received_day"])
        posted, day = legal_days(sent.header)[0], legal_days(event.header)[0]
        if received and posted and day:
            self._need(posted <= received <= day, event, "Log 9",
                       f"received_day {received} is not from the day of posting, {posted}, to that of the event, {day}")

    def _check_corrected(self, event: Event, detail: Message) -> None:
        sequence, name = detail["sequence"], detail["name"]
        self._need(1 <= sequence < event.position and (not name or self.has_ref(sequence, name)), event, "Log 9",
                   f"there is no event {sequence} before it that has {name or 'a header'!r}")

    def _check_joint_proposed(self, event: Event, detail: Message) -> None:
        document, version = detail["document"], detail["version"]
        before = self._versions.get(document, 0)
        self._need(version > before, event, "Log 9", f"{document} has version {before} already")
        self._versions[document] = max(version, before)

    def _is_active(self, member: str) -> bool:
        return self._parties.get(member, "ended") != "ended"

    def _check_announced(self, event: Event, detail: Message) -> None:
        self._need(detail["to"] != self.holder, event, "Log 10", "its addressee is the holder")
        if not self._is_active(detail["to"]):
            self._parties[detail["to"]] = "announced"

    def _check_party_admitted(self, event: Event, detail: Message) -> None:
        member, grant = detail["member"], detail["grant"]
        self._need(member != self.holder, event, "Log 10", f"{member} is the holder")
        self._need(self._parties.get(member) != "admitted", event, "Log 10", f"{member} is a party already")
        former = grant is not None and grant["relation"] == "former_holder"
        self._parties[member] = "former_holder" if former else "admitted"

    def _check_party_ended(self, event: Event, detail: Message) -> None:
        self._need(self._is_active(detail["member"]), event, "Log 10", f"{detail['member']} is no party")
        self._parties[detail["member"]] = "ended"

    def _check_released(self, event: Event, detail: Message) -> None:
        self._need(self._is_active(detail["member"]), event, "Log 10", f"{detail['member']} is no party")
        for section in detail["sections"]:
            self._need(section["sequence"] < event.position and self.has_ref(section["sequence"], section["name"]),
                       event, "Log 9", f"event {section['sequence']} has no section {section['name']!r}")

    def _check_offered(self, event: Event, detail: Message) -> None:
        sequence = detail["request_sequence"]
        request = self.at(sequence)
        if sequence:
            self._need(request is not None and sequence < event.position and request.header["record"] in REQUEST_RECORDS,
                       event, "Log 9", f"event {sequence} records no application and no Gesamtplan finding")
        elif detail["grant"] and detail["grant"]["relation"] == "next_stage":
            self._findings.add(event.where, "Log 9", "an offer for a next stage names no request")

    def _check_contribution_taken(self, event: Event, detail: Message) -> None:
        signed = detail["contribution"]
        header = self._embed(event, "contribution", signed)
        if header is None:
            return
        statement_hash = tagged_digest("statement", signed["header"])
        self._need(statement_hash not in self._taken, event, "Log 7", "the contribution was taken before")
        self._taken.add(statement_hash)
        self._need(header.one("detail") in ("contribution", "ready", "joint_signature"), event, "Log 7",
                   f"{header.one('detail') or 'a statement without detail'} is no contribution")
        self._need(header["author"] == self.holder or header["author"] in self._parties, event, "Log 7",
                   f"{header['author']} is and was no party")
        self._need(header["dossier"] == event.header["dossier"], event, "Log 7", "the contribution is of another dossier")
        self._need(not signed["sections"], event, "Log 7", "the embedded contribution has sections of its own")
        refs = [[(ref["name"], ref["category"], ref["digest"]) for ref in of["sections"]] for of in (event.header, header)]
        self._need(refs[0] == refs[1], event, "Log 7", "its refs are not those of the contribution")
