"""Faults made by hand: signatures, messages and the rules of the log."""

from builder import Case, Key, date, encode, field, instant, section, varint
from fault_table import (EINGANG_DAY, OTHER, REASONS, after, appended, detail, draft_with, embedded, exported, label_hash,
                         resigned, row, taking, with_payload)
from stories import GRANT, network

STRANGER = Key()

# --- Digests and signatures -------------------------------------------------------------------------------------------

SIGNATURES = "Digests and signatures"
row("event, algorithm 2", SIGNATURES, applied=lambda draft, case: (draft.header.update(algorithm=2),
                                                                   resigned(algorithm=2)(draft, case)))
row("event, algorithm of the header only", SIGNATURES, applied={"algorithm": 2})
row("statement, algorithm of the header only", SIGNATURES, wirksam={"algorithm": 2})
row("statement, algorithm of the signature only", SIGNATURES, wirksam=resigned(algorithm=2))
row("seal, algorithm 2", SIGNATURES, file=lambda case: case.seal(case.evidence("epsilon"), "epsilon", algorithm=2))


def long_der(signature):
    der = signature["signature"]
    return signature | {"signature": der[:1] + b"\x81" + der[1:]}


row("event, DER with a long length", "Log 3", applied=draft_with(resign=long_der))
row("event, something behind the DER", "Log 3",
    applied=draft_with(resign=lambda signature: signature | {"signature": signature["signature"] + b"\0"}))
row("event signed as a statement", "Log 3", applied=draft_with(domain="statement"))
row("statement signed as an event", "Statements: signature", wirksam=draft_with(domain="event"))

# --- Messages ---------------------------------------------------------------------------------------------------------

MESSAGES = "Messages"
row("unknown field in a header", MESSAGES, applied=appended(field(99, 1)))
row("unknown field beside a header", MESSAGES, applied=draft_with(rewrap=lambda made: made + field(99, b"x")))
row("unknown field in the evidence", MESSAGES,
    file=lambda case: case.seal(case.evidence("epsilon") + field(9, b"x"), "epsilon"))
row("unknown field in the file", MESSAGES, file=lambda case: case.file("epsilon") + field(3, b"x"))
row("trailing bytes", MESSAGES, file=lambda case: case.file("epsilon") + b"\0")
row("field twice", MESSAGES, applied=appended(field(12, "§ 14 SGB IX".encode())))
row("fields not ascending", MESSAGES, applied=appended(field(16, b"x")))
row("string that holds its default", MESSAGES, until="opened", opened=appended(field(16, b"")))
row("number that holds its default", MESSAGES, until="opened", opened=draft_with(rewrite=lambda header: header.replace(
    field(4, 1), field(4, 1) + field(5, 0))))
row("packed enumeration in two pieces", MESSAGES,
    announced=detail("announced", grant=encode("Grant", {"relation": "x"}) + field(2, b"\2") + field(2, b"\7")))
row("two details", MESSAGES, until="announced", announced=appended(field(29, encode("PartyEnded", {"member": "beta"}))))
row("other wire type", MESSAGES, at_least=True, opened=appended(field(17, 5)))
row("long varint", MESSAGES, at_least=True,
    applied=draft_with(rewrite=lambda header: header.replace(field(7, 1), varint(7 << 3) + b"\x81\0")))
row("long tag", MESSAGES, until="announced", announced=appended(b"\x82\x81\0" + b"\1x"))
row("bool that is 2", MESSAGES, at_least=True,
    applied=draft_with(rewrite=lambda header: header.replace(field(3, 1), field(3, 2))))
row("uint32 of 33 bits", MESSAGES, at_least=True,
    applied=draft_with(rewrite=lambda header: header.replace(field(14, 1), field(14, 1 << 32 | 1))))
row("int32 of 33 bits", MESSAGES, at_least=True, proposed=detail("joint_proposed", version=1 << 32 | 1))
row("repeated enumeration not packed", MESSAGES,
    announced=detail("announced", grant=encode("Grant", {"relation": "x"}) + field(2, 2)))
row("string that is not UTF-8", MESSAGES, at_least=True,
    applied=draft_with(rewrite=lambda header: header.replace("§".encode(), b"\xff\xff")))
row("enumeration written as 0", MESSAGES, at_least=True,
    applied=draft_with(rewrite=lambda header: header.replace(field(2, 1), field(2, 0))))
row("enumeration absent", {MESSAGES, "Log 2"}, applied={"class": 0})
row("enumeration without that value", MESSAGES, at_least=True, applied={"class": 5})
row("dossier in capitals", MESSAGES, every={"dossier": "ABCDEF0123456789ABCDEF0123456789"},
    file=exported(dossier="ABCDEF0123456789ABCDEF0123456789"))
for bad in ("", "Beta", "beta-", ".beta", "be ta", "x" * 65, "bäta"):
    row(f"member id {bad!r}", MESSAGES, until="admitted", admitted=detail("party_admitted", member=bad))
row("hash of 31 bytes", MESSAGES, sent=detail("sent_outside", package_hash=b"x" * 31))
row("digest of a ref of 33 bytes", MESSAGES,
    applied=lambda draft, case: draft.header["sections"][1].update(digest=b"x" * 33))
row("day that does not exist", MESSAGES, applied={"event_day": date("2025-02-29"), "backdating_evidence": "x"})
row("day without a month", MESSAGES, applied={"event_day": {"year": 2026, "day": 1}})
row("no event_day", MESSAGES, applied={"event_day": None})
row("no recorded_time", MESSAGES, applied={"recorded_time": None})
row("instant with too many nanoseconds", MESSAGES,
    applied={"recorded_time": instant(Case.TIME) | {"nanos": 1_000_000_000}})
row("instant out of range", MESSAGES, applied={"recorded_time": {"seconds": 1 << 60}})
row("no legal basis, event", MESSAGES, applied={"legal_basis": ""})
row("no legal basis, statement", MESSAGES, wirksam={"legal_basis": ""})
for what, bad in {"blank": "  ", "with a line end": "a\nb", "with DEL": "\x7f", "too long": "ä" * 501}.items():
    row(f"legal basis {what}, event", MESSAGES, applied={"legal_basis": bad})
    row(f"legal basis {what}, statement", MESSAGES, wirksam={"legal_basis": bad})
    row(f"evidence of receipt {what}", MESSAGES, received=detail("received_outside", evidence=bad))
    row(f"addressee {what}", MESSAGES, sent=detail("sent_outside", addressee=bad[:101]))
    row(f"reason of a correction {what}", MESSAGES, until="corrected", corrected=detail("corrected", reason=bad))
    row(f"reason of a rejection {what}", MESSAGES, rejection=detail("rejection", reason=bad[:51]))
    row(f"act {what}", {MESSAGES, "Log 6: SUCCEEDED"}, succeeded=detail("succeeded", act=bad))
    row(f"medical basis {what}", MESSAGES, announced=detail("announced", grant=GRANT | {
        "categories": ["MEDICAL"], "medical_basis": bad}))
    row(f"evidence of an earlier day {what}", "Log 4", decided_late={"backdating_evidence": bad})
row("no reason of a correction", MESSAGES, until="corrected", corrected=detail("corrected", reason=""))
row("field of a rejection too long", MESSAGES, rejection=detail("rejection", field="x" * 201))
row("official who is no id, event", MESSAGES, applied={"official": "P 17"})
row("official who is no id, statement", MESSAGES, wirksam={"official": "P 17"})
row("recorded before 1970", MESSAGES, applied={"event_day": date("1970-01-01"), "recorded_time": {"seconds": -1}})
row("place too long", MESSAGES, offered=detail("offered", place="053150000"))
row("place of a forwarding too long", MESSAGES, forwarded=detail("forwarded", place="053150000"))
for label, kind in (("announced", "announced"), ("offered", "offered"), ("forwarded", "forwarded"),
                    ("admitted", "party_admitted")):
    row(f"no grant, {kind}", MESSAGES, **{label: detail(kind, grant=None)}, at_least=label == "offered")
row("no day of review", MESSAGES, sent=detail("sent_outside", review_day=None))
row("no first day", MESSAGES, admitted=detail("party_admitted", from_day=None))
row("header of an event too large", MESSAGES, applied={"backdating_evidence": "x" * 65536})
row("header of a statement too large", MESSAGES, ready=detail("ready", missing=["x" * 49152]))
row("65 sections", MESSAGES, ended={"sections": [section(f"s{number}", "PLAN")[0] for number in range(65)]})
row("payload too large", MESSAGES, until="corrected", corrected=with_payload(encode("SectionPayload", {
    "type": "x", "content": bytes(262144)})))


def large_sections(draft, _case):
    draft.header["sections"], draft.sections[:] = map(list, zip(*(
        section(f"s{number}", "PLAN", "x" * 262000) for number in range(9))))


row("payloads too large together", MESSAGES, ended=large_sections)
row("statement without detail", MESSAGES, rejection=lambda draft, case: draft.header.pop("rejection"))
row("payload that is no SectionPayload", MESSAGES, until="corrected", corrected=with_payload(b"\xff"))


# --- Log 1 to 5 -------------------------------------------------------------------------------------------------------

row("sequence with a gap", "Log 1", announced={"sequence": 4})
row("sequence twice", "Log 1", announced={"sequence": 2})
row("first sequence 0", "Log 1", opened={"sequence": 0})
row("first event names one before", "Log 1", opened={"previous_hash": OTHER})
row("event names another one before", "Log 1", announced=lambda draft, case: draft.header.update(
    previous_hash=case["opened"].hash))
row("event missing", "Log 1", at_least=True,
    file=exported(events=lambda case: [made.bytes for made in case.events[:2] + case.events[3:]]))
row("first event missing", "Log 1", at_least=True,
    file=exported(events=lambda case: [made.bytes for made in case.events[1:]]))
row("events in another order", "Log 1", file=exported(
    events=lambda case: [made.bytes for made in case.events[:15] + case.events[16:14:-1] + case.events[17:]]))
row("event twice", "Log 1", at_least=True,
    file=exported(events=lambda case: [made.bytes for made in case.events + case.events[-1:]]))
row("event of another dossier", "Log 2", admitted={"dossier": "f" * 32})
row("event of another class", "Log 2", admitted={"class": "POLICY"})
row("event not training", "Log 2", admitted={"training": False})
row("log not training as the directory is", "Log 2", every={"training": False})
row("event signed by another member", "Log 3", applied=draft_with(key=network().keys["beta"]))
row("event signed by a stranger in the author's name", "Log 3",
    applied=lambda draft, case: (draft_with(key=STRANGER)(draft, case),
                                 resigned(key_id=network().keys["alpha"].id)(draft, case)))
row("author not in the directory", "Log 3", until="opened", opened={"author": "omega"},
    file=lambda case: case.file("alpha"))
row("incarnation 0, event", "Log 3", applied={"incarnation": 0})
row("event without a signature", MESSAGES, at_least=True, applied=draft_with(resign=lambda signature: None))
row("event_day after the recording", "Log 4", applied={"event_day": date("2026-02-04")})
row("event_day before it, without evidence", "Log 4", decided_late={"backdating_evidence": ""})
# 23:00 UTC is midnight in winter, 22:00 in summer.
row("day of Berlin, winter", "Log 4", applied={"event_day": date("2026-02-04"),
                                              "recorded_time": instant("2026-02-03T22:59:59")})
row("day of Berlin, winter, too early", "Log 4", applied={"recorded_time": instant("2026-02-03T23:00:00")})
row("day of Berlin, summer", "Log 4", applied={"event_day": date("2026-07-02"),
                                              "recorded_time": instant("2026-07-01T21:59:59")})
row("detail of another kind", "Log 4", until="announced", announced=lambda draft, case: draft.header.update(
    party_ended=draft.header.pop("announced") and {"member": "beta"}))
row("no detail", "Log 4", until="admitted", admitted={"party_admitted": None})
row("detail of OPENED", "Log 4", opened={"party_ended": {"member": "beta"}})
row("detail of RECORDED", "Log 4", decided_late={"party_ended": {"member": "beta"}})
row("RECORDED without record", "Log 4", decided_late={"record": ""})
row("record of another kind", "Log 4", admitted={"record": "decision"})
row("refs of one name", "Log 5", applied=lambda draft, case: draft.header["sections"].append(
    draft.header["sections"][0]))
row("section without a ref", "Log 5", ended=lambda draft, case: draft.sections.append(section("antrag", "PROCEDURE")[1]))
row("section twice", "Log 5", until="corrected", corrected=lambda draft, case: draft.sections.append(draft.sections[0]))
row("section with another text", "Log 5", applied=lambda draft, case: draft.sections[0].update(
    payload=encode("SectionPayload", {"type": "text/plain", "content": b"anders"})))
row("section with another salt", "Log 5", applied=lambda draft, case: draft.sections[0].update(salt=OTHER))
row("section under another name", "Log 5", applied=lambda draft, case: draft.sections[0].update(name="befund"))

# --- Log 6 to 8 -------------------------------------------------------------------------------------------------------


OPENED, OFFERED, ACCEPTED, CLOSED = "Log 6: OPENED", "Log 6: OFFERED", "Log 6: ACCEPTED", "Log 6: OFFER_CLOSED"
FORWARDED, SUCCEEDED, REST = "Log 6: FORWARDED", "Log 6: SUCCEEDED", "Log 6: every other"
row("first event is no OPENED", OPENED, until="opened", opened={"kind": "RECORDED", "record": "x"})
row("OPENED again", OPENED, until="inserted", after=after("announced", "OPENED", "alpha"))
row("epoch 1 from the start", "Log 6: epoch", until="opened", opened={"epoch": 1})
row("epoch not raised", "Log 6: epoch", accepted={"epoch": 0})
row("epoch raised without a change", "Log 6: epoch", admitted={"epoch": 4})
row("RECORDED by another", REST, until="inserted", after=after("announced", "RECORDED", "beta", record="x"))
row("RECORDED while frozen by an offer", REST, until="inserted", after=after("offered", "RECORDED", "alpha", record="x"))
row("RECORDED by the addressee", REST, until="inserted",
    after=after("offered", "RECORDED", "beta", record="x"))
row("RECORDED while frozen by a forwarding", REST, until="inserted",
    after=after("forwarded", "RECORDED", "beta", record="x"))
row("RECORDED by the former holder", REST, until="inserted", after=after("accepted", "RECORDED", "alpha", record="x"))
row("OFFERED by another", OFFERED, until="inserted", after=after("announced", "OFFERED", "beta", {"to": "gamma"}))
row("OFFERED to the holder", OFFERED, until="inserted", after=after("announced", "OFFERED", "alpha", {"to": "alpha"}))
row("OFFERED while frozen", OFFERED, until="inserted", after=after("offered", "OFFERED", "alpha", {"to": "gamma"}))
row("ACCEPTED by another", ACCEPTED, until="inserted",
    after={"offered": lambda case: case.event("inserted", "ACCEPTED", "gamma", {"offer_hash": case.head})})
row("ACCEPTED by the holder", ACCEPTED, until="inserted",
    after={"offered": lambda case: case.event("inserted", "ACCEPTED", "alpha", {"offer_hash": case.head})})
row("ACCEPTED without an offer", ACCEPTED, until="inserted",
    after=after("announced", "ACCEPTED", "beta", {"offer_hash": OTHER}))
row("ACCEPTED of an event that is no offer", ACCEPTED, until="inserted",
    after={"announced": lambda case: case.event("inserted", "ACCEPTED", "beta", {"offer_hash": case.head})})
row("ACCEPTED of an earlier offer", ACCEPTED, until="accepted",
    accepted=detail("accepted", offer_hash=label_hash("offered")))
row("ACCEPTED after the offer was closed", ACCEPTED, until="inserted", after={
    "offer_closed": lambda case: case.event("inserted", "ACCEPTED", "beta", {"offer_hash": case["offered"].hash})})

DECLINE = {"author": "beta", "to": "alpha"}


def declining(offer="offered", **fields):
    return lambda case: {"offer_hash": case[offer].hash} | REASONS | fields


row("OFFER_CLOSED by another", CLOSED, until="inserted", after={"offered": lambda case: case.event(
    "inserted", "OFFER_CLOSED", "beta", {"decline": case.statement("mine", "decision", listed=False, **DECLINE, detail={
        "offer_hash": case.head} | REASONS).bytes})})
row("OFFER_CLOSED without an open offer", CLOSED, until="inserted",
    after={"offer_closed": lambda case: case.event("inserted", "OFFER_CLOSED", "alpha", {
        "decline": case.statements["declined"].bytes})})
row("OFFER_CLOSED by a Consent", CLOSED, at_least=True, until="offer_closed", offer_closed=embedded(
    "consent", **DECLINE, detail=lambda case: {"accepted_hash": case["offered"].hash}))
row("OFFER_CLOSED by a Decision that accepts", CLOSED, at_least=True, until="offer_closed", offer_closed=embedded(
    "decision", **DECLINE, detail=lambda case: {"offer_hash": case["offered"].hash, "outcome": "ACCEPTED",
                                                "accepted_hash": case["offered"].hash}))
row("OFFER_CLOSED with another's decline", CLOSED, until="offer_closed", offer_closed=embedded(
    "decision", author="gamma", to="alpha", detail=declining()))
row("OFFER_CLOSED with a decline to another", CLOSED, until="offer_closed", offer_closed=embedded(
    "decision", author="beta", to="gamma", detail=declining()))
row("OFFER_CLOSED with the decline of an earlier offer", CLOSED, until="inserted", after={
    "offered_again": lambda case: case.event("inserted", "OFFER_CLOSED", "alpha", {
        "decline": case.statements["declined"].bytes})})
row("OFFER_CLOSED of a forwarding", {CLOSED, "Statements: names"}, until="inserted", after={
    "forwarded": lambda case: case.event("inserted", "OFFER_CLOSED", "beta", {"decline": case.statement(
        "mine", "decision", "gamma", "beta", {"offer_hash": case.head} | REASONS, listed=False).bytes})})
row("OFFER_CLOSED by the successor before its first day", CLOSED, until="closed_by_successor",
    closed_by_successor={"event_day": date("2026-01-31"), "backdating_evidence": "x"})
row("OFFER_CLOSED by one who succeeds nobody", CLOSED, until="inserted", after={"offered_open": lambda case: case.event(
    "inserted", "OFFER_CLOSED", "beta", {"decline": case.statement("mine", "decision", "alpha", "delta", {
        "offer_hash": case.head} | REASONS, listed=False).bytes})})
row("decline with a false signature", "Statements: signature", until="offer_closed",
    declined=draft_with(key=network().keys["gamma"]))

row("FORWARDED by another", FORWARDED, until="inserted",
    after=after("announced", "FORWARDED", "beta", {"to": "gamma"} | EINGANG_DAY))
row("FORWARDED to the holder", FORWARDED, until="inserted",
    after=after("announced", "FORWARDED", "alpha", {"to": "alpha"} | EINGANG_DAY))
row("FORWARDED while frozen", FORWARDED, until="inserted",
    after=after("offered", "FORWARDED", "alpha", {"to": "gamma"} | EINGANG_DAY))
row("forwarded on without consent", FORWARDED, until="forwarded_on", forwarded_on=detail("forwarded", consent=None))
row("forwarded on with another's consent", FORWARDED, until="forwarded_on", forwarded_on=embedded(
    "consent", author="epsilon", to="gamma", detail=lambda case: {"accepted_hash": case.head}))
row("forwarded on with the consent to another event", FORWARDED, until="forwarded_on", forwarded_on=embedded(
    "consent", author="delta", to="gamma", detail=lambda case: {"accepted_hash": case["accepted"].hash}))
row("forwarded on with a Withdrawal", FORWARDED, at_least=True, until="forwarded_on", forwarded_on=embedded(
    "withdrawal", author="delta", to="gamma", detail=lambda case: {"offer_hash": case["forwarded"].hash}))
row("forwarded on after something else", FORWARDED, until="forwarded_on",
    after=after("forward_accepted", "RECORDED", "gamma", record="x"),
    forwarded_on=embedded("consent", author="delta", to="gamma",
                          detail=lambda case: {"accepted_hash": case["forward_accepted"].hash}))
row("forwarded for the third time", FORWARDED, until="inserted", after={"on_accepted": lambda case: case.event(
    "inserted", "FORWARDED", "delta", {"to": "epsilon", "consent": case.statement(
        "mine", "consent", "epsilon", "delta", {"accepted_hash": case.head}, listed=False).bytes} | EINGANG_DAY)})
row("consent with a false signature", "Statements: signature", until="forwarded_on",
    consent=draft_with(key=network().keys["gamma"]))
row("forwarded before it arrived", "Log 8", forwarded=detail("forwarded", eingang_day=date("2026-02-04")))
row("first FORWARDED with a consent", "Log 8", until="forwarded", forwarded=embedded(
    "consent", author="gamma", to="beta", detail=lambda case: {"accepted_hash": case["accepted"].hash}))

ACT = {"predecessor": "delta", "act": "GV. NRW. 2026 S. 1"}
row("SUCCEEDED by one whom the directory does not name", SUCCEEDED, until="inserted",
    after=after("on_accepted", "SUCCEEDED", "beta", ACT))
row("SUCCEEDED of one who does not hold", SUCCEEDED, until="inserted",
    after=after("accepted", "SUCCEEDED", "epsilon", ACT))
row("SUCCEEDED before the first day", SUCCEEDED, until="succeeded",
    succeeded={"event_day": date("2026-01-31"), "backdating_evidence": "x"})
row("SUCCEEDED while frozen", SUCCEEDED, until="inserted", after=after("offered_open", "SUCCEEDED", "epsilon", ACT))
row("SUCCEEDED by another act", SUCCEEDED, until="succeeded", succeeded=detail("succeeded", act="GV. NRW. 2025 S. 9"))

LOG_7 = "Log 7"
row("contribution taken twice", LOG_7, until="inserted", after=taking("ready_taken", "alpha", "ready"))
row("a receipt taken as a contribution", LOG_7, until="inserted", after=taking("decided_late", "beta", "wirksam"))
row("contribution by one who never was a party", LOG_7, until="inserted", after={"on_accepted": lambda case: case.take(
    "inserted", "delta", case.statement("mine", "contribution", "werk", "delta", {
        "record": "report", "after_hash": case.head}, listed=False))})
row("contribution of another dossier", {LOG_7, "Statements: log"}, until="report_taken", report={"dossier": "f" * 32})
row("contribution with sections of its own", LOG_7, until="report_taken", report_taken=lambda draft, case: draft.header[
    "contribution_taken"].update(contribution=case.statements["report"].bytes))
row("refs of the contribution not repeated", LOG_7, until="report_taken", report_taken=lambda draft, case: (
    draft.header.update(sections=[]), draft.sections.clear()))
row("ref of the contribution with another category", LOG_7, until="report_taken",
    report_taken=lambda draft, case: draft.header.update(sections=[draft.header["sections"][0] | {"category": "MEDICAL"}]))
row("contribution with a false signature", "Statements: signature", until="report_taken",
    report=draft_with(key=network().keys["gamma"]))

# --- Log 9 and 10 -----------------------------------------------------------------------------------------------------

LOG_9, LOG_10 = "Log 9", "Log 10"
row("guest opens", LOG_9, until="inserted", after={"opened": lambda case: (
    case.events.clear(), case.labels.clear(), case.event("inserted", "OPENED", "werk"))},
    file=lambda case: case.file("alpha"))
row("guest accepts", LOG_9, until="inserted", file=lambda case: case.file("alpha"), after={
    "announced": lambda case: case.event("offer_to_guest", "OFFERED", "alpha", {"to": "werk"}),
    "offer_to_guest": lambda case: case.event("inserted", "ACCEPTED", "werk", {"offer_hash": case.head})})
row("offer upon a request that is none", LOG_9, offered=detail("offered", request_sequence=1))
row("offer upon a request to come", LOG_9, offered=detail("offered", request_sequence=9))
row("offer for a next stage without a request", LOG_9, offered=detail("offered", request_sequence=0))
row("receipt of what was not sent", LOG_9, received=detail("received_outside", sent_hash=OTHER))
row("receipt of another event", LOG_9, received=detail("received_outside", sent_hash=label_hash("applied")))
row("receipt before the posting", LOG_9, received=detail("received_outside", received_day=date("2026-02-02")))
row("receipt after its record", LOG_9, received=detail("received_outside", received_day=date("2026-02-04")))
row("receipt twice", LOG_9, until="inserted", after={"received": lambda case: case.event(
    "inserted", "RECEIVED_OUTSIDE", "delta", case["received"].header["received_outside"])})
row("release of what is no ref", LOG_9, released=detail("released", sections=[{"sequence": 2, "name": "plan"}]))
row("release of something to come", LOG_9, released=detail("released", sections=[{"sequence": 18, "name": "antrag"}]))
row("correction of an event to come", LOG_9, until="corrected", corrected=detail("corrected", sequence=18))
row("correction of what is no ref", LOG_9, until="corrected", corrected=detail("corrected", name="plan"))


def proposing(version):
    return lambda case: case.event("inserted" if version < 3 else "third", "JOINT_PROPOSED", "delta", {
        "document": "teilhabeplan", "version": version, "signatories": ["alpha"]})


row("version again", LOG_9, until="inserted", after={"proposed": proposing(1)})
row("version before the last", LOG_9, until="inserted", after={"proposed": proposing(3), "third": proposing(2)})

FROM = {"from_day": date("2026-02-01")}
row("ANNOUNCED to the holder", LOG_10, until="inserted",
    after=after("announced", "ANNOUNCED", "alpha", {"to": "alpha"}))
row("holder admitted", LOG_10, until="inserted",
    after=after("admitted", "PARTY_ADMITTED", "delta", {"member": "delta"} | FROM))
row("admitted twice", LOG_10, until="inserted",
    after=after("admitted", "PARTY_ADMITTED", "delta", {"member": "werk"} | FROM))
row("end of one who never was a party", LOG_10, ended=detail("party_ended", member="epsilon"))
row("end of one who has ended", LOG_10, until="inserted",
    after=after("ended", "PARTY_ENDED", "delta", {"member": "werk"}))
row("end of a party that has come to hold", LOG_10, until="inserted",
    after=after("accepted", "PARTY_ENDED", "beta", {"member": "beta"}))
row("release to one who never was a party", LOG_10, released=detail("released", member="epsilon"))
row("release to one who has ended", LOG_10, released=detail("released", member="werk"))
row("release to the holder", LOG_10, released=detail("released", member="delta"))
