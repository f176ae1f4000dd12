"""Digests, signatures, certificates, and the two files of what the verifier trusts."""

import dataclasses
import functools
import hashlib
import json

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils


class Unusable(Exception):
    """A file that was given to the verifier, not the evidence itself, is missing or broken."""


# --- Digests ----------------------------------------------------------------------------------------------------------

def tagged_digest(domain: str, data: bytes) -> bytes:
    return hashlib.sha256(f"teilhabe/{domain}/v1".encode() + b"\0" + data).digest()


def section_digest(name: str, salt: bytes, payload: bytes) -> bytes:
    encoded = name.encode()
    return tagged_digest("section", salt + len(encoded).to_bytes(4, "big") + encoded + payload)


def key_id(spki: bytes) -> bytes:
    return hashlib.sha256(spki).digest()


# --- Signatures -------------------------------------------------------------------------------------------------------

@functools.lru_cache(maxsize=1024)
def load_key(spki: bytes) -> ec.EllipticCurvePublicKey | None:
    """The public key on P-256; None: it is none, or not in the one encoding that its digest is taken of."""
    try:
        key = serialization.load_der_public_key(spki)
    except Exception:  # pylint: disable=broad-except  # What it raises for broken input is not documented.
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    return key if spki_of(key) == spki else None


def spki_of(key) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@functools.lru_cache(maxsize=8192)
def ecdsa_holds(spki: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether `signature` is the strict DER of a signature by the key over the SHA-256 `digest`."""
    key = load_key(spki)
    if key is None:
        return False
    try:
        if utils.encode_dss_signature(*utils.decode_dss_signature(signature)) != signature:
            return False
        key.verify(signature, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    except (InvalidSignature, ValueError, TypeError, OverflowError):
        return False
    return True


# --- Certificates -----------------------------------------------------------------------------------------------------

# ecdsa-with-SHA256, without parameters.
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


def _der(data: bytes, at: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends; strict. Raises ValueError."""
    if len(data) < at + 2 or data[at] != tag:
        raise ValueError("another element")
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        size = length - 0x80
        if not 1 <= size <= 4 or len(data) < start + size:
            raise ValueError("length")
        length, start = int.from_bytes(data[start:start + size], "big"), start + size
        if length < 0x80 or length >> 8 * (size - 1) == 0:
            raise ValueError("length not in its shortest form")
    if start + length > len(data):
        raise ValueError("cut off")
    return start, start + length


def _split_certificate(der: bytes) -> tuple[bytes, bytes]:
    """The signed part and the signature. Takes no bytes beside them that could be changed. Raises ValueError."""
    start, end = _der(der, 0, 0x30)
    if end != len(der):
        raise ValueError("something follows the certificate")
    _, signed_end = _der(der, start, 0x30)
    after = signed_end + len(_ECDSA_SHA256)
    if der[signed_end:after] != _ECDSA_SHA256:
        raise ValueError("its algorithm is not ECDSA with SHA-256")
    signature, end = _der(der, after, 0x03)
    if end != len(der) or der[signature:signature + 1] != b"\0":
        raise ValueError("its signature is not one string of whole bytes at the end")
    return der[start:signed_end], der[signature + 1:]


@dataclasses.dataclass(frozen=True)
class Certificate:
    """What of a node's certificate counts. `wrong`: the first thing that is; the other fields may be empty then."""
    wrong: str = ""
    uris: tuple = ()
    spki: bytes = b""
    valid: str = ""


@functools.lru_cache(maxsize=1024)
def read_certificate(der: bytes, ca_spki: bytes) -> Certificate:
    # The signature first, so that nothing but what the CA signed reaches a parser of X.509.
    try:
        signed, signature = _split_certificate(der)
    except ValueError as error:
        return Certificate(f"is no certificate: {error}")
    if not ecdsa_holds(ca_spki, hashlib.sha256(signed).digest(), signature):
        return Certificate("is not signed by the network's CA")
    try:
        certificate = x509.load_der_x509_certificate(der)
        spki = spki_of(certificate.public_key())
        valid = " to ".join(str(getattr(certificate, f"not_valid_{end}_utc", None)
                                or f"{getattr(certificate, f'not_valid_{end}')}+00:00")[:19] + " UTC"
                            for end in ("before", "after"))
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = tuple(names.get_values_for_type(x509.UniformResourceIdentifier))
    except x509.ExtensionNotFound:
        return Certificate("", (), spki, valid)
    except Exception as error:  # pylint: disable=broad-except  # As above.
        return Certificate(f"cannot be read: {error}")
    return Certificate("", uris, spki, valid)


# --- What the verifier trusts -----------------------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Trust:
    """`trust.json` and `network-ca.pem`. `signers`: key id → DER of the public key."""
    network: str
    training: bool
    signers: dict
    threshold: int
    ca_spki: bytes


def _file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise Unusable(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def load_trust(trust_path: str, ca_path: str) -> Trust:
    """Reads both files. Raises Unusable."""
    try:
        content = json.loads(_file(trust_path).decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{trust_path}: is no JSON: {error}") from None
    if not isinstance(content, dict):
        raise Unusable(f"{trust_path}: is no object")
    for name, kind in (("network", str), ("training", bool), ("signers", list), ("threshold", int)):
        # A bool is an int in Python.
        if not isinstance(content.get(name), kind) or (kind is int and isinstance(content[name], bool)):
            raise Unusable(f"{trust_path}: {name} is absent or of another type")
    if not content["network"]:
        raise Unusable(f"{trust_path}: network is empty")
    signers = {}
    for index, pem in enumerate(content["signers"]):
        try:
            spki = spki_of(serialization.load_pem_public_key(pem.encode()))
        except Exception:  # pylint: disable=broad-except
            spki = b""
        if load_key(spki) is None:
            raise Unusable(f"{trust_path}: signers[{index}] is no public key on P-256 in PEM")
        if key_id(spki) in signers:
            raise Unusable(f"{trust_path}: signers[{index}] stands twice")
        signers[key_id(spki)] = spki
    if not 1 <= content["threshold"] <= len(signers):
        raise Unusable(f"{trust_path}: threshold is not between 1 and the number of signers")
    try:
        ca_spki = spki_of(x509.load_pem_x509_certificate(_file(ca_path)).public_key())
    except Unusable:
        raise
    except Exception:  # pylint: disable=broad-except
        ca_spki = b""
    if load_key(ca_spki) is None:
        raise Unusable(f"{ca_path}: is no certificate in PEM with a key on P-256")
    return Trust(content["network"], content["training"], signers, content["threshold"], ca_spki)


def load_evidence(path: str) -> bytes:
    """Raises Unusable."""
    return _file(path)
