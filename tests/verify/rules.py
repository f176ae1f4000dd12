"""The rules by name, as faults cite them: the section of FORMAT.md, then what of it.

`Contracts` are those that stand in the comments of the .proto files and not in FORMAT.md.
"""

import dataclasses

RULES = {
    "Messages": "Only fields of the contracts, of their wire type, once, ascending, no defaults; shortest varints;"
                " named values; ids, digests, days, instants and texts are what they should be; what must be there is"
                " there; nothing is too large.",
    "Digests and signatures": "A signature has algorithm 1, as its header says, is strict DER, and names its key.",
    "Log 1": "Sequences are 1, 2, 3, ...; each event names the hash of the one before.",
    "Log 2": "dossier, class and training are the same in all events; training is the directory's.",
    "Log 3": "An event is signed by the key that the directory names for its author; incarnation is at least 1.",
    "Log 4": "event_day is not after the day of recording, before it only with evidence; the detail is that of the kind.",
    "Log 5": "Section names are unique; a section that is present has a ref, and its digest is the ref's.",
    "Log 6: OPENED": "OPENED is the first event and no other.",
    "Log 6: epoch": "The epoch is 0, and one more with each change of holder.",
    "Log 6: OFFERED": "By the holder, not frozen, to another member.",
    "Log 6: ACCEPTED": "By the addressee of the open offer; names the hash of the event before, OFFERED or FORWARDED.",
    "Log 6: OFFER_CLOSED": "By the holder or its successor, right after OFFERED, with the addressee's Decision that"
                           " declines it.",
    "Log 6: FORWARDED": "By the holder, not frozen, to another member; a second time only right after the first was"
                        " accepted and with a Consent; never a third time.",
    "Log 6: SUCCEEDED": "Not frozen; by the successor that the directory names for the holder, from its first day, by"
                        " the same act.",
    "Log 6: every other": "By the holder, not frozen.",
    "Log 7": "CONTRIBUTION_TAKEN embeds a contribution, ready or joint_signature of who is or was a party; its refs"
             " are the event's; none is taken twice.",
    "Log 8": "The first FORWARDED has no consent; eingang_day is not after event_day.",
    "Log 9": "What an event names is earlier: a request, a SENT_OUTSIDE received once and not before it was posted,"
             " refs, events; versions of a joint document ascend; a guest never holds.",
    "Log 10": "ANNOUNCED and PARTY_ADMITTED name another than the holder, nobody is admitted twice; PARTY_ENDED and"
              " RELEASED name an active party.",
    "Statements: signature": "A statement is signed by the key that the directory names for its author;"
                             " incarnation is at least 1.",
    "Statements: log": "dossier, class and training are the log's.",
    "Statements: sections": "Sections only with contribution and correction, under the rules for those of events.",
    "Statements: names": "What a statement names by hash is an event of the log of that kind; what an Eingang"
                         " names is an event or a statement.",
    "Statements: Eingang": "Of an event it has its sequence; what it left out are refs of the log up to there.",
    "Statements: Decision": "ACCEPTED names the ACCEPTED that answers its offer; no offer is accepted and declined.",
    "Statements: Correction": "Its CORRECTED says that the same was wrong; its sections are sections of that, of the"
                              " category of what was wrong.",
    "Statements: day": "event_day is not after the day of recording, before it only with evidence; in a receipt the same.",
    "Statements: parties": "Who answers is who was asked, and it answers the one who asked; who contributes is known to"
                           " the log.",
    "Evidence: format": "The format is teilhabe/evidence/v1, the dossier that of the log.",
    "Evidence: seal": "The file is signed by the exporter's key.",
    "Evidence: directory": "It is the trusted network's, signed by a threshold of trusted signers, no signature in it"
                           " false; entries are signed by the key they name or the one before.",
    "Evidence: certificates": "Signed by the network's CA; one URI, that of a member's node; the directory's key; the"
                              " exporter's first.",
    "Evidence: events": "The whole log from 1.",
    "Evidence: statements": "Ascending by hash, none twice.",
    "Contracts: fields": "Fields have the form that their comment gives them.",
}


@dataclasses.dataclass(frozen=True)
class Fault:
    """What does not hold: the event, statement or part of the file; the rule; in words."""
    where: str
    rule: str
    what: str


class Findings:
    """Collects faults, each once."""

    def __init__(self):
        self._faults: dict[Fault, None] = {}

    @property
    def faults(self) -> list[Fault]:
        return list(self._faults)

    def add(self, where: str, rule: str, what: str) -> None:
        if rule not in RULES:
            raise KeyError(rule)
        self._faults[Fault(where, rule, what)] = None

    def need(self, holds: bool, where: str, rule: str, what: str) -> bool:
        """Adds the fault unless `holds`, which it returns."""
        if not holds:
            self.add(where, rule, what)
        return holds

    def message(self, where: str, *messages) -> None:
        """Adds what was found when messages were read."""
        for message in messages:
            if message is None:
                continue
            for path, rule, text in message.faults:
                self.add(where, rule, f"{message.name}{'.' if path else ''}{path}: {text}")
