"""
From a document's type to its class and to the family it is filed under.

Types are those of the French value set JDV_J07, classes those of TRE_A03 as table ASS_X04
derives them. The families are ours. No type names the coordination platforms (PTA, DAC): their
documents are found by type and author, with a rule each deployment can set.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lien.gateway.inbound import Inbound


class Family(StrEnum):
    """The shelves of a patient's folder."""

    HOSPITAL = "hospital"
    IMAGING = "imaging"
    RCP = "rcp"
    PTA = "pta"
    SYNTHESIS = "synthesis"
    BIOLOGY = "biology"
    OPERATION = "operation"
    CONSULTATION = "consultation"
    LETTER = "letter"
    PRESCRIPTION = "prescription"
    CARE_PLAN = "care_plan"
    CERTIFICATE = "certificate"
    ADMINISTRATIVE = "administrative"
    OTHER = "other"


# One row per class and family.
_ROWS: Final[tuple[tuple[str, Family, str], ...]] = (
    ("10", Family.HOSPITAL, "11490-0 34112-3 15507-7 67851-6 11493-4 46241-6 15508-5"),
    ("10", Family.OPERATION, "11505-5 34749-2 34874-8 34875-5 70004-7 77436-4 10213-7 29554-3"),
    ("10", Family.BIOLOGY, "11502-2 51969-4 60568-3 11526-1 DOCPAT05"),
    ("10", Family.CONSULTATION, "11488-4 11506-3 75496-0 85208-7 24611-6 75497-8 78513-9 93024-8"),
    ("10", Family.CONSULTATION, "78601-2 28617-9 59283-2 89233-1 47420-5"),
    ("10", Family.LETTER, "96349-6 83981-1"),
    ("10", Family.RCP, "34794-8"),
    ("10", Family.PTA, "BIL_AUTO 28653-4 34120-6"),
    ("10", Family.IMAGING, "11528-7"),
    ("10", Family.OTHER, "DOCPAT03 DOCPAT06 29274-8 75482-0 75492-9 27899-4 39256-3"),
    ("11", Family.HOSPITAL, "18761-7 60280-5 78341-5 57055-6 57057-2 57075-4 89235-6 78489-2"),
    ("11", Family.SYNTHESIS, "SYNTH 34133-9 60591-5 74207-2 68599-0 68817-6 83901-9"),
    ("11", Family.LETTER, "88348-8"),
    ("11", Family.PTA, "34842-5"),
    ("11", Family.OTHER, "DOCPAT01 DOCPAT08 EXPORT_DUI 56445-0 80820-4 83836-7"),
    ("31", Family.IMAGING, "IMG-KOS 18748-4 52040-3 DOCPAT04"),
    ("42", Family.PRESCRIPTION, "DOCPAT02 PRESC-AAT PRESC-BIO PRESC-KINE PRESC-INF PRESC-PEDI"),
    ("42", Family.PRESCRIPTION, "PRESC-ORTHOPHO PRESC-ORTHOPTIE 57828-6 57832-8 57833-6 61357-0"),
    ("42", Family.PRESCRIPTION, "75468-9 29551-9 52063-5 52521-2"),
    ("42", Family.IMAGING, "55115-0"),
    ("43", Family.PRESCRIPTION, "DISP_AUT 60593-1 29550-1"),
    ("44", Family.CARE_PLAN, "PROT_ALD 77604-7 80771-9 83869-8"),
    ("44", Family.PTA, "18776-5 80788-3"),
    ("45", Family.PRESCRIPTION, "80565-5"),
    ("52", Family.CERTIFICATE, "CERT_DECL DOCPAT07 11369-6 87273-9 89601-9 96874-3"),
    ("52", Family.BIOLOGY, "96173-0"),
    ("60", Family.ADMINISTRATIVE, "REMB"),
    ("90", Family.OTHER, "EXPPAT_1 EXPPAT_2 EXPPAT_3 74465-6 DOCPAT10"),
    ("95", Family.ADMINISTRATIVE, "ATTEST-ASS-COMPL ATTEST-RESID ATTEST-HEBGT ATTEST-DROITS-AM"),
    ("95", Family.ADMINISTRATIVE, "AUTORIS-SOINS DOCPAT09 PIECE-IDENTITE FICHE-CONTACTS"),
    ("95", Family.ADMINISTRATIVE, "51851-4 56446-8 59284-0 CONTACTS-URGENCE"),
    ("95", Family.HOSPITAL, "86531-1"),
    ("99", Family.OTHER, "FEUILLE-DE-STYLE"),
    ("", Family.OTHER, "101881-1 E1762"),
)
TYPES: Final[dict[str, tuple[str, Family]]] = {
    code: (class_code, family) for class_code, family, codes in _ROWS for code in codes.split()
}


@dataclass(frozen=True, slots=True)
class PtaRule:
    """
    Which documents of a coordination platform are filed as its own.

    One of `types`, by an author of one of `structures` (national numbers, as in the document) or
    of a sector in `sectors`.
    """

    types: frozenset[str] = frozenset({"SYNTH", "34133-9", "60591-5"})
    structures: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset({"SA57"})  # coordination de soins

    def applies(self, document: Inbound) -> bool:
        """True if the type and an author match."""
        places = [document.structure, *(author.structure for author in document.authors)]
        return document.type_code in self.types and any(
            place.identifier in self.structures or place.sector in self.sectors for place in places
        )


def class_of(type_code: str) -> str:
    """The class of a type, empty for one that is not in the table."""
    return TYPES.get(type_code, ("", Family.OTHER))[0]


def family_of(document: Inbound, pta: PtaRule) -> Family:
    """The shelf of a document."""
    if pta.applies(document):
        return Family.PTA
    return TYPES.get(document.type_code, ("", Family.OTHER))[1]
