"""
Why a document goes to nobody: every reason, with the sentence a person reads.

A reason is stable: it is printed, counted and searched for. The sentences name rules, never a
person, an identifier or content.
"""

from enum import StrEnum
from typing import Final

from lien.errors import Malformed


class Reason(StrEnum):
    """In the order in which they are told: what forbids first, what is missing last."""

    MASKED = "masked"
    CONTRADICTORY = "contradictory"
    TOO_LARGE = "too_large"
    TOO_COMPLEX = "too_complex"
    TOOK_TOO_LONG = "took_too_long"
    FORBIDDEN_XML = "forbidden_xml"
    BAD_CHARSET = "bad_charset"
    BAD_BASE64 = "bad_base64"
    BAD_FRAME = "bad_frame"
    TWO_MESSAGES = "two_messages"
    UNKNOWN_FORMAT = "unknown_format"
    UNREADABLE = "unreadable"
    UNREADABLE_CONTENT = "unreadable_content"
    UNSUPPORTED_CONTENT = "unsupported_content"
    DAMAGED_CONTENT = "damaged_content"
    NO_METADATA = "no_metadata"
    NOT_CURRENT = "not_current"
    NO_CONTENT = "no_content"
    NO_IDENTIFIER = "no_identifier"
    NO_TYPE = "no_type"
    IDENTITY_UNREADABLE = "identity_unreadable"
    IDENTITY_AMBIGUOUS = "identity_ambiguous"
    TEST_IDENTITY = "test_identity"
    NO_RECIPIENT = "no_recipient"
    RECIPIENT_WITHOUT_RPPS = "recipient_without_rpps"
    RPPS_INVALID = "rpps_invalid"
    RPPS_UNKNOWN = "rpps_unknown"


FRENCH: Final[dict[Reason, str]] = {
    Reason.MASKED: "Le document est masqué aux professionnels de santé.",
    Reason.CONTRADICTORY: "L'enveloppe et le document, ou deux champs, se contredisent.",
    Reason.TOO_LARGE: "Le fichier dépasse la taille permise.",
    Reason.TOO_COMPLEX: "Le fichier est trop profond ou a trop d'éléments.",
    Reason.TOOK_TOO_LONG: "La lecture a dépassé le temps ou la mémoire permis.",
    Reason.FORBIDDEN_XML: "Le fichier XML contient une DTD ou une entité, ce qui est interdit.",
    Reason.BAD_CHARSET: "Le jeu de caractères n'est pas permis, ou n'est pas celui annoncé.",
    Reason.BAD_BASE64: "Le contenu en base64 est abîmé.",
    Reason.BAD_FRAME: "La trame MLLP est tronquée ou mal formée.",
    Reason.TWO_MESSAGES: "La trame contient plus d'un message.",
    Reason.UNKNOWN_FORMAT: "Ce format n'est pas un de ceux que la passerelle lit.",
    Reason.UNREADABLE: "Le fichier ne peut pas être lu.",
    Reason.UNREADABLE_CONTENT: "L'enveloppe est lisible, mais pas le document qu'elle porte.",
    Reason.UNSUPPORTED_CONTENT: "Le document a un contenu d'un type non pris en charge.",
    Reason.DAMAGED_CONTENT: "Le contenu n'est pas ce que l'enveloppe annonce.",
    Reason.NO_METADATA: "Le PDF n'a pas de fichier de métadonnées à côté de lui.",
    Reason.NOT_CURRENT: "Le document est annoncé comme remplacé ou erroné.",
    Reason.NO_CONTENT: "Le document n'a pas de contenu.",
    Reason.NO_IDENTIFIER: "Le document n'a pas d'identifiant.",
    Reason.NO_TYPE: "Le document n'a pas de type.",
    Reason.IDENTITY_UNREADABLE: "L'identité du patient est absente ou incomplète.",
    Reason.IDENTITY_AMBIGUOUS: "Le document porte plusieurs identités de patient.",
    Reason.TEST_IDENTITY: "L'identité est une identité de test ou de démonstration.",
    Reason.NO_RECIPIENT: "Ni le document ni son enveloppe ne nomment de destinataire.",
    Reason.RECIPIENT_WITHOUT_RPPS: "Aucun destinataire nommé n'a de numéro RPPS.",
    Reason.RPPS_INVALID: "Le numéro RPPS du destinataire n'est pas valide.",
    Reason.RPPS_UNKNOWN: "Le numéro RPPS du destinataire n'est pas dans l'annuaire.",
}

ENGLISH: Final[dict[Reason, str]] = {
    Reason.MASKED: "The document is masked from health professionals.",
    Reason.CONTRADICTORY: "The envelope and the document, or two fields, contradict each other.",
    Reason.TOO_LARGE: "The file is larger than allowed.",
    Reason.TOO_COMPLEX: "The file is too deep or has too many elements.",
    Reason.TOOK_TOO_LONG: "Reading took more time or memory than allowed.",
    Reason.FORBIDDEN_XML: "The XML file has a DTD or an entity, which is forbidden.",
    Reason.BAD_CHARSET: "The character set is not allowed, or not the one declared.",
    Reason.BAD_BASE64: "The base64 content is damaged.",
    Reason.BAD_FRAME: "The MLLP frame is truncated or malformed.",
    Reason.TWO_MESSAGES: "The frame holds more than one message.",
    Reason.UNKNOWN_FORMAT: "This format is not one the gateway reads.",
    Reason.UNREADABLE: "The file cannot be read.",
    Reason.UNREADABLE_CONTENT: "The envelope can be read, but not the document it carries.",
    Reason.UNSUPPORTED_CONTENT: "The document has content of a kind that is not supported.",
    Reason.DAMAGED_CONTENT: "The content is not what the envelope declares.",
    Reason.NO_METADATA: "The PDF has no file of metadata beside it.",
    Reason.NOT_CURRENT: "The document is declared superseded or in error.",
    Reason.NO_CONTENT: "The document has no content.",
    Reason.NO_IDENTIFIER: "The document has no identifier.",
    Reason.NO_TYPE: "The document has no type.",
    Reason.IDENTITY_UNREADABLE: "The patient's identity is missing or incomplete.",
    Reason.IDENTITY_AMBIGUOUS: "The document carries several identities of patients.",
    Reason.TEST_IDENTITY: "The identity is one for tests or demonstrations.",
    Reason.NO_RECIPIENT: "Neither the document nor its envelope names a recipient.",
    Reason.RECIPIENT_WITHOUT_RPPS: "No named recipient has an RPPS number.",
    Reason.RPPS_INVALID: "The recipient's RPPS number is not valid.",
    Reason.RPPS_UNKNOWN: "The recipient's RPPS number is not in the directory.",
}


class Unreadable(Malformed):
    """
    Nothing of these bytes can be used: the one error the parsers raise.

    What can be read in part is an `Inbound` with `problems` instead, so that a person sees
    which document waits.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(ENGLISH[reason])
        self.reason = reason
