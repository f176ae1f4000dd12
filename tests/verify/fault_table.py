"""What tables of faults made by hand are written with; the rows are in log_faults.py and file_faults.py.

For each rule there are cases in which nothing but this rule is broken, because everything is signed anew.

A row names the rules that must be found broken, exactly these. Where one change must break more (an event that is
missing breaks the chain and what it did), `at_least` is set.
"""

import dataclasses

from builder import Case, date, tagged
from stories import full

OTHER = b"\x11" * 32  # A hash of nothing.


@dataclasses.dataclass
class Row:
    """`how`: arguments of the story; `file`: how its file is made."""
    name: str
    rules: frozenset
    how: dict
    file: object
    at_least: bool

    def make(self) -> bytes:
        case = full(**self.how)
        unused = (set(case.tweaks) | set(case.after)) - case.used
        if unused:
            raise AssertionError(f"{self.name}: nothing is called {unused}")
        return self.file(case)


ROWS: list[Row] = []


def exported(**more):
    """File of a case, exported by its last author; `more`: functions of the case, or values, for Case.evidence."""
    def make(case: Case) -> bytes:
        exporter = case.events[-1].header["author"]
        return case.file(exporter, **{name: value(case) if callable(value) else value for name, value in more.items()})
    return make


def row(name, rules, *, file=None, at_least=False, after=None, until="", **tweaks):
    """Tweaks are functions (draft, case), or dicts that update the header; `every` is the label `*`."""
    def as_function(tweak):
        return tweak if callable(tweak) else lambda draft, case: draft.header.update(tweak)
    tweaks = {"*" if label == "every" else label: as_function(tweak) for label, tweak in tweaks.items()}
    rules = frozenset([rules] if isinstance(rules, str) else rules)
    ROWS.append(Row(name, rules, {"tweaks": tweaks, "after": after, "until": until}, file or exported(), at_least))


def detail(kind, **fields):
    """Changes fields of the detail; functions get the case."""
    def tweak(draft, case):
        now = {name: value(case) if callable(value) else value for name, value in fields.items()}
        draft.header[kind] = draft.header[kind] | now
    return tweak


def draft_with(**attributes):
    def tweak(draft, _case):
        for name, value in attributes.items():
            setattr(draft, name, value)
    return tweak


def resigned(**fields):
    return draft_with(resign=lambda signature: signature | fields)


def appended(more: bytes):
    return draft_with(rewrite=lambda header: header + more)


def embedded(name, **fields):
    """Another statement inside an event, properly signed by its author."""
    def tweak(draft, case):
        now = {key: value(case) if callable(value) else value for key, value in fields.items()}
        statement = case.statement("other", name, listed=False, **now).without_sections
        for kind, inside in (("contribution_taken", "contribution"), ("offer_closed", "decline"), ("forwarded", "consent")):
            if kind in draft.header:
                draft.header[kind] = draft.header[kind] | {inside: statement}
    return tweak


def with_payload(payload: bytes):
    """Another payload of the event's only section, with the digest that fits."""
    def tweak(draft, _case):
        name, salt = draft.sections[0]["name"].encode(), draft.sections[0]["salt"]
        draft.sections[0]["payload"] = payload
        draft.header["sections"][0]["digest"] = tagged("section", salt + len(name).to_bytes(4, "big") + name + payload)
    return tweak


def label_hash(label):
    return lambda case: case[label].hash


def after(label, kind, author, content=None, **more):
    return {label: lambda case: case.event("inserted", kind, author, content, **more)}


def taking(label, author, statement_label):
    return {label: lambda case: case.take("inserted", author, case.statements[statement_label])}


# --- Shared by the tables ---------------------------------------------------------------------------------------------

REASONS = {"outcome": "DECLINED", "reasons": ["WRONG_PLACE"]}
EINGANG_DAY = {"eingang_day": date("2026-01-28")}
