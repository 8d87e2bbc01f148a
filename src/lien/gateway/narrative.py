"""
The narrative of a structured CDA as HTML that can do nothing.

Written element by element from an allow-list: no attribute, address, script or style of the
document comes through, and a style sheet it names is never looked at. What is not on the list
is left out, its text kept; what is not of HL7's namespace is left out with its text.
"""

from html import escape
from typing import Final
from xml.etree.ElementTree import Element

HL7: Final = "{urn:hl7-org:v3}"

# Narrative block (CDA R2, 4.3.5) to HTML.
_TAGS: Final[dict[str, str]] = {
    **{name: name for name in ("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption")},
    **{name: name for name in ("sub", "sup")},
    "paragraph": "p",
    "item": "li",
    "footnote": "small",
}
_STYLES: Final[dict[str, str]] = {"bold": "strong", "italics": "em", "underline": "u"}
# Whose text is no text for a reader.
_SILENT: Final = frozenset({"script", "style", "col", "colgroup"})
_MAX_SPAN: Final = 100


def render(body: Element, title: str) -> str:
    """The sections of a structured body as one article."""
    out: list[str] = [f"<article><h1>{escape(title)}</h1>"]
    for component in body.iterfind(f"{HL7}component"):
        for section in component.iterfind(f"{HL7}section"):
            _section(section, out, level=2)
    out.append("</article>")
    return "".join(out)


def paragraphs(text: str) -> str:
    """Plain text as the same kind of article."""
    lines = (escape(line) for line in text.splitlines())
    return f"<article><p>{'<br>'.join(lines)}</p></article>"


def _section(section: Element, out: list[str], *, level: int) -> None:
    out.append("<section>")
    title = " ".join("".join(_texts(section, "title")).split())
    if title:
        out.append(f"<h{level}>{escape(title)}</h{level}>")
    text = section.find(f"{HL7}text")
    if text is not None:
        _children(text, out)
    for component in section.iterfind(f"{HL7}component"):
        for inner in component.iterfind(f"{HL7}section"):
            _section(inner, out, level=min(level + 1, 6))
    out.append("</section>")


def _texts(element: Element, name: str) -> list[str]:
    found = element.find(HL7 + name)
    return [] if found is None else list(found.itertext())


def _children(element: Element, out: list[str]) -> None:
    if element.text:
        out.append(escape(element.text))
    for child in element:
        _element(child, out)
        if child.tail:
            out.append(escape(child.tail))


def _element(element: Element, out: list[str]) -> None:
    name = element.tag.removeprefix(HL7)
    if name.startswith("{") or name in _SILENT:
        return
    if name == "br":
        out.append("<br>")
        return
    if name == "renderMultiMedia":
        _media(element, out)
        return
    opened = _tags(element, name)
    out.extend(f"<{tag}{_spans(element) if tag in ('td', 'th') else ''}>" for tag in opened)
    _children(element, out)
    out.extend(f"</{tag}>" for tag in reversed(opened))


def _tags(element: Element, name: str) -> list[str]:
    """The HTML elements of one of the narrative's, from the outside in; none for an unknown one."""
    styles = element.get("styleCode", "").lower().split()
    inner = [tag for style, tag in _STYLES.items() if style in styles]
    if name == "list":
        return ["ol" if element.get("listType") == "ordered" else "ul"]
    if name in ("table", "thead", "tbody", "tfoot", "tr"):
        return [name]  # a word with a style cannot stand between rows
    if name in _TAGS:
        return [_TAGS[name], *inner]
    return inner


def _spans(element: Element) -> str:
    found = ""
    for name in ("colspan", "rowspan"):
        value = element.get(name, "")
        if value.isascii() and value.isdigit() and 1 < int(value[:4]) <= _MAX_SPAN:
            found += f' {name}="{int(value[:4])}"'
    return found


def _media(element: Element, out: list[str]) -> None:
    """A picture's place: the reader puts the attachment of that name there."""
    names = element.get("referencedObject", "").split()
    for name in names[:8]:
        out.append(f'<figure data-attachment="{escape(name[:100])}"></figure>')
    _children(element, out)
