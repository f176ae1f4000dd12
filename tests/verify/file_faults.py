"""Faults made by hand: statements, the file around everything, and what only the contracts say."""

from builder import Key, date, encode, field, instant, section
from fault_table import (OTHER, REASONS, detail, draft_with, embedded, exported, label_hash, resigned, row,
                         with_payload)
from stories import GRANT, network

STRANGER = Key()

# --- Statements -------------------------------------------------------------------------------------------------------

SIGNATURE, OF_LOG, SECTIONS = "Statements: signature", "Statements: log", "Statements: sections"
NAMES, EINGANG, DECISION, PARTIES = ("Statements: names", "Statements: Eingang", "Statements: Decision",
                                     "Statements: parties")


def listed(label, kind, author, to, content):
    """One more statement in the file, made after the event with that label."""
    def make(case):
        case.statement("inserted", kind, author, to, content(case) if callable(content) else content)
    return {label: make}


row("statement signed by another member", SIGNATURE, wirksam=draft_with(key=network().keys["beta"]))
row("statement signed by a stranger in the author's name", SIGNATURE,
    wirksam=lambda draft, case: (draft_with(key=STRANGER)(draft, case),
                                 resigned(key_id=network().keys["alpha"].id)(draft, case)))
row("statement's author not in the directory", {SIGNATURE, PARTIES}, wirksam={"author": "omega"})
row("incarnation 0, statement", SIGNATURE, wirksam={"incarnation": 0})
row("statement of another dossier", OF_LOG, wirksam={"dossier": "f" * 32})
row("statement of another class", OF_LOG, wirksam={"class": "POLICY"})
row("statement not training", OF_LOG, wirksam={"training": False})
row("refs of a receipt", SECTIONS, wirksam={"sections": [section("antrag", "PROCEDURE")[0]]})
row("section of a receipt", SECTIONS, wirksam=lambda draft, case: (
    draft.header.update(sections=[section("antrag", "PROCEDURE")[0]]),
    draft.sections.append(section("antrag", "PROCEDURE")[1])))


def contributed(tweak):
    """Changes sections of one more contribution, which no event takes."""
    return {"inserted": tweak, "after": {"on_accepted": lambda case: case.statement(
        "inserted", "contribution", "werk", "delta", {"record": "second_report", "after_hash": case.head},
        sections=[section("bericht", "COURSE")])}}


row("section of a contribution with another text", SECTIONS, **contributed(lambda draft, case: draft.sections[0].update(
    payload=encode("SectionPayload", {"type": "text/plain", "content": b"anders"}))))
row("section of a contribution without a ref", SECTIONS, **contributed(lambda draft, case: draft.sections.append(
    section("befund", "MEDICAL")[1])))
row("section of a contribution twice", SECTIONS, **contributed(lambda draft, case: draft.sections.append(
    draft.sections[0])))
row("refs of one name in a contribution", SECTIONS, **contributed(lambda draft, case: draft.header["sections"].append(
    draft.header["sections"][0])))
row("decision on an offer of nobody", NAMES, declined=detail("decision", offer_hash=OTHER), at_least=True)
row("decision on an event that is no offer", NAMES, at_least=True,
    declined=detail("decision", offer_hash=label_hash("applied")))
row("forwarding declined", NAMES, until="forwarded", after=listed("forwarded", "decision", "gamma", "beta", lambda case: {
    "offer_hash": case.head} | REASONS))
row("acceptance that names no ACCEPTED", NAMES, decided=detail("decision", accepted_hash=OTHER))
row("acceptance that names nothing", NAMES, decided=detail("decision", accepted_hash=b""))
row("acceptance that names the ACCEPTED of another offer", DECISION, after={"forward_accepted": lambda case: (
    case.statement("inserted", "decision", "beta", "alpha", {
        "offer_hash": case["offered_again"].hash, "outcome": "ACCEPTED", "accepted_hash": case.head}))})
row("offer accepted and declined", DECISION, after=listed("accepted", "decision", "beta", "alpha", lambda case: {
    "offer_hash": case["offered_again"].hash} | REASONS))
row("offer declined in a Decision, accepted in another", {DECISION, NAMES}, after=listed(
    "offer_closed", "decision", "beta", "alpha", lambda case: {
        "offer_hash": case["offered"].hash, "outcome": "ACCEPTED", "accepted_hash": OTHER}))
row("consent to nothing", NAMES, after=listed("accepted", "consent", "delta", "beta", {"accepted_hash": OTHER}))
row("consent to an event that is no ACCEPTED", NAMES, after=listed(
    "accepted", "consent", "delta", "beta", lambda case: {"accepted_hash": case["applied"].hash}))
row("withdrawal of nothing", NAMES, withdrawal=detail("withdrawal", offer_hash=OTHER))
row("withdrawal of a forwarding", NAMES, after=listed("forwarded", "withdrawal", "beta", "gamma", lambda case: {
    "offer_hash": case.head}))
row("ready for nothing", NAMES, ready=detail("ready", announced_hash=OTHER))
row("signature under nothing", NAMES, joint_signature=detail("joint_signature", proposed_hash=OTHER))
row("Wirksam of an offer", NAMES, wirksam=detail("wirksam", accepted_hash=label_hash("offered_again")))
row("Eingang of nothing", NAMES, eingang_report=detail("eingang", hash=OTHER))
row("Eingang with another sequence", EINGANG, eingang_offer=detail("eingang", sequence=6))
row("Eingang of an event without sequence", EINGANG, eingang_offer=detail("eingang", sequence=0, left_out=[]))
row("Eingang of a statement with a sequence", EINGANG, eingang_report=detail("eingang", sequence=1))


def left_out(**fields):
    return detail("eingang", left_out=[{"sequence": 2, "name": "befund", "category": "MEDICAL"} | fields])


row("left out what is no ref", EINGANG, eingang_offer=left_out(name="gutachten"))
row("left out of another event", EINGANG, eingang_offer=left_out(sequence=1))
row("left out under another category", EINGANG, eingang_offer=left_out(category="PLAN"))
row("left out of an event that came later", EINGANG, eingang_offer=left_out(sequence=18, name="antrag",
                                                                            category="PROCEDURE"))
row("left out of a statement", EINGANG, eingang_report=left_out())
CORRECTION = "Statements: Correction"
row("correction by another event", NAMES, correction=detail("correction", corrected_hash=label_hash("applied")))
row("correction by an event that corrects nothing", NAMES, correction=detail(
    "correction", corrected_sequence=17, corrected_hash=label_hash("released")))
row("correction of another section", CORRECTION, correction=detail("correction", name="befund"))
row("correction of no section", CORRECTION, until="corrected", after=listed(
    "corrected", "correction", "delta", "werk", {"sequence": 2, "name": "plan", "reason": "x", "corrected_sequence": 30,
                                                 "corrected_hash": OTHER}))
row("correction of another category", CORRECTION, correction=lambda draft, case: draft.header["sections"][0].update(
    category="PLAN"))
row("correction with other sections", CORRECTION, correction=lambda draft, case: _resection(draft, "antrag", "anders"))
row("correction by what came before", "Contracts: fields", until="corrected", after=listed(
    "corrected", "correction", "delta", "werk", {"sequence": 30, "name": "x", "reason": "x", "corrected_sequence": 30,
                                                 "corrected_hash": OTHER}))
row("correction by a stranger to the log", PARTIES, until="announced", after=listed(
    "announced", "correction", "gamma", "beta", {"sequence": 2, "reason": "x", "corrected_sequence": 30,
                                                   "corrected_hash": OTHER}))
row("unknown field beside the header of a statement", "Messages",
    wirksam=draft_with(rewrap=lambda made: made + field(9, 1)))
row("Eingang without arrival", "Messages", eingang_offer=detail("eingang", arrived_time=None))

# --- Evidence ---------------------------------------------------------------------------------------------------------

FORMAT, SEAL, DIRECTORY, CERTIFICATES = ("Evidence: format", "Evidence: seal", "Evidence: directory",
                                         "Evidence: certificates")
row("another format", FORMAT, file=exported(format="teilhabe/evidence/v2"))
row("another dossier around the log", FORMAT, file=exported(dossier="f" * 32))
row("no event", "Evidence: events", file=exported(events=[], statements=[]))
row("statements not ascending", "Evidence: statements", file=exported(statements=lambda case: [
    made.bytes for made in sorted(case.statements.values(), key=lambda made: made.hash, reverse=True)]))
row("statement twice", "Evidence: statements", file=exported(statements=lambda case: [
    made.bytes for made in sorted(case.statements.values(), key=lambda made: made.hash) for _ in (1, 2)]))

row("sealed by another member", SEAL, file=lambda case: case.seal(case.evidence("epsilon"), "alpha"))
row("sealed by a stranger in the exporter's name", SEAL, file=lambda case: case.seal(
    case.evidence("epsilon"), "epsilon", key=STRANGER, key_id=network().keys["epsilon"].id))
row("seal over other bytes", SEAL, file=lambda case: encode("SignedEvidence", {
    "evidence": case.evidence("epsilon", exported_time=instant("2026-03-02T12:00:00")),
    "signature": network().keys["epsilon"].sign("evidence", case.evidence("epsilon"))}))
row("seal in another domain", SEAL, file=lambda case: encode("SignedEvidence", {
    "evidence": (evidence := case.evidence("epsilon")), "signature": network().keys["epsilon"].sign("event", evidence)}))
row("exporter not in the directory", {SEAL, CERTIFICATES}, file=lambda case: case.seal(
    case.evidence("omega", certificates=[network().certificate("epsilon")]), "epsilon"))


def directory(**how):
    return exported(directory=lambda case: network().directory(**how))


def entries(**entry):
    """Members, one of them with another entry."""
    (changed, made), = entry.items()
    return [made if member == changed else network().entry(member) for member in network().members]


row("directory of another network", DIRECTORY, file=directory(network="schulung-other"))
row("directory not training", {DIRECTORY, "Log 2"}, file=directory(training=False))
row("directory without version", "Messages", file=directory(version=0))
row("directory with too few signers", DIRECTORY, file=directory(signers=network().signers[:1]))
row("directory with one signer twice", DIRECTORY, file=directory(signers=network().signers[:1] * 2))
row("directory with a stranger's signature beside enough", DIRECTORY, file=directory(
    signers=network().signers + [STRANGER]))
row("directory with strangers' signatures", DIRECTORY, file=directory(signers=[STRANGER, Key()]))
row("directory with a false signature beside enough", DIRECTORY, file=exported(directory=lambda case: {
    "directory": (made := network().directory())["directory"],
    "signatures": made["signatures"] + [network().signers[2].sign("directory", b"other")]}))
row("directory changed after it was signed", DIRECTORY, file=exported(directory=lambda case: network().directory() | {
    "directory": network().directory(version=4)["directory"]}))
row("directory with algorithm 2", "Digests and signatures", file=exported(directory=lambda case: {
    "directory": (made := network().directory(signers=network().signers))["directory"],
    "signatures": [made["signatures"][0] | {"algorithm": 2}, *made["signatures"][1:]]}))
row("members not ascending", DIRECTORY, file=directory(
    members=[network().entry(member) for member in reversed(network().members)]))
row("host that is no member id", "Messages", file=directory(members=entries(werk=network().entry("werk", host="ALPHA"))))
row("another succession that has begun", {"Log 6: OFFER_CLOSED", "Log 6: SUCCEEDED"}, file=directory(
    members=entries(delta=network().entry("delta", successions=[
        {"successor": "beta", "day": date("2026-02-03"), "act": "x"}, *network().members["delta"]["successions"]]))))
row("member twice", DIRECTORY, file=directory(members=entries(alpha=network().entry("beta", id="alpha")) + [
    network().entry("werk")]), at_least=True)
row("entry with a false signature", DIRECTORY, file=directory(members=entries(werk={
    "member": encode("Member", network().members["werk"]), "signature": network().keys["werk"].sign(
        "directory-entry", b"other")})))
row("entry signed in the domain of directories", DIRECTORY, file=directory(members=entries(werk={
    "member": (member := encode("Member", network().members["werk"])),
    "signature": network().keys["werk"].sign("directory", member)})))
row("member with a key that is none", {DIRECTORY, SIGNATURE}, file=directory(
    members=entries(werk=network().entry("werk", **{"key": b"none"}))))
row("directory absent", "Messages", at_least=True, file=lambda case: case.seal(encode("Evidence", {
    "format": "teilhabe/evidence/v1", "dossier": case.dossier, "exporter": "epsilon",
    "exported_time": instant("2026-03-01T12:00:00"), "events": [made.bytes for made in case.events]}), "epsilon"))


def certificates(*ders):
    return exported(certificates=lambda case: [network().certificate("epsilon"), *ders])


ALPHA = network().certificate("alpha")
row("no certificate", CERTIFICATES, file=exported(certificates=[]))
row("the exporter's certificate not first", CERTIFICATES, file=exported(certificates=lambda case: [
    ALPHA, network().certificate("epsilon")]))
row("certificate of another CA", CERTIFICATES, file=certificates(network().certificate("alpha", ca_key=STRANGER)))
row("certificate with another key", CERTIFICATES, file=certificates(network().certificate("alpha", key=STRANGER)))
row("certificate without a URI", CERTIFICATES, file=certificates(network().certificate("alpha", uris=())))
row("certificate with two URIs", CERTIFICATES, file=certificates(network().certificate("alpha", uris=(
    network().uri("alpha"), network().uri("beta")))))
row("certificate of another network", CERTIFICATES, file=certificates(network().certificate("alpha", uris=(
    "teilhabe://schulung-other/alpha/node",))))
row("certificate of an official", CERTIFICATES, file=certificates(network().certificate("alpha", uris=(
    network().uri("alpha").replace("/node", "/official/p-17"),))))
row("certificate of a member that is none", CERTIFICATES, file=certificates(network().certificate(
    "alpha", uris=("teilhabe://schulung-verify/omega/node",))))
row("certificate with bytes behind it", CERTIFICATES, file=certificates(ALPHA + b"\0"))
row("certificate with a flipped bit at the end", CERTIFICATES, file=certificates(ALPHA[:-1] + bytes([ALPHA[-1] ^ 1])))
row("certificate that is none", CERTIFICATES, file=certificates(b"certificate"))

# --- What only the contracts say --------------------------------------------------------------------------------------

FIELDS = "Contracts: fields"
row("record in capitals", FIELDS, decided_late={"record": "Decision"})
row("section name with a space", FIELDS, until="corrected", corrected=lambda draft, case: _resection(draft, "an trag"))
row("evidence of receipt absent", "Messages", received=detail("received_outside", evidence=""))
row("categories of a grant not ascending", FIELDS, announced=detail("announced", grant=GRANT | {
    "categories": ["PLAN", "IDENTITY"]}))
row("MEDICAL without a basis", FIELDS, announced=detail("announced", grant=GRANT | {"categories": ["MEDICAL"]}))
row("categories of a grant with PROCEDURE", FIELDS, announced=detail("announced", grant=GRANT | {
    "categories": ["PROCEDURE", "PLAN"]}))
row("grant without relation", FIELDS, announced=detail("announced", grant={"categories": ["PLAN"]}))
row("release of nothing", FIELDS, released=detail("released", sections=[]))
row("document with a space", FIELDS, proposed=detail("joint_proposed", document="teilhabe plan"))
row("nobody to sign", {FIELDS, PARTIES}, proposed=detail("joint_proposed", signatories=[]))
row("one who signs named twice", FIELDS, proposed=detail("joint_proposed", signatories=["alpha", "delta", "alpha"]))
row("no items though they are missing", FIELDS, declined=detail("decision", missing=[]))
row("decline without reasons", FIELDS, declined=detail("decision", reasons=[], missing=[]))
row("missing items for another reason", FIELDS, declined=detail("decision", reasons=["WRONG_PLACE"]))
row("acceptance with reasons", FIELDS, decided=detail("decision", reasons=["WRONG_PLACE"]))
row("decline that names an ACCEPTED", FIELDS, declined=detail("decision", accepted_hash=OTHER))
ATTACHMENT = {"file_name": "befund.pdf", "media_type": "application/pdf", "size": 1, "digest": OTHER}
for bad in ({"file_name": "x" * 201}, {"media_type": "text/html"}, {"size": 50_000_001}):
    row(f"attachment with another {', '.join(bad)}", FIELDS, until="corrected", corrected=with_payload(encode(
        "SectionPayload", {"type": "text/plain", "attachments": [ATTACHMENT | bad]})))


def _resection(draft, name, text="Inhalt"):
    ref, content = section(name, "PROCEDURE", text)
    draft.header["sections"], draft.sections[:] = [ref], [content]


row("statement dated back without evidence", "Statements: day", correction={"backdating_evidence": ""})
row("receipt dated back", "Statements: day", wirksam={"event_day": date("2026-02-02"), "backdating_evidence": "Stempel"})
row("receipt with evidence of an earlier day", "Statements: day", wirksam={"backdating_evidence": "Stempel"})
row("statement of tomorrow", "Statements: day", wirksam={"event_day": date("2026-02-04")})
row("ready by one who was not asked", {PARTIES, "Log 7"}, ready=lambda draft, case: (
    draft.header.update(author="gamma"), draft_with(key=network().keys["gamma"])(draft, case)))
row("signature by one who need not", PARTIES, joint_signature=lambda draft, case: (
    draft.header.update(author="beta"), draft_with(key=network().keys["beta"])(draft, case)))
row("Wirksam by one who did not hold", PARTIES, wirksam=lambda draft, case: (
    draft.header.update(author="gamma"), draft_with(key=network().keys["gamma"])(draft, case)))
row("Wirksam addressed to another", PARTIES, wirksam={"to": "gamma"})
row("consent beside the log given to another", PARTIES, after=listed(
    "accepted", "consent", "delta", "alpha", lambda case: {"accepted_hash": case.head}))
row("contribution beside the log by a stranger to it", PARTIES, until="on_accepted", after=listed(
    "on_accepted", "contribution", "werk", "delta", lambda case: {"record": "report", "after_hash": case.head}))
row("decision by one who was not asked", PARTIES, decided=lambda draft, case: (
    draft.header.update(author="gamma"), draft_with(key=network().keys["gamma"])(draft, case)))
row("withdrawal by one who did not offer", PARTIES, withdrawal=lambda draft, case: (
    draft.header.update(author="gamma"), draft_with(key=network().keys["gamma"])(draft, case)))
row("consent given to another", PARTIES, until="forwarded_on", forwarded_on=embedded(
    "consent", author="delta", to="beta", detail=lambda case: {"accepted_hash": case.head}))
