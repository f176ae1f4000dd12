"""Cases that the tests tell: one with every kind of event and statement, one that is short. All people are invented."""

import functools

from builder import Case, Network, Stop, date, instant, section

GRANT = {"relation": "next_stage", "categories": ["IDENTITY", "PLAN"]}


@functools.lru_cache(maxsize=None)
def network() -> Network:
    """Agencies alpha to epsilon, of which epsilon succeeds delta; werk, a guest of alpha."""
    ended = {"successions": [{"successor": "epsilon", "day": date("2026-02-01"), "act": "GV. NRW. 2026 S. 1"}]}
    return Network({"alpha": {"roles": ["EGH_UEBEROERTLICH", "INTEGRATIONSAMT"]}, "beta": {"roles": ["BA"]}, "gamma": {},
                    "delta": ended, "epsilon": {}, "werk": {"kind": "GUEST", "endpoint": "", "host": "alpha"}})


def _first_half(case: Case) -> None:
    case.event("opened", "OPENED", "alpha")
    application = [section("antrag", "PROCEDURE"), section("befund", "MEDICAL")]
    case.event("applied", "RECORDED", "alpha", sections=application, masked=("befund",), record="application")
    announced = case.event("announced", "ANNOUNCED", "alpha", {"to": "beta", "grant": GRANT})
    ready = case.statement("ready", "ready", "beta", "alpha", {"announced_hash": announced.hash, "missing": ["plan"]})
    case.take("ready_taken", "alpha", ready)

    offered = case.event("offered", "OFFERED", "alpha", {"to": "beta", "grant": GRANT, "request_sequence": 2})
    case.statement("withdrawal", "withdrawal", "alpha", "beta", {"offer_hash": offered.hash})
    decline = case.statement("declined", "decision", "beta", "alpha", {
        "offer_hash": offered.hash, "outcome": "DECLINED", "reasons": ["ITEM_MISSING", "WITHDRAWN"], "missing": ["plan"]})
    case.event("offer_closed", "OFFER_CLOSED", "alpha", {"decline": decline.bytes})
    offered = case.event("offered_again", "OFFERED", "alpha", {"to": "beta", "grant": GRANT, "request_sequence": 2})
    case.statement("eingang_offer", "eingang", "beta", "alpha", {
        "hash": offered.hash, "sequence": 7, "sent_time": instant("2026-02-03T10:00:01"),
        "arrived_time": instant("2026-02-03T10:00:02"),
        "left_out": [{"sequence": 2, "name": "befund", "category": "MEDICAL"}]})
    accepted = case.event("accepted", "ACCEPTED", "beta", {"offer_hash": offered.hash})
    case.statement("decided", "decision", "beta", "alpha", {"offer_hash": offered.hash, "outcome": "ACCEPTED",
                                                            "accepted_hash": accepted.hash})
    case.statement("wirksam", "wirksam", "alpha", "beta", {"accepted_hash": accepted.hash})
    case.event("decided_late", "RECORDED", "beta", record="decision", event_day=date("2026-01-30"),
               backdating_evidence="Bescheid of that day")


def _second_half(case: Case) -> None:
    forwarded = case.event("forwarded", "FORWARDED", "beta", {"to": "gamma", "eingang_day": date("2026-01-28")})
    accepted = case.event("forward_accepted", "ACCEPTED", "gamma", {"offer_hash": forwarded.hash})
    consent = case.statement("consent", "consent", "delta", "gamma", {"accepted_hash": accepted.hash})
    forwarded = case.event("forwarded_on", "FORWARDED", "gamma", {
        "to": "delta", "eingang_day": date("2026-01-28"), "consent": consent.bytes})
    case.event("on_accepted", "ACCEPTED", "delta", {"offer_hash": forwarded.hash})

    case.event("admitted", "PARTY_ADMITTED", "delta", {"member": "werk", "grant": {"relation": "provider"},
                                                       "from_day": date("2026-02-01")})
    report = case.statement("report", "contribution", "werk", "delta", {"record": "report", "after_hash": case.head},
                            sections=[section("bericht", "COURSE")])
    case.statement("eingang_report", "eingang", "delta", "werk", {
        "hash": report.hash, "sent_time": instant("2026-02-03T10:00:01"), "arrived_time": instant("2026-02-03T10:00:02")})
    case.take("report_taken", "delta", report)
    case.event("ended", "PARTY_ENDED", "delta", {"member": "werk"})
    case.event("released", "RELEASED", "delta", {"member": "alpha", "sections": [{"sequence": 2, "name": "antrag"}]})
    case.event("corrected", "CORRECTED", "delta", {"sequence": 2, "name": "antrag", "reason": "typing error"},
               sections=[section("antrag", "PROCEDURE", "neu")])
    case.statement("correction", "correction", "delta", "werk", {
        "sequence": 2, "name": "antrag", "reason": "typing error", "corrected_sequence": 18, "corrected_hash": case.head},
        sections=[section("antrag", "PROCEDURE", "neu")], event_day=date("2026-02-02"), backdating_evidence="Stempel")
    proposed = case.event("proposed", "JOINT_PROPOSED", "delta", {"document": "teilhabeplan", "version": 1,
                                                                  "signatories": ["alpha", "delta"]})
    case.take("signature_taken", "delta", case.statement("joint_signature", "joint_signature", "alpha", "delta",
                                                         {"proposed_hash": proposed.hash}))
    sent = case.event("sent", "SENT_OUTSIDE", "delta", {"addressee": "Jugendamt Musterstadt", "package_hash": b"p" * 32,
                                                        "review_day": date("2026-03-03")})
    case.event("received", "RECEIVED_OUTSIDE", "delta", {"sent_hash": sent.hash, "received_day": date("2026-02-03"),
                                                         "evidence": "Rückschein"})
    offered = case.event("offered_open", "OFFERED", "delta", {"to": "alpha", "grant": {"relation": "transfer"}})
    decline = case.statement("declined_open", "decision", "alpha", "delta", {
        "offer_hash": offered.hash, "outcome": "DECLINED", "reasons": ["CHAIN_BROKEN"]})
    case.event("closed_by_successor", "OFFER_CLOSED", "epsilon", {"decline": decline.bytes})
    succeeded = case.event("succeeded", "SUCCEEDED", "epsilon", {"predecessor": "delta", "act": "GV. NRW. 2026 S. 1"})
    case.statement("rejection", "rejection", "alpha", "epsilon", {"hash": succeeded.hash, "reason": "HEAD_MOVED"})
    case.event("offered_last", "OFFERED", "epsilon", {"to": "beta", "grant": {"relation": "transfer"}})


def full(**how) -> Case:
    """Every kind of event and statement; `how`: arguments of Case. Ends with an open offer."""
    case = Case(network(), **how)
    try:
        _first_half(case)
        _second_half(case)
    except Stop:
        pass
    return case


def short() -> Case:
    """A change of holder, with sections and receipts. The two members differ in one bit of their names."""
    case = Case(Network({"a": {}, "c": {}}))
    case.event("opened", "OPENED", "a")
    case.event("applied", "RECORDED", "a", sections=[section("antrag", "PROCEDURE"), section("befund", "MEDICAL")],
               masked=("befund",), record="application", event_day=date("2026-02-02"), backdating_evidence="Stempel")
    offered = case.event("offered", "OFFERED", "a", {"to": "c", "grant": GRANT, "request_sequence": 2})
    accepted = case.event("accepted", "ACCEPTED", "c", {"offer_hash": offered.hash})
    case.statement("eingang", "eingang", "c", "a", {
        "hash": offered.hash, "sequence": 3, "sent_time": instant("2026-02-03T10:00:01"),
        "arrived_time": instant("2026-02-03T10:00:02"),
        "left_out": [{"sequence": 2, "name": "befund", "category": "MEDICAL"}]})
    case.statement("wirksam", "wirksam", "a", "c", {"accepted_hash": accepted.hash})
    report = case.statement("report", "contribution", "a", "c", {"record": "report", "after_hash": case.head},
                            sections=[section("bericht", "COURSE")])
    case.take("report_taken", "c", report)
    return case
