"""HL7v2 messages: what they carry, what they add, what they forbid, and how they lie."""

import base64
from datetime import UTC, datetime

import pytest

from lien.gateway import acknowledgements, er7, hl7v2, ins
from lien.gateway.inbound import BodyKind, Inbound, Intent, NamedBy
from lien.gateway.quarantine import Reason, Unreadable
from lien.ids import RppsNumber
from tests.gateway.samples import FIRST, SECOND, changed, numbers, routed, sample

AT = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)


def parsed(name: str, *changes: tuple[str, str]) -> Inbound:
    (found,) = hl7v2.parse(changed(name, *changes))
    return found


def refusal(data: bytes) -> Reason:
    with pytest.raises(Unreadable) as refused:
        hl7v2.parse(data)
    return refused.value.reason


def test_new_document_with_recipients_of_both() -> None:
    found = parsed("mdm_t02.er7")
    assert (found.source, found.intent, found.document_id) == (
        "hl7v2",
        Intent.NEW,
        "1.2.3.4.5.200.1",
    )
    assert [(each.rpps, each.named_by) for each in found.recipients] == [
        (FIRST, NamedBy.BOTH),
        (SECOND, NamedBy.ENVELOPE),
    ]
    assert found.body
    assert found.body.kind is BodyKind.PDF
    assert found.flags == ("INVISIBLE_PATIENT",)
    assert found.problems == ()


def test_version_2_0_marks_its_numbers_otherwise() -> None:
    assert numbers(routed(sample("mdm_t02_v20.er7"))) == [SECOND]
    eleven = changed("mdm_t02_v20.er7", (f"|8{SECOND}^", f"|{SECOND}^"))
    assert numbers(routed(eleven)) == [SECOND]


def test_replacement() -> None:
    found = parsed("mdm_t10.er7")
    assert (found.intent, found.version) == (Intent.REPLACE, 2)
    assert found.replaces == ("1.2.3.4.5.200.1",)
    assert found.problems == ()


def test_withdrawal_needs_no_content() -> None:
    data = sample("mdm_t04.er7")
    for message in (data, data.replace(b"^Base64^PD94", b"^Base64^!!!!")):
        found = routed(message)
        assert found.document.intent is Intent.WITHDRAW
        assert (found.document.document_id, found.document.body) == ("1.2.3.4.5.200.2", None)
        assert numbers(found) == [FIRST]


def test_result_message() -> None:
    found = parsed("oru_r01.er7")
    assert (found.document_id, found.type_code) == ("1.2.3.4.5.100.1", "11490-0")
    assert [each.rpps for each in found.recipients] == [FIRST, SECOND]


@pytest.mark.parametrize(("status", "intent"), [("C", Intent.REPLACE), ("D", Intent.WITHDRAW)])
def test_result_message_says_what_it_wants_in_obx(status: str, intent: Intent) -> None:
    assert parsed("oru_r01.er7", ("||||||F\rPRT", f"||||||{status}\rPRT")).intent is intent


def test_result_message_with_two_forms_of_a_report() -> None:
    message = sample("oru_r01.er7").decode().split("\r")
    observation = next(line for line in message if line.startswith("OBX|1|"))
    doubled = "\r".join([*message[:-1], observation.replace("OBX|1|", "OBX|9|"), ""])
    assert len(hl7v2.parse(doubled.encode())) == 2


def test_pdf_without_a_cda() -> None:
    packed = base64.b64encode(sample("report.pdf")).decode()
    head, rest = sample("mdm_t02.er7").decode().split("^text^XML^Base64^")
    message = f"{head}^application^PDF^Base64^{packed}|{rest.split('|', 1)[1]}"
    found = routed(message.encode())
    assert numbers(found) == [FIRST, SECOND]
    assert found.document.patient.traits.birth_name == "FICTIF-HOARAU"
    assert found.document.patient.traits.birth_place == "97411"


@pytest.mark.parametrize("answer", ["Y", "", "y", "perhaps"])
def test_mask_counts_unless_it_says_no(answer: str) -> None:
    data = changed("mdm_t02.er7", ("MetaDMPMSS||N^", f"MetaDMPMSS||{answer}^"))
    found = routed(data)
    assert (numbers(found), found.reason) == ([], Reason.MASKED)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("mdm_t02.er7", "||||||F\rPRT", "||||||C\rPRT"),
        ("mdm_t02.er7", "||||||F\rPRT", "||||||X\rPRT"),
        ("mdm_t02.er7", "||||||F\rPRT", "||||||\rPRT"),
        ("mdm_t04.er7", "||||||D\rPRT", "||||||F\rPRT"),
        ("mdm_t10.er7", "||||||C\rPRT", "||||||F\rPRT"),
        ("mdm_t02.er7", "|1.2.3.4.5.200.1^HOPITAL||", "|1.2.3.4.5.200.1^HOPITAL|7.7|"),
        ("mdm_t02.er7", "1.2.3.4.5.200.1^HOPITAL", "1.2.3.4.5.999^HOPITAL"),
        ("mdm_t10.er7", "|1.2.3.4.5.200.1^HOPITAL|", "|7.7.7^HOPITAL|"),
        ("mdm_t02.er7", "185039741102565^^^", "184072B07501978^^^"),
        ("mdm_t02.er7", "||19850314|M", "||19850315|M"),
        ("mdm_t02.er7", "||19850314|M", "||19850314|F"),
        ("mdm_t02.er7", "||FICTIF-HOARAU^", "||FICTIF-GRONDIN^"),
    ],
)
def test_contradictory_message_goes_to_nobody(name: str, before: str, after: str) -> None:
    found = routed(changed(name, (before, after)))
    assert (numbers(found), found.reason) == ([], Reason.CONTRADICTORY)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("^Base64^PD94", "^Base64^!!!!", Reason.BAD_BASE64),
        ("^XML^Base64^", "^XML^Hex^", Reason.BAD_BASE64),
        ("^Base64^PD94", "^Base64^AAAA", Reason.UNREADABLE_CONTENT),
        ("^text^XML^", "^text^XYZ^", Reason.NO_CONTENT),
    ],
)
def test_bad_content_in_a_good_envelope(before: str, after: str, reason: Reason) -> None:
    found = routed(changed("mdm_t02.er7", (before, after)))
    assert (numbers(found), found.reason) == ([], reason)
    assert found.document.patient.key.endswith("|185039741102565")


def test_role_other_than_recipient_names_nobody() -> None:
    data = changed("mdm_t02_v20.er7", ("||RCT^", "||REPLY^"))
    assert routed(data).reason is Reason.NO_RECIPIENT


def test_structure_is_not_a_recipient() -> None:
    data = changed("mdm_t02_v20.er7", (f"|8{SECOND}^", "|^"))
    assert routed(data).reason is Reason.RECIPIENT_WITHOUT_RPPS


def test_provisional_identity_is_not_qualified() -> None:
    found = parsed(
        "mdm_t02_v20.er7",
        ("1.2.250.1.213.1.4.10&ISO^INS", "1.2.250.1.213.1.4.8&ISO^INS"),
        ("|VALI\r", "|PROV\r"),
        ("^Base64^PD94", "^Base64^AAAA"),
    )
    assert found.patient.status is ins.Status.UNQUALIFIED


def test_declared_separators_and_escapes() -> None:
    message = (
        "MSH*:%!/*a*b*c*d*20261102**MDM:T02*1*P*2.6\rPID***1::::%2::::*A!F!B!S!C!T!D!R!E!E!:!X41!\r"
    )
    found = er7.parse(message.encode())
    names = found.segments[1].field(4)
    assert found.header.field(9).component(2) == "T02"
    assert names.component(1) == "A*B:C/D%E!"
    assert names.component(2) == "A"
    assert len(found.segments[1].repetitions(3)) == 2


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\r\r\n"])
def test_line_ends(ending: str) -> None:
    data = sample("mdm_t02.er7").replace(b"\r", ending.encode())
    assert hl7v2.parse(data) == hl7v2.parse(sample("mdm_t02.er7"))


def test_framed_message() -> None:
    data = b"\x0b" + sample("mdm_t02.er7") + b"\x1c\r"
    assert hl7v2.parse(data) == hl7v2.parse(sample("mdm_t02.er7"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.UNKNOWN_FORMAT),
        (b"MSH", Reason.UNKNOWN_FORMAT),
        (b"PID|||1\rMSH|^~\\&|", Reason.UNKNOWN_FORMAT),
        (b"MSH|^^^^|", Reason.UNREADABLE),
        (b"MSHabcde|", Reason.UNREADABLE),
        (b"MSH|^~\\&|a\rnonsense", Reason.UNREADABLE),
        (b"MSH|^~\\&|||||||ADT^A01|1", Reason.UNKNOWN_FORMAT),
        (b"MSH|^~\\&|||||||MDM^T06|1", Reason.UNKNOWN_FORMAT),
        (b"MSH|^~\\&|\r" + b"NTE|1\r" * 6_000, Reason.TOO_COMPLEX),
        (b"MSH|^~\\&|" + b"a" * er7.MAX_MESSAGE_BYTES, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_message(data: bytes, reason: Reason) -> None:
    assert refusal(data) is reason


def test_two_messages_in_one_frame() -> None:
    message = sample("mdm_t02.er7")
    assert refusal(b"\x0b" + message + message + b"\x1c\r") is Reason.TWO_MESSAGES
    assert refusal(b"\x0b" + message + b"\x1c\r\x0b" + message + b"\x1c\r") is Reason.TWO_MESSAGES


def test_two_documents_in_one_notification() -> None:
    message = sample("mdm_t02.er7").decode()
    observation = next(line for line in message.split("\r") if line.startswith("OBX|1|"))
    assert refusal(f"{message}{observation}\r".encode()) is Reason.CONTRADICTORY


OTHER_PATIENT = (
    "PID|||184072B07501978^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
    "||FICTIF-AUTRE^PAUL^PAUL^^^^L||19840714|M"
)


@pytest.mark.parametrize("name", ["mdm_t02.er7", "oru_r01.er7"])
def test_two_patients_are_not_chosen_between(name: str) -> None:
    """A second patient's results would ride on the first one's name, or the other way round."""
    pid = next(line for line in sample(name).decode().split("\r") if line.startswith("PID"))
    again = hl7v2.parse(changed(name, (pid, f"{pid}\r{pid}")))
    assert {each.patient.status for each in again} == {ins.Status.TEST}
    found = hl7v2.parse(changed(name, (pid, f"{pid}\r{OTHER_PATIENT}")))
    assert {each.patient.status for each in found} == {ins.Status.AMBIGUOUS}


def test_two_headers_of_a_document_contradict_each_other() -> None:
    lines = sample("mdm_t02.er7").decode().split("\r")
    txa = next(line for line in lines if line.startswith("TXA"))
    other = txa.replace("1.2.3.4.5.200.1", "1.2.3.4.5.999.1")
    assert Reason.CONTRADICTORY in parsed("mdm_t02.er7", (txa, f"{txa}\r{other}")).problems


def test_two_contents_in_one_field_are_not_chosen_between() -> None:
    found = parsed("mdm_t02.er7", ("^XML^Base64^", "^XML^Base64^AAAA~^text^XML^Base64^"))
    assert found.problems == (Reason.UNSUPPORTED_CONTENT,)


def test_charset_is_the_declared_one() -> None:
    text = sample("mdm_t02.er7").decode().replace("UNICODE UTF-8", "8859/1")
    assert hl7v2.parse(text.encode("iso-8859-1"))[0].problems == ()
    assert refusal(text.replace("8859/1", "UNICODE UTF-8").encode("iso-8859-1")) is (
        Reason.BAD_CHARSET
    )
    assert refusal(text.replace("8859/1", "UTF-7").encode()) is Reason.BAD_CHARSET


def test_technical_acknowledgement() -> None:
    answer = acknowledgements.technical(sample("mdm_t10.er7"), control_id="A1", at=AT)
    found = er7.parse(answer)
    msa = found.find("MSA")
    assert msa
    assert found.header.field(9).component(2) == "T10"
    assert (found.header.raw(3), found.header.raw(5)) == ("LIEN", "RIS-FICTIF")
    assert found.header.raw(10) == "A1"
    assert (msa.raw(1), msa.raw(2)) == ("AA", "MT10")


def test_refusal_is_acknowledged_with_its_reason() -> None:
    message = sample("mdm_t02.er7")
    refused = acknowledgements.technical(
        message + message, control_id="A1", at=AT, refused=Reason.TWO_MESSAGES
    )
    assert b"MSA|AE|MT02\rERR|||207" in refused
    unread = acknowledgements.technical(b"\xff", control_id="A1", at=AT, refused=Reason.UNREADABLE)
    assert b"MSA|AR|\r" in unread


def test_answer_cannot_be_given_a_segment() -> None:
    message = changed("mdm_t02.er7", ("|MT02|", "|M\\X0D\\MSA\\F\\AA|"))
    answer = acknowledgements.technical(message, control_id="A1", at=AT)
    assert len(er7.parse(answer).segments) == 2


def test_business_acknowledgement() -> None:
    answer = acknowledgements.business(
        sample("mdm_t02.er7"),
        control_id="Z1",
        at=AT,
        recipient=RppsNumber(FIRST),
        address="rose@fictif.mssante.example",
    )
    found = er7.parse(answer)
    observations = [each for each in found.segments if each.name == "OBX"]
    assert [found.header.field(9).component(n) for n in (1, 2, 3)] == ["ZAM", "Z02", "ZAM_Z01"]
    assert [observations[0].raw(n) for n in (4, 5)] == ["MT02", "Y^^expandedYes-NoIndicator"]
    assert observations[1].raw(4) == f"8{FIRST}"
    with pytest.raises(Unreadable):
        acknowledgements.business(b"", control_id="Z1", at=AT, recipient=RppsNumber(FIRST))
