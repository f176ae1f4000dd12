"""The directory in the file: who takes part, with which key, and who vouches for it."""

import dataclasses
import functools

from contracts import enum_name
from keys import Trust, ecdsa_holds, key_id, load_key, read_certificate, tagged_digest
from rules import Findings
from shapes import as_date
from wire import Message, decode


@dataclasses.dataclass(frozen=True)
class Directory:
    """`members`: id → Member. `vouched`: ids of members whose entry is signed by a key that is no longer in the file."""
    network: str
    training: bool
    version: int
    members: dict
    vouched: tuple
    signers: int
    faults: tuple

    def key(self, member: str) -> bytes:
        """Empty: no such member."""
        entry = self.members.get(member)
        return entry["key"] if entry else b""

    def is_guest(self, member: str) -> bool:
        entry = self.members.get(member)
        return entry is not None and enum_name("MemberKind", entry["kind"]) == "GUEST"

    def succession(self, member: str, day) -> Message | None:
        """The one that has begun on that day: of several the first. None: the member has not ended."""
        entry = self.members.get(member)
        for succession in entry["successions"] if entry and day else ():
            first = as_date(succession["day"])
            if first and first <= day:
                return succession
        return None

    def successor(self, member: str, day) -> str:
        """Empty: none."""
        succession = self.succession(member, day)
        return succession["successor"] if succession else ""


def signature_fault(signature: Message | None, domain: str, data: bytes, spki: bytes) -> tuple[str, str]:
    """What is wrong with a signature by the key: ("form" or "key", text); ("", "") where nothing is."""
    if signature is None:
        return "key", "has no signature"
    if signature["algorithm"] != 1:
        return "form", f"its signature has algorithm {signature['algorithm']}"
    if signature["key_id"] != key_id(spki):
        return "key", "its signature names another key"
    if not ecdsa_holds(spki, tagged_digest(domain, data), signature["signature"]):
        return "key", "its signature is false"
    return "", ""


def check_signature(findings: Findings, where: str, rule: str, signature: Message | None, domain: str, data: bytes,
                    spki: bytes) -> None:
    """The same into findings: `rule` for a wrong key, that of all signatures for a wrong form."""
    kind, text = signature_fault(signature, domain, data, spki)
    if kind:
        findings.add(where, rule if kind == "key" else "Digests and signatures", text)


def _check_entries(findings: Findings, directory: Message) -> tuple[dict, tuple]:
    members, vouched, before = {}, [], ""
    for index, signed in enumerate(directory["members"]):
        member = decode("Member", signed["member"])
        where = f"directory, member {member['id'] or index}"
        findings.message(where, member)
        findings.need(member["id"] > before, where, "Evidence: directory", "members do not ascend by id")
        before = member["id"]
        if not findings.need(load_key(member["key"]) is not None, where, "Evidence: directory",
                             "its key is none on P-256"):
            continue
        members[member["id"]] = member
        signature = signed["signature"]
        if signature is not None and signature["algorithm"] == 1 and signature["key_id"] != key_id(member["key"]):
            vouched.append(member["id"])
            continue
        check_signature(findings, where, "Evidence: directory", signature, "directory-entry", signed["member"],
                        member["key"])
    return members, tuple(vouched)


def _check_signers(findings: Findings, signed: Message, trust_signers: dict, threshold: int) -> int:
    """Number of trusted signers whose signature holds. One false signature is a fault even beside enough good ones:
    a file in which something was changed must not pass."""
    seen = set()
    for index, signature in enumerate(signed["signatures"]):
        where = f"directory, signature {index + 1}"
        signer = signature["key_id"]
        if not findings.need(signer in trust_signers, where, "Evidence: directory", "is not by a trusted signer"):
            continue
        kind, text = signature_fault(signature, "directory", signed["directory"], trust_signers[signer])
        if kind:
            findings.add(where, "Evidence: directory" if kind == "key" else "Digests and signatures", text)
        elif findings.need(signer not in seen, where, "Evidence: directory", "is a signer's second"):
            seen.add(signer)
    findings.need(len(seen) >= threshold, "directory", "Evidence: directory",
                  f"signed by {len(seen)} trusted signers; {threshold} are needed")
    return len(seen)


@functools.lru_cache(maxsize=64)
def _read(signed: Message, network: str, training: bool, signers: tuple, threshold: int) -> Directory:
    findings = Findings()
    directory = decode("Directory", signed["directory"])
    findings.message("directory", directory)
    findings.need(directory["network"] == network, "directory", "Evidence: directory", "is that of another network")
    findings.need(directory["training"] == training, "directory", "Evidence: directory",
                  "training is not that of the trusted network")
    count = _check_signers(findings, signed, dict(signers), threshold)
    members, vouched = _check_entries(findings, directory)
    return Directory(directory["network"], directory["training"], directory["version"], members, vouched, count,
                     tuple(findings.faults))


def read_directory(signed: Message | None, trust: Trust, findings: Findings) -> Directory:
    """The directory, and its faults into findings. A false one is used as well: the rest of the file is judged by it."""
    if signed is None:
        return Directory("", trust.training, 0, {}, (), 0, ())
    directory = _read(signed, trust.network, trust.training, tuple(trust.signers.items()), trust.threshold)
    for fault in directory.faults:
        findings.add(fault.where, fault.rule, fault.what)
    return directory


def check_certificates(findings: Findings, certificates, exporter: str, directory: Directory, trust: Trust) -> list:
    """Rows (member, time of validity) of those that hold."""
    rows = []
    for index, der in enumerate(certificates):
        where = f"certificate {index + 1}"
        certificate = read_certificate(der, trust.ca_spki)
        if not findings.need(not certificate.wrong, where, "Evidence: certificates", certificate.wrong):
            continue
        members = [member for member in directory.members
                   if certificate.uris == (f"teilhabe://{trust.network}/{member}/node",)]
        if not findings.need(bool(members), where, "Evidence: certificates",
                             f"does not name a member's node as its only URI, but {certificate.uris}"):
            continue
        member = members[0]
        findings.need(certificate.spki == directory.key(member), where, "Evidence: certificates",
                      f"holds another key than the directory names for {member}")
        findings.need(index > 0 or member == exporter, where, "Evidence: certificates",
                      f"is that of {member}, not of the exporter")
        rows.append((member, certificate.valid))
    findings.need(bool(certificates), "certificates", "Evidence: certificates", "there is none of the exporter")
    return rows
