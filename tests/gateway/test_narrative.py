"""The narrative as HTML: an allow-list, and nothing of the document's own."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lien.gateway import narrative, xmltree
from lien.gateway.cda import parse
from tests.gateway.samples import sample

ALLOWED = set(
    """article section h1 h2 h3 h4 h5 h6 p table thead tbody tfoot tr th td caption sub sup li small
    strong em u ol ul br figure""".split()
)


def rendered(text: str) -> str:
    inner = f"<component><section><text>{text}</text></section></component>"
    body = f'<b xmlns="urn:hl7-org:v3">{inner}</b>'
    return narrative.render(xmltree.parse(body.encode()), "Titre")


def test_structured_body() -> None:
    body = parse(sample("cda_structured.xml")).body
    assert body
    html = body.content.decode()

    assert "<h1>Lettre de liaison à la sortie</h1>" in html
    assert "<h2>Traitements à la sortie</h2>" in html
    assert "<h3>Allergies</h3>Aucune connue" in html
    assert "<p><strong>Paracétamol &lt; 3 g par jour</strong></p>" in html
    assert '<th colspan="2">Dose</th>' in html
    assert "<td>1 g<br>au repas</td>" in html
    assert "<ol><li>repos</li><li><em>marche</em></li></ol>" in html
    assert '<figure data-attachment="IMG1"></figure>' in html
    for word in ("onclick", "javascript", "href", "style.example", "9999"):
        assert word not in html


def test_text_of_unknown_elements_stays_and_of_scripts_does_not() -> None:
    assert "avant dedans après" in rendered("avant <blink>dedans</blink> après")
    html = rendered('a<script>bad()</script><style>x{}</style><x xmlns="urn:other">far</x>b')
    assert "<section>ab</section>" in html


def test_markup_in_text_is_text() -> None:
    html = rendered("<paragraph>&lt;img src=x onerror=alert(1)&gt; &quot;</paragraph>")
    assert "<p>&lt;img src=x onerror=alert(1)&gt; &quot;</p>" in html


def test_name_of_a_picture_cannot_leave_its_attribute() -> None:
    html = rendered("""<renderMultiMedia referencedObject='a"onload="alert(1)'/>""")
    assert 'data-attachment="a&quot;onload=&quot;alert(1)"' in html


def test_plain_text() -> None:
    assert narrative.paragraphs("a<b\nc") == "<article><p>a&lt;b<br>c</p></article>"


NAMES = st.sampled_from(
    """paragraph table tr td list item content linkHtml script style iframe svg br sub
    footnote""".split()
)
TEXT = st.text(alphabet="ab<>&\"' \u00e9", max_size=8)


@st.composite
def fragments(draw: st.DrawFn, depth: int = 3) -> str:
    text = draw(TEXT).replace("&", "&amp;").replace("<", "&lt;")
    if not depth:
        return text
    name = draw(NAMES)
    value = draw(TEXT).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    attribute = draw(st.sampled_from(["styleCode", "onclick", "href", "colspan", "src"]))
    inner = "".join(draw(st.lists(fragments(depth - 1), max_size=3)))
    return f'{text}<{name} {attribute}="{value}">{inner}</{name}>'


@given(fragments())
def test_only_allowed_elements_and_attributes_come_out(text: str) -> None:
    for written in re.findall(r"<([^>]*)>", rendered(text)):
        name, _, attributes = written.lstrip("/").partition(" ")
        assert name in ALLOWED
        assert re.fullmatch(r'(?:(?:col|row)span="[0-9]+" ?)*', attributes)
