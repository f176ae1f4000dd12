"""Builds networks, logs and evidence files, whole ones and, on request, wrong ones that are signed properly.

For tests. Nothing that verifies imports it.
"""

import dataclasses
import datetime
import hashlib
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID

from contracts import ENUMS, MESSAGES

# --- Wire format ------------------------------------------------------------------------------------------------------


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, value) -> bytes:
    """One field: a number as varint, bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def _plain(kind: str, value):
    if kind in MESSAGES:
        return value if isinstance(value, bytes) else encode(kind, value)
    if kind in ENUMS:
        return ENUMS[kind].index(value) + 1 if isinstance(value, str) else value
    return value.encode() if isinstance(value, str) else value


def encode(name: str, values: dict) -> bytes:
    """Serializes a message in the order of its fields; defaults are left out. Messages are dicts, or bytes that are one
    already; enumerations names or numbers."""
    unknown = set(values) - {contract.name for contract in MESSAGES[name].values()}
    if unknown:
        raise KeyError(f"{name} has no {unknown}")
    out = b""
    for number, contract in MESSAGES[name].items():
        value = values.get(contract.name)
        if contract.repeated:
            items = [_plain(contract.type, item) for item in value or ()]
            if contract.is_varint:
                out += field(number, b"".join(map(varint, items))) if items else b""
            else:
                out += b"".join(field(number, item) for item in items)
        elif value is not None:
            plain = _plain(contract.type, value)
            if contract.is_message or plain:
                out += field(number, plain)
    return out


def date(text: str) -> dict:
    return dict(zip(("year", "month", "day"), map(int, text.split("-"))))


def instant(text: str) -> dict:
    """Of `2026-02-01T09:30:00`, UTC."""
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return {"seconds": int(moment.timestamp())}


# --- Keys and certificates --------------------------------------------------------------------------------------------

def tagged(domain: str, data: bytes) -> bytes:
    return hashlib.sha256(b"teilhabe/" + domain.encode() + b"/v1\0" + data).digest()


class Key:
    """A key pair on P-256."""

    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.spki = self.private.public_key().public_bytes(serialization.Encoding.DER,
                                                           serialization.PublicFormat.SubjectPublicKeyInfo)
        self.pem = self.private.public_key().public_bytes(serialization.Encoding.PEM,
                                                          serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        self.id = hashlib.sha256(self.spki).digest()

    def sign(self, domain: str, data: bytes, **override) -> dict:
        """A Signature as a dict; `override` replaces its fields."""
        signature = self.private.sign(tagged(domain, data), ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        return {"key_id": self.id, "algorithm": 1, "signature": signature} | override


def certificate(subject: str, key: Key, issuer: str, issuer_key: Key, uris=(), is_ca=False) -> x509.Certificate:
    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    build = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
             .public_key(key.private.public_key()).serial_number(x509.random_serial_number())
             .not_valid_before(datetime.datetime(2026, 1, 1)).not_valid_after(datetime.datetime(2028, 1, 1))
             .add_extension(x509.BasicConstraints(is_ca, 0 if is_ca else None), critical=True))
    if uris:
        build = build.add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri) for uri in uris]),
                                    critical=False)
    return build.sign(issuer_key.private, hashes.SHA256())


def der(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.DER)


# --- Network ----------------------------------------------------------------------------------------------------------

class Network:
    """A CA, signers of whom a threshold signs the directory, members with keys and node certificates.

    `members`: id → fields of Member beside id and key; `kind` is AGENCY unless said.
    """

    def __init__(self, members: dict[str, dict], name="schulung-verify", training=True, signers=3, threshold=2):
        self.name, self.training, self.threshold = name, training, threshold
        self.ca_key, self.signers = Key(), [Key() for _ in range(signers)]
        self.ca = certificate("CA of " + name, self.ca_key, "CA of " + name, self.ca_key, is_ca=True)
        self.keys = {member: Key() for member in members}
        self.members = {member: {"id": member, "name": member.upper(), "kind": "AGENCY", "endpoint": f"{member}:7400",
                                 "key": self.keys[member].spki} | more for member, more in sorted(members.items())}

    def uri(self, member: str) -> str:
        return f"teilhabe://{self.name}/{member}/node"

    def certificate(self, member: str, uris=None, key: Key | None = None, ca_key: Key | None = None) -> bytes:
        return der(certificate(member, key or self.keys[member], "CA of " + self.name, ca_key or self.ca_key,
                               (self.uri(member),) if uris is None else uris))

    def entry(self, member: str, signer: Key | None = None, **override) -> dict:
        """The SignedMember; `signer` signs instead of the member's own key."""
        data = encode("Member", self.members[member] | override)
        return {"member": data, "signature": (signer or self.keys[member]).sign("directory-entry", data)}

    def directory(self, signers=None, **override) -> dict:
        """The SignedDirectory; `override` replaces fields of the Directory."""
        data = encode("Directory", {"network": self.name, "training": self.training, "version": 3,
                                    "issued_time": instant("2026-01-02T08:00:00"),
                                    "members": [self.entry(member) for member in self.members]} | override)
        signers = self.signers[:self.threshold] if signers is None else signers
        return {"directory": data, "signatures": [signer.sign("directory", data) for signer in signers]}

    def trust(self) -> dict:
        return {"network": self.name, "training": self.training, "threshold": self.threshold,
                "signers": [signer.pem for signer in self.signers]}

    def trust_json(self) -> str:
        return json.dumps(self.trust(), indent=1)

    def ca_pem(self) -> bytes:
        return self.ca.public_bytes(serialization.Encoding.PEM)


# --- Logs -------------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Draft:
    """An event or statement before it is signed. A tweak changes it here, so that all that follows fits.

    `rewrite` changes the serialized header before it is hashed and signed, `resign` the signature, `rewrap` the
    serialized whole.
    """
    header: dict
    key: Key
    sections: list
    domain: str
    rewrite: object = None
    resign: object = None
    rewrap: object = None


@dataclasses.dataclass(frozen=True)
class Made:
    """A signed event or statement. `refs`: what an event that takes a contribution repeats."""
    bytes: bytes
    hash: bytes
    header: dict
    sections: tuple = ()
    without_sections: bytes = b""

    @property
    def refs(self) -> list:
        return self.header.get("sections", [])


def section(name: str, category: str, text="Inhalt", salt: bytes | None = None) -> tuple[dict, dict]:
    """(SectionRef, Section) of a text."""
    salt = hashlib.sha256(b"salt" + name.encode()).digest() if salt is None else salt
    payload = encode("SectionPayload", {"type": "text/plain", "content": text.encode()})
    data = salt + len(name.encode()).to_bytes(4, "big") + name.encode() + payload
    return ({"name": name, "category": category, "digest": tagged("section", data)},
            {"name": name, "salt": salt, "payload": payload})


class Stop(Exception):
    """The event after which a case was to stop has been made."""


class Case:
    """One dossier of a network: makes its events and statements one after the other.

    `tweaks`: label → function (draft, case) that changes the Draft of the event or statement with that label; `*`: of
    all. `after`: label → function (case) that is called when that event has been made. `until`: Stop after that one.
    `used`: the labels for which something was called.
    """
    DAY, TIME = "2026-02-03", "2026-02-03T10:00:00"

    def __init__(self, network: Network, tweaks: dict | None = None, after: dict | None = None, until="",
                 dossier="0123456789abcdef0123456789abcdef"):
        self.network, self.dossier = network, dossier
        self.tweaks, self.after, self.until = dict(tweaks or {}), dict(after or {}), until
        self.events: list[Made] = []
        self.labels: list[str] = []  # Of the events.
        self.statements: dict[str, Made] = {}
        self.epoch = 0
        self.used: set[str] = set()

    def __getitem__(self, label: str) -> Made:
        return self.events[self.labels.index(label)]

    def _make(self, label: str, domain: str, message: str, draft: Draft) -> Made:
        for tweaked in {label, "*"} & set(self.tweaks):
            self.used.add(tweaked)
            self.tweaks[tweaked](draft, self)
        header = encode(message, draft.header)
        if draft.rewrite:
            header = draft.rewrite(header)
        signature = draft.key.sign(draft.domain, header)
        signed = {"header": header, "signature": draft.resign(signature) if draft.resign else signature}
        name = "SignedEvent" if domain == "event" else "SignedStatement"
        made, bare = encode(name, signed | {"sections": draft.sections}), encode(name, signed)
        if draft.rewrap:
            made, bare = draft.rewrap(made), draft.rewrap(bare)
        return Made(made, tagged(domain, header), draft.header, tuple(draft.sections), bare)

    def _common(self, author: str, override: dict) -> dict:
        return {"dossier": self.dossier, "class": "CASE", "training": self.network.training, "author": author,
                "incarnation": 1, "official": "p-17", "event_day": date(self.DAY), "recorded_time": instant(self.TIME),
                "legal_basis": "§ 14 SGB IX", "algorithm": 1} | override

    @property
    def head(self) -> bytes:
        return self.events[-1].hash if self.events else bytes(32)

    def event(self, label: str, kind: str, author: str, detail: dict | None = None, sections=(), masked=(),
              refs=None, **override) -> Made:
        """Appends an event. `sections`: pairs of `section`; `masked`: names of those that the file leaves out."""
        if kind in ("ACCEPTED", "SUCCEEDED"):
            self.epoch += 1
        header = self._common(author, {"sequence": len(self.events) + 1, "epoch": self.epoch, "kind": kind,
                                       "previous_hash": self.head,
                                       "sections": [ref for ref, _ in sections] if refs is None else refs} | override)
        if detail is not None:
            grants = kind in ("ANNOUNCED", "OFFERED", "FORWARDED", "PARTY_ADMITTED")
            header[kind.lower()] = ({"grant": {"relation": "forwarding"}} if grants else {}) | detail
        shown = [content for _, content in sections if content["name"] not in masked]
        made = self._make(label, "event", "EventHeader", Draft(header, self.network.keys[author], shown, "event"))
        self.events.append(made)
        self.labels.append(label)
        if label in self.after:
            self.used.add(label)
            self.after[label](self)
        if label == self.until:
            raise Stop
        return made

    def statement(self, label: str, kind: str, author: str, to: str, detail: dict, sections=(), listed=True,
                  **override) -> Made:
        """Makes a statement; `listed`: it also goes into the file's own list."""
        header = self._common(author, {"to": to, kind: detail, "sections": [ref for ref, _ in sections]} | override)
        made = self._make(label, "statement", "StatementHeader",
                          Draft(header, self.network.keys[author], [content for _, content in sections], "statement"))
        if listed:
            self.statements[label] = made
        return made

    def take(self, label: str, author: str, statement: Made, **more) -> Made:
        """CONTRIBUTION_TAKEN of the statement, with its sections."""
        pairs = list(zip(statement.refs, statement.sections))
        return self.event(label, "CONTRIBUTION_TAKEN", author, {"contribution": statement.without_sections}, pairs, **more)

    def evidence(self, exporter: str, certificates=None, directory=None, statements=None, **override) -> bytes:
        """The serialized Evidence."""
        if statements is None:
            statements = [made.bytes for made in sorted(self.statements.values(), key=lambda made: made.hash)]
        return encode("Evidence", {
            "format": "teilhabe/evidence/v1", "dossier": self.dossier, "exporter": exporter,
            "exported_time": instant("2026-03-01T12:00:00"),
            "directory": self.network.directory() if directory is None else directory,
            "events": [made.bytes for made in self.events], "statements": statements,
            "certificates": [self.network.certificate(exporter)] if certificates is None else certificates} | override)

    def seal(self, evidence: bytes, exporter: str, key: Key | None = None, **signature) -> bytes:
        """The serialized SignedEvidence: the file."""
        key = key or self.network.keys[exporter]
        return encode("SignedEvidence", {"evidence": evidence, "signature": key.sign("evidence", evidence) | signature})

    def file(self, exporter: str, **more) -> bytes:
        return self.seal(self.evidence(exporter, **more), exporter)
