"""The messages of an evidence file, field by field as in the contracts: number, perhaps `repeated`, type, name.

`of NAME` makes a field a member of that oneof. Names are without their package, because no two are alike.
verify_test.py compares these tables with the .proto files.
"""

import dataclasses
import functools

_MESSAGES = {
    "Timestamp": "1 int64 seconds, 2 int32 nanos",
    "Date": "1 int32 year, 2 int32 month, 3 int32 day",

    "Signature": "1 bytes key_id, 2 uint32 algorithm, 3 bytes signature",
    "SignedDirectory": "1 bytes directory, 2 repeated Signature signatures",
    "Directory": "1 string network, 2 bool training, 3 int64 version, 4 Timestamp issued_time,"
                 "5 repeated SignedMember members",
    "SignedMember": "1 bytes member, 2 Signature signature",
    "Member": "1 string id, 2 string name, 3 MemberKind kind, 4 repeated Role roles, 5 string seat,"
              "6 repeated Office offices, 7 repeated Jurisdiction jurisdictions, 8 string endpoint, 9 bytes key,"
              "10 bytes local_ca, 11 string host, 12 repeated Succession successions",
    "Office": "1 string id, 2 string name",
    "Jurisdiction": "1 string table, 2 string prefix, 3 Date valid_from, 4 Date valid_to",
    "Succession": "1 string successor, 2 Date day, 3 string act",

    "SectionRef": "1 string name, 2 Category category, 3 bytes digest",
    "Section": "1 string name, 2 bytes salt, 3 bytes payload",
    "SectionPayload": "1 string type, 2 bytes content, 3 repeated Attachment attachments",
    "Attachment": "1 string file_name, 2 string media_type, 3 int64 size, 4 bytes digest",

    "SignedEvent": "1 bytes header, 2 Signature signature, 3 repeated Section sections",
    "EventHeader": "1 string dossier, 2 DossierClass class, 3 bool training, 4 int64 sequence, 5 int64 epoch,"
                   "6 string author, 7 int64 incarnation, 8 string official, 9 EventKind kind, 10 Date event_day,"
                   "11 Timestamp recorded_time, 12 string legal_basis, 13 bytes previous_hash, 14 uint32 algorithm,"
                   "15 repeated SectionRef sections, 16 string backdating_evidence, 17 string record,"
                   "20 Announced announced of detail, 21 Offered offered of detail, 22 Accepted accepted of detail,"
                   "23 OfferClosed offer_closed of detail, 24 Forwarded forwarded of detail,"
                   "25 SentOutside sent_outside of detail, 26 ReceivedOutside received_outside of detail,"
                   "27 ContributionTaken contribution_taken of detail, 28 PartyAdmitted party_admitted of detail,"
                   "29 PartyEnded party_ended of detail, 30 Released released of detail,"
                   "31 Corrected corrected of detail, 32 JointProposed joint_proposed of detail,"
                   "33 Succeeded succeeded of detail",
    "Grant": "1 string relation, 2 repeated Category categories, 3 string medical_basis",
    "Announced": "1 string to, 2 Grant grant",
    "Offered": "1 string to, 2 Grant grant, 3 int64 request_sequence, 4 string place",
    "Accepted": "1 bytes offer_hash",
    "OfferClosed": "1 SignedStatement decline",
    "Forwarded": "1 string to, 2 Grant grant, 3 string place, 4 Date eingang_day, 5 SignedStatement consent",
    "SentOutside": "1 string addressee, 2 bytes package_hash, 3 Date review_day",
    "ReceivedOutside": "1 bytes sent_hash, 2 Date received_day, 3 string evidence",
    "ContributionTaken": "1 SignedStatement contribution",
    "PartyAdmitted": "1 string member, 2 Grant grant, 3 Date from_day, 4 Date to_day",
    "PartyEnded": "1 string member",
    "Released": "1 string member, 2 repeated ReleasedSection sections",
    "ReleasedSection": "1 int64 sequence, 2 string name",
    "Corrected": "1 int64 sequence, 2 string name, 3 string reason",
    "JointProposed": "1 string document, 2 int32 version, 3 repeated string signatories",
    "Succeeded": "1 string predecessor, 2 string act",

    "SignedStatement": "1 bytes header, 2 Signature signature, 3 repeated Section sections",
    "StatementHeader": "1 string dossier, 2 DossierClass class, 3 bool training, 4 string author, 5 int64 incarnation,"
                       "6 string official, 7 Date event_day, 8 Timestamp recorded_time, 9 string legal_basis,"
                       "10 uint32 algorithm, 11 string to, 12 repeated SectionRef sections,"
                       "13 string backdating_evidence,"
                       "20 Contribution contribution of detail, 21 Ready ready of detail,"
                       "22 Decision decision of detail, 23 Consent consent of detail,"
                       "24 Withdrawal withdrawal of detail, 25 JointSignature joint_signature of detail,"
                       "26 Eingang eingang of detail, 27 Wirksam wirksam of detail, 28 Rejection rejection of detail,"
                       "29 Correction correction of detail",
    "Contribution": "1 string record, 2 bytes after_hash",
    "Ready": "1 bytes announced_hash, 2 repeated string missing",
    "Decision": "1 bytes offer_hash, 2 Outcome outcome, 3 repeated DeclineReason reasons, 4 repeated string missing,"
                "5 bytes accepted_hash",
    "Consent": "1 bytes accepted_hash",
    "Withdrawal": "1 bytes offer_hash",
    "JointSignature": "1 bytes proposed_hash",
    "Eingang": "1 bytes hash, 2 int64 sequence, 3 Timestamp sent_time, 4 Timestamp arrived_time,"
               "5 repeated LeftOut left_out, 6 int32 left_out_further",
    "LeftOut": "1 int64 sequence, 2 string name, 3 Category category",
    "Wirksam": "1 bytes accepted_hash",
    "Rejection": "1 bytes hash, 2 string reason, 3 string field",
    "Correction": "1 int64 sequence, 2 string name, 3 string reason, 4 int64 corrected_sequence, 5 bytes corrected_hash",

    "Evidence": "1 string format, 2 string dossier, 3 string exporter, 4 Timestamp exported_time,"
                "5 SignedDirectory directory, 6 repeated SignedEvent events, 7 repeated SignedStatement statements,"
                "8 repeated bytes certificates",
    "SignedEvidence": "1 bytes evidence, 2 Signature signature",
}

# Values of each enumeration from 1, without the prefix of its type; 0 is never written.
ENUMS = {name: tuple(values.split()) for name, values in {
    "MemberKind": "AGENCY OBSERVER BODY GUEST",
    "Role": "EGH_UEBEROERTLICH EGH_OERTLICH BA DRV UV INTEGRATIONSAMT OBSERVER WFBM ALA",
    "DossierClass": "CASE PROVIDER POLICY STATEMENT",
    "Category": "PROCEDURE IDENTITY CONTACT NEEDS MEDICAL PLAN COURSE MONEY STAFF PUBLIC",
    "EventKind": "OPENED RECORDED ANNOUNCED OFFERED ACCEPTED OFFER_CLOSED FORWARDED SENT_OUTSIDE RECEIVED_OUTSIDE"
                 " CONTRIBUTION_TAKEN PARTY_ADMITTED PARTY_ENDED RELEASED CORRECTED JOINT_PROPOSED SUCCEEDED",
    "Outcome": "ACCEPTED DECLINED",
    "DeclineReason": "CHAIN_BROKEN WRONG_KIND WRONG_PLACE ITEM_MISSING WITHDRAWN",
}.items()}

VARINTS = ("bool", "int32", "int64", "uint32") + tuple(ENUMS)


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a message."""
    number: int
    type: str
    name: str
    repeated: bool
    oneof: str  # Empty: in none.

    @property
    def is_message(self) -> bool:
        return self.type in _MESSAGES

    @property
    def is_varint(self) -> bool:
        return self.type in VARINTS

    @functools.cached_property
    def default(self):
        """What an absent field holds."""
        if self.repeated:
            return ()
        if self.is_message:
            return None
        return {"string": "", "bytes": b"", "bool": False}.get(self.type, 0)


def _field(text: str) -> Field:
    words, _, oneof = text.strip().partition(" of ")
    number, *repeated, kind, name = words.split()
    return Field(int(number), kind, name, bool(repeated), oneof)


# Message → number → field.
MESSAGES = {message: {field.number: field for field in map(_field, text.split(","))}
            for message, text in _MESSAGES.items()}


def enum_name(enum: str, value: int) -> str:
    """The name of a value; of one that is not in the contracts, its number."""
    names = ENUMS[enum]
    return names[value - 1] if 1 <= value <= len(names) else str(value)
