"""The rules of statements: those in the file, and those that events embed."""

import dataclasses

from contracts import ENUMS, enum_name
from directory import Directory, check_signature
from keys import tagged_digest
from log import Event, Log, check_day, check_sections, legal_days
from rules import Findings
from wire import Message, decode

_PROCEDURE = ENUMS["Category"].index("PROCEDURE") + 1


@dataclasses.dataclass
class Statement:
    """One statement. `about`: the event that it names, if it names one."""
    where: str
    signed: Message
    header: Message
    hash: bytes
    embedding: Event | None = None
    about: Event | None = None
    sections: list = dataclasses.field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.header.one("detail")

    @property
    def detail(self) -> Message | None:
        return self.header[self.kind] if self.kind else None

    @property
    def author(self) -> str:
        return self.header["author"]


def read_statement(where: str, signed: Message, embedding: Event | None = None) -> Statement:
    header = decode("StatementHeader", signed["header"])
    digest = tagged_digest("statement", signed["header"])
    return Statement(where or f"statement {digest.hex()[:16]}", signed, header, digest, embedding)


class Statements:
    """All statements of a file, judged against its log."""

    def __init__(self, findings: Findings, log: Log, directory: Directory, listed):
        self._findings, self._log, self._directory = findings, log, directory
        self.listed = [read_statement("", signed) for signed in listed]
        self.embedded = [read_statement(where, signed, event) for where, signed, event in log.embedded]
        self._by_hash = {statement.hash: statement for statement in self.listed + self.embedded}
        # Offer's hash → outcomes; an ACCEPTED in the log is one of them.
        self._outcomes = {event.answers.hash: {"ACCEPTED": event.where} for event in log.events if event.answers}

    def check(self) -> None:
        before = b""
        for statement in self.listed:
            self._findings.need(statement.hash > before, statement.where, "Evidence: statements",
                                "is there twice" if statement.hash == before else "does not ascend by hash")
            before = statement.hash
        for statement in self.embedded + self.listed:
            self._findings.message(statement.where, statement.header)
            if not statement.embedding:
                self._findings.message(statement.where, statement.signed)
            if statement.header.broken:
                continue
            self._check_common(statement)
            getattr(self, "_" + statement.kind, lambda statement, detail: None)(statement, statement.detail)

    def _need(self, holds: bool, statement: Statement, rule: str, what: str) -> bool:
        return self._findings.need(holds, statement.where, rule, what)

    def _check_common(self, statement: Statement) -> None:
        header, signed, where = statement.header, statement.signed, statement.where
        self._need(bool(statement.kind), statement, "Messages", "has no detail")
        key = self._directory.key(statement.author)
        if self._need(bool(key), statement, "Statements: signature",
                      f"its author {statement.author!r} is not in the directory"):
            check_signature(self._findings, where, "Statements: signature", signed["signature"], "statement",
                            signed["header"], key)
        self._need(header["incarnation"] >= 1, statement, "Statements: signature",
                   f"incarnation is {header['incarnation']}")
        if signed["signature"]:
            self._need(header["algorithm"] == signed["signature"]["algorithm"], statement, "Digests and signatures",
                       "its header names another algorithm than its signature")
        first = self._log.first_header
        if first:
            for name in ("dossier", "class", "training"):
                self._need(header[name] == first[name], statement, "Statements: log", f"{name} is not the log's")
        check_day(self._findings, where, "Statements: day", header)
        if statement.kind in ("eingang", "wirksam", "rejection"):
            day, recorded = legal_days(header)
            self._need(day == recorded and not header["backdating_evidence"], statement, "Statements: day",
                       "a receipt is dated back")
        if statement.kind not in ("contribution", "correction"):
            self._need(not header["sections"] and not signed["sections"], statement, "Statements: sections",
                       f"{statement.kind} has sections")
        statement.sections = check_sections(self._findings, where, "Statements: sections", header["sections"],
                                            signed["sections"])

    # --- What each kind names ---

    def _event(self, statement: Statement, name: str, *kinds: str) -> Event | None:
        event = self._log.by_hash.get(statement.detail[name])
        if not self._need(event is not None and (not kinds or event.kind in kinds), statement, "Statements: names",
                          f"{name} is not the hash of {' or '.join(kinds) or 'an event'} of the log"):
            return None
        statement.about = event
        return event

    def _known(self, statement: Statement) -> None:
        self._need(self._log.knows(statement.author, legal_days(statement.header)[1]), statement, "Statements: parties",
                   "is by a stranger to the log")

    def _parties(self, statement: Statement, author: str, to: str = "") -> None:
        self._need(statement.author == author, statement, "Statements: parties", f"is not by {author}")
        self._need(not to or statement.header["to"] == to, statement, "Statements: parties", f"is not addressed to {to}")

    def _contribution(self, statement: Statement, detail: Message) -> None:
        statement.about = self._log.by_hash.get(detail["after_hash"])
        if not statement.embedding:
            self._known(statement)

    def _ready(self, statement: Statement, _detail: Message) -> None:
        event = self._event(statement, "announced_hash", "ANNOUNCED")
        if event and event.detail:
            self._parties(statement, event.detail["to"])

    def _decision(self, statement: Statement, detail: Message) -> None:
        outcome = enum_name("Outcome", detail["outcome"])
        declined = outcome == "DECLINED"
        offer = self._event(statement, "offer_hash", "OFFERED", *(() if declined else ("FORWARDED",)))
        if offer and not statement.embedding:
            self._parties(statement, offer.to, offer.author)
        others = self._outcomes.setdefault(detail["offer_hash"], {})
        for other, where in others.items():
            self._need(other == outcome, statement, "Statements: Decision", f"{outcome}, but {where} says {other}")
        others.setdefault(outcome, statement.where)
        if not declined:
            accepted = self._log.by_hash.get(detail["accepted_hash"])
            self._need(accepted is not None and accepted.kind == "ACCEPTED", statement, "Statements: names",
                       "accepted_hash is not the hash of ACCEPTED of the log")
            if accepted and accepted.kind == "ACCEPTED":
                self._need(accepted.answers is not None and accepted.answers is offer, statement, "Statements: Decision",
                           f"names event {accepted.position}, which does not answer its offer")

    def _consent(self, statement: Statement, _detail: Message) -> None:
        accepted = self._event(statement, "accepted_hash", "ACCEPTED")
        if accepted and not statement.embedding:
            self._need(statement.header["to"] == accepted.author, statement, "Statements: parties",
                       f"is not given to {accepted.author}")

    def _withdrawal(self, statement: Statement, _detail: Message) -> None:
        # § 14 SGB IX: what was forwarded cannot be withdrawn.
        offer = self._event(statement, "offer_hash", "OFFERED")
        if offer:
            successor = self._directory.successor(offer.author, legal_days(statement.header)[1])
            self._parties(statement, successor if statement.author == successor else offer.author, offer.to)

    def _correction(self, statement: Statement, detail: Message) -> None:
        self._known(statement)
        # Whoever is told may have the log no further.
        wrong, event = self._log.at(detail["sequence"]), self._log.at(detail["corrected_sequence"])
        if wrong:
            categories = {"": _PROCEDURE} | {ref["name"]: ref["category"] for ref in wrong.header["sections"]}
            category = categories.get(detail["name"])
            self._need(category is not None and all(ref["category"] == category for ref in statement.header["sections"]),
                       statement, "Statements: Correction", "is not of the category of what was wrong")
        statement.about = event
        if event is None or not self._need(
                event.kind == "CORRECTED" and event.detail is not None and event.hash == detail["corrected_hash"], statement,
                "Statements: names", f"event {event.position} is no CORRECTED with corrected_hash"):
            return
        self._need(all(detail[name] == event.detail[name] for name in ("sequence", "name")), statement,
                   "Statements: Correction", "says that something else was wrong than the CORRECTED says")
        refs, own = ({(ref["name"], ref["digest"]) for ref in header["sections"]}
                     for header in (event.header, statement.header))
        self._need(own <= refs, statement, "Statements: Correction", "has sections that the CORRECTED does not have")

    def _joint_signature(self, statement: Statement, _detail: Message) -> None:
        proposed = self._event(statement, "proposed_hash", "JOINT_PROPOSED")
        if proposed and proposed.detail:
            self._need(statement.author in proposed.detail["signatories"], statement, "Statements: parties",
                       "is not by one who must sign")

    def _wirksam(self, statement: Statement, _detail: Message) -> None:
        accepted = self._event(statement, "accepted_hash", "ACCEPTED")
        if accepted:
            self._parties(statement, self._log.holder_before(accepted), accepted.author)

    def _event_or_statement(self, statement: Statement, digest: bytes) -> None:
        statement.about = self._log.by_hash.get(digest)
        self._need(statement.about is not None or digest in self._by_hash, statement, "Statements: names",
                   "hash is that of no event and no statement here")

    def _eingang(self, statement: Statement, detail: Message) -> None:
        self._event_or_statement(statement, detail["hash"])
        sequence = statement.about.position if statement.about else 0
        if statement.about or detail["hash"] in self._by_hash:
            self._need(detail["sequence"] == sequence, statement, "Statements: Eingang",
                       f"sequence is {detail['sequence']} instead of {sequence}")
        for left_out in detail["left_out"]:
            category = enum_name("Category", left_out["category"])
            self._need(left_out["sequence"] <= sequence
                       and self._log.has_ref(left_out["sequence"], left_out["name"], category),
                       statement, "Statements: Eingang",
                       f"left out {left_out['name']!r} ({category}) of event {left_out['sequence']}, which is no ref up to"
                       f" event {sequence}")

    def _rejection(self, statement: Statement, detail: Message) -> None:
        statement.about = self._log.by_hash.get(detail["hash"])  # What was rejected need not be here.
