"""
The vertical-bar form of HL7v2: segments, fields, repetitions, components, with their own bounds.

The separators are those the message declares. One message is one `MSH`: a second one in the same
bytes is refused, since half of it would otherwise ride on the first one's patient.
"""

import re
from dataclasses import dataclass
from typing import Final

from lien.gateway.quarantine import Reason, Unreadable

MAX_MESSAGE_BYTES: Final = 32 * 1024**2
MAX_SEGMENTS: Final = 5_000
MAX_FIELDS: Final = 300

# HL7 table 0211. Empty means ASCII; French systems that leave it out write UTF-8.
_CHARSETS: Final = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "iso-8859-1",
    "8859/15": "iso-8859-15",
}
_SEGMENT: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
_HEXADECIMAL: Final = re.compile(r"X(?:[0-9A-Fa-f]{2}){1,64}")


@dataclass(frozen=True, slots=True)
class Separators:
    """Field, component, repetition, escape and subcomponent, as the header declares them."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @property
    def encoding(self) -> str:
        """The characters of MSH-2."""
        return self.component + self.repetition + self.escape + self.subcomponent


@dataclass(frozen=True, slots=True, repr=False)
class Segment:
    """One line. Fields, repetitions and components count from 1, as in the standard."""

    name: str
    fields: tuple[str, ...]
    separators: Separators
    charset: str

    def raw(self, number: int) -> str:
        """A whole field, as written."""
        place = number - 2 if self.name == "MSH" else number - 1
        return self.fields[place] if 0 <= place < len(self.fields) else ""

    def repetitions(self, number: int) -> list["Field"]:
        """The repetitions of a field."""
        return [
            Field(each, self.separators, self.charset)
            for each in self.raw(number).split(self.separators.repetition)[:MAX_FIELDS]
        ]

    def field(self, number: int) -> "Field":
        """The first repetition of a field."""
        return self.repetitions(number)[0]


@dataclass(frozen=True, slots=True, repr=False)
class Field:
    """One repetition of a field."""

    written: str
    separators: Separators
    charset: str

    def component(self, number: int, subcomponent: int = 1) -> str:
        """One component, or the part of it asked for, unescaped; empty if there is none."""
        components = self.written.split(self.separators.component)
        if number > len(components):
            return ""
        parts = components[number - 1].split(self.separators.subcomponent)
        return self._unescaped(parts[subcomponent - 1]) if subcomponent <= len(parts) else ""

    def _unescaped(self, text: str) -> str:
        mark = self.separators.escape
        if not mark or mark not in text:
            return text
        pieces = text.split(mark)
        # Odd pieces stand between two marks. A last, unclosed one is text.
        out = [pieces[0]]
        for place in range(1, len(pieces)):
            is_code = place % 2 == 1 and place < len(pieces) - 1
            out.append(self._meaning(pieces[place]) if is_code else pieces[place])
        return "".join(out)

    def _meaning(self, code: str) -> str:
        own = self.separators
        marks = {
            "F": own.field,
            "S": own.component,
            "T": own.subcomponent,
            "R": own.repetition,
            "E": own.escape,
            ".br": "\n",
        }
        if _HEXADECIMAL.fullmatch(code):
            return bytes.fromhex(code[1:]).decode(self.charset, errors="replace")
        return marks.get(code, "")


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A message; `header` is its first segment."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def find(self, name: str) -> Segment | None:
        """The first segment of that name."""
        return next((each for each in self.segments if each.name == name), None)


def parse(data: bytes) -> Message:
    """
    One message.

    Raises: Unreadable.
    """
    if len(data) > MAX_MESSAGE_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    data = data.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n\t ")
    separators = _separators(data)
    charset = _charset(data, separators)
    try:
        text = data.decode(charset)
    except UnicodeDecodeError as error:
        raise Unreadable(Reason.BAD_CHARSET) from error
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    if len(lines) > MAX_SEGMENTS:
        raise Unreadable(Reason.TOO_COMPLEX)
    segments = tuple(_segment(line, separators, charset) for line in lines)
    if sum(segment.name == "MSH" for segment in segments) != 1:
        raise Unreadable(Reason.TWO_MESSAGES)
    return Message(segments)


def _separators(data: bytes) -> Separators:
    head = data[:9].decode("latin-1")
    if not head.startswith("MSH") or len(head) < 8:
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    marks = head[3:8]
    is_plain = all(" " < mark <= "~" and not mark.isalnum() for mark in marks)
    if len(set(marks)) != len(marks) or not is_plain:
        raise Unreadable(Reason.UNREADABLE)
    return Separators(*marks)


def _charset(data: bytes, separators: Separators) -> str:
    """MSH-18, read before the charset is known: it is ASCII in all of them."""
    header = re.split(rb"[\r\n]", data, maxsplit=1)[0][:10_000].decode("latin-1")
    fields = header.split(separators.field)
    declared = fields[17].split(separators.repetition)[0].strip() if len(fields) > 17 else ""
    if declared.upper() not in _CHARSETS:
        raise Unreadable(Reason.BAD_CHARSET)
    return _CHARSETS[declared.upper()]


def _segment(line: str, separators: Separators, charset: str) -> Segment:
    name, *fields = line.split(separators.field, MAX_FIELDS)
    if not _SEGMENT.fullmatch(name.strip()):
        raise Unreadable(Reason.UNREADABLE)
    return Segment(name.strip(), tuple(fields), separators, charset)
