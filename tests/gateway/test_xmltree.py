"""XML that means harm."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.gateway import xmltree
from lien.gateway.quarantine import Reason, Unreadable

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
)
HOSTILE = {
    "billion laughs": (f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>", Reason.FORBIDDEN_XML),
    "quadratic": (
        f'<!DOCTYPE a [<!ENTITY x "{"y" * 10_000}">]><a>{"&x;" * 1_000}</a>',
        Reason.FORBIDDEN_XML,
    ),
    "external entity": (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        Reason.FORBIDDEN_XML,
    ),
    "external DTD": ('<!DOCTYPE a SYSTEM "http://dtd.example/a.dtd"><a/>', Reason.FORBIDDEN_XML),
    "parameter entity": (
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://dtd.example/p"> %p;]><a/>',
        Reason.FORBIDDEN_XML,
    ),
    "empty DTD": ("<!DOCTYPE a><a/>", Reason.FORBIDDEN_XML),
    "unknown entity": ("<a>&nothing;</a>", Reason.FORBIDDEN_XML),
    "200,000 levels": ("<a>" * 200_000, Reason.TOO_COMPLEX),
    "many elements": (f"<a>{'<b/>' * 500_001}</a>", Reason.TOO_COMPLEX),
    "200,000 attributes": (
        "<a " + " ".join(f"b{n}=''" for n in range(200_000)) + "/>",
        Reason.TOO_COMPLEX,
    ),
    "100,000 namespaces": (
        "<a " + " ".join(f"xmlns:n{n}='u{n}'" for n in range(100_000)) + "/>",
        Reason.TOO_COMPLEX,
    ),
    "one long attribute": (f'<a b="{"c" * 100_000}"/>', Reason.TOO_COMPLEX),
    "oversize text": (f"<a>{'b' * xmltree.MAX_XML_BYTES}</a>", Reason.TOO_LARGE),
    "half a document": ("<a><b></b>", Reason.UNREADABLE),
    "two roots": ("<a/><a/>", Reason.UNREADABLE),
    "no document": ("", Reason.UNREADABLE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_document_is_refused(name: str) -> None:
    text, reason = HOSTILE[name]
    with pytest.raises(Unreadable) as refused:
        xmltree.parse(text.encode())
    assert refused.value.reason is reason


def test_inclusions_and_instructions_are_only_text_and_nothing() -> None:
    root = xmltree.parse(
        b'<?xml-stylesheet href="http://style.example/a.xsl"?><a xmlns:xi="http://www.w3.org/2001/'
        b'XInclude"><?php x ?><xi:include href="file:///etc/passwd"/><!-- c -->b</a>'
    )
    assert [each.tag for each in root.iter()] == [
        "a",
        "{http://www.w3.org/2001/XInclude}include",
    ]
    assert "".join(root.itertext()) == "b"


def test_depth_just_within_the_bound() -> None:
    depth = xmltree.MAX_DEPTH
    assert xmltree.parse(b"<a>" * depth + b"</a>" * depth).tag == "a"


MARKUP = st.text(alphabet="<>/!?[]&;ab=\"' \x00", max_size=60).map(str.encode)


@given(st.binary(max_size=300) | MARKUP)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with suppress(Unreadable):
        xmltree.parse(data)
