"""
Clinical documents of the demonstration: invented patients, every family, every way in.

Each is what a real sender would produce (a CDA, an HL7v2 message, a FHIR bundle, a PDF with its
metadata), so that the demonstration goes through the same doors as a hospital.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from lien.demo.pdf import a_page
from lien.demo.reports import DEMO_OID, PATIENTS, PTA, REPORTS, ROOT, DemoPatient, DemoReport


@dataclass(frozen=True, slots=True, repr=False)
class DemoFile:
    """What a sender would send: a file's end, its bytes, and the metadata beside a PDF."""

    suffix: str
    data: bytes
    metadata: bytes | None = None


def make(number: int, recipients: Sequence[str], at: datetime) -> DemoFile:
    """The document of this number, dated, for these people: another report and patient each."""
    report = REPORTS[number % len(REPORTS)]
    patient = PATIENTS[(number // 2) % len(PATIENTS)]
    makers = {"cda": _as_cda, "hl7v2": _as_hl7v2, "fhir": _as_fhir, "pdf": _as_pdf}
    return makers[report.form](report, patient, recipients, f"{ROOT}.{number}", at)


def _as_cda(
    report: DemoReport, patient: DemoPatient, recipients: Sequence[str], name: str, at: datetime
) -> DemoFile:
    return DemoFile(".xml", _cda(report, patient, recipients, name, at))


def _as_hl7v2(
    report: DemoReport, patient: DemoPatient, recipients: Sequence[str], name: str, at: datetime
) -> DemoFile:
    instant = at.strftime("%Y%m%d%H%M%S")
    inner = base64.b64encode(_cda(report, patient, recipients, name, at)).decode()
    lines = [
        f"MSH|^~\\&|RIS|{report.structure}|LIEN|LIEN|{instant}||MDM^T02^MDM_T02|{name}|P|2.6"
        "|||||FRA|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2",
        f"EVN||{instant}",
        f"PID|||{patient.matricule}^^^ASIP-SANTE-INS-NIR&{DEMO_OID}&ISO^INS||"
        f"{patient.birth_name}^{patient.first_given}^{patient.given_names}^^^^L||"
        f"{patient.birth_date}|{patient.sex}",
        "PV1|1|I",
        f"TXA|1|{report.type_code}|TEXT|{instant}||||||||{name}",
        f"OBX|1|ED|{report.type_code}^{report.title}^LN||^text^XML^Base64^{inner}||||||F",
        *(
            f"PRT|{place}|UC||RCT^Results Copies To^participation|8{rpps}^^^^^^^^"
            "ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
            for place, rpps in enumerate(recipients, 1)
        ),
    ]
    return DemoFile(".er7", "".join(f"{line}\r" for line in lines).encode())


def _as_fhir(
    report: DemoReport, patient: DemoPatient, recipients: Sequence[str], name: str, at: datetime
) -> DemoFile:
    cda = base64.b64encode(_cda(report, patient, recipients, name, at)).decode()
    people = [
        {
            "resourceType": "Practitioner",
            "id": f"r{place}",
            "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": f"8{rpps}"}],
        }
        for place, rpps in enumerate(recipients)
    ]
    who = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"system": f"urn:oid:{DEMO_OID}", "value": patient.matricule}],
        "name": [{"use": "official", "family": patient.birth_name, "given": [patient.first_given]}],
        "gender": "female" if patient.sex == "F" else "male",
        "birthDate": f"{patient.birth_date[:4]}-{patient.birth_date[4:6]}-{patient.birth_date[6:]}",
    }
    extension = (
        "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
        "pdsm-ext-intended-recipient"
    )
    submission = {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "contained": people,
        "extension": [
            {"url": extension, "valueReference": {"reference": f"#r{place}"}}
            for place, _ in enumerate(recipients)
        ],
        "date": at.isoformat(),
    }
    reference = {
        "resourceType": "DocumentReference",
        "status": "current",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{name}"},
        "type": {"coding": [{"system": "http://loinc.org", "code": report.type_code}]},
        "contained": [who],
        "subject": {"reference": "#p"},
        "date": at.isoformat(),
        "content": [
            {"attachment": {"contentType": "text/xml", "url": "urn:uuid:b", "title": report.title}}
        ],
    }
    binary = {"resourceType": "Binary", "contentType": "text/xml", "data": cda}
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            _entry("urn:uuid:l", submission),
            _entry("urn:uuid:d", reference),
            _entry("urn:uuid:b", binary),
        ],
    }
    return DemoFile(".json", json.dumps(bundle, ensure_ascii=False).encode())


def _entry(url: str, resource: dict[str, Any]) -> dict[str, Any]:
    kind = resource["resourceType"]
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": kind}}


def _as_pdf(
    report: DemoReport, patient: DemoPatient, recipients: Sequence[str], name: str, at: datetime
) -> DemoFile:
    lines = [f"{patient.birth_name} {patient.first_given}, {at:%d/%m/%Y}", ""]
    for title, text in report.sections:
        lines += [title, text, ""]
    day = f"{patient.birth_date[:4]}-{patient.birth_date[4:6]}-{patient.birth_date[6:]}"
    metadata = {
        "lien_document": 1,
        "id": name,
        "type": report.type_code,
        "title": report.title,
        "date": at.isoformat(timespec="seconds"),
        "confidentiality": "N",
        "patient": {
            "oid": DEMO_OID,
            "matricule": patient.matricule,
            "birth_name": patient.birth_name,
            "birth_given_names": patient.given_names,
            "first_given_name": patient.first_given,
            "sex": patient.sex,
            "birth_date": day,
        },
        "author": {"family_name": "FICTIF-AUTEUR", "given_name": "Luce"},
        "structure": {"identifier": _structure(report), "name": report.structure},
        "recipients": [{"rpps": each} for each in recipients],
    }
    page = a_page(report.structure, report.title, lines)
    return DemoFile(".pdf", page, json.dumps(metadata, ensure_ascii=False).encode())


def _structure(report: DemoReport) -> str:
    """The invented national number of a report's structure."""
    return PTA if report.is_pta else "1970099990"


def _cda(
    report: DemoReport, patient: DemoPatient, recipients: Sequence[str], name: str, at: datetime
) -> bytes:
    instant = at.strftime("%Y%m%d%H%M%S%z")
    system = "1.2.250.1.213.1.1.4.12" if report.type_code == "SYNTH" else "2.16.840.1.113883.6.1"
    named = "".join(
        "<informationRecipient><intendedRecipient>"
        f'<id root="1.2.250.1.71.4.2.1" extension="8{rpps}"/>'
        "</intendedRecipient></informationRecipient>"
        for rpps in recipients
    )
    sections = "".join(
        f"<component><section><title>{escape(title)}</title>"
        f"<text><paragraph>{escape(text)}</paragraph></text></section></component>"
        for title, text in report.sections
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="1.2.250.1.213.1.1.1.1"/><id root="{name}"/>
<code code="{report.type_code}" codeSystem="{system}"/><title>{escape(report.title)}</title>
<effectiveTime value="{instant}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="fr-FR"/><setId root="{name}.1"/><versionNumber value="1"/>
<recordTarget><patientRole><id root="{DEMO_OID}" extension="{patient.matricule}"/><patient><name>
<family qualifier="BR">{patient.birth_name}</family><given>{patient.given_names}</given>
<given qualifier="BR">{patient.first_given}</given></name>
<administrativeGenderCode code="{patient.sex}" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{patient.birth_date}"/>
<birthplace><place><addr><county>97411</county></addr></place></birthplace>
</patient></patientRole></recordTarget>
<author><time value="{instant}"/><assignedAuthor><id nullFlavor="NI"/><assignedPerson><name>
<family>FICTIF-AUTEUR</family><given>Luce</given></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{_structure(report)}"/>
<name>{escape(report.structure)}</name></representedOrganization>
</assignedAuthor></author>{named}
<component><structuredBody>{sections}</structuredBody></component>
</ClinicalDocument>""".encode()
