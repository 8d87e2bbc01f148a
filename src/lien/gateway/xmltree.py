"""
XML from outside, read without trust: bounds while reading, no DTD, no entity, no instruction.

The tree is built here, from expat's events, because the bounds must hold before a tree exists:
no library at hand stops 200,000 nested elements or as many attributes.
"""

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lien.gateway.quarantine import Reason, Unreadable

# The largest published example has 8,000 elements at depth 24 and 400 kB.
MAX_XML_BYTES: Final = 20 * 1024**2
MAX_DEPTH: Final = 128
MAX_NODES: Final = 500_000
MAX_ATTRIBUTES: Final = 64
MAX_ATTRIBUTE_CHARS: Final = 64 * 1024
MAX_NAMESPACES: Final = 256

_CHUNK: Final = 64 * 1024
# Some systems of hospitals still write the last two: the euro sign and the œ are in them.
_ENCODINGS: Final = frozenset(
    {"utf-8", "utf-16", "iso-8859-1", "us-ascii", "iso-8859-15", "windows-1252"}
)
_SEPARATOR: Final = "}"  # cannot be part of a name


def parse(data: bytes) -> Element:
    """
    The tree, its names written `{namespace}local`. Comments and instructions are left out.

    Raises: Unreadable.
    """
    if len(data) > MAX_XML_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    return _Reader().read(data)


class _Reader:
    """One parse. Everything counted is counted before it is kept."""

    def __init__(self) -> None:
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._forbid
        parser.EntityDeclHandler = self._forbid
        parser.ExternalEntityRefHandler = self._forbid
        parser.StartNamespaceDeclHandler = self._bind
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        self._parser = parser
        self._tree = TreeBuilder()
        self._depth = 0
        self._nodes = 0
        self._namespaces = 0

    def read(self, data: bytes) -> Element:
        """Feed in parts, so that a bound stops the parse early."""
        try:
            for start in range(0, len(data), _CHUNK):
                self._parser.Parse(data[start : start + _CHUNK], False)
            self._parser.Parse(b"", True)
            return self._tree.close()
        except expat.ExpatError as error:
            raise Unreadable(_reason_of(error)) from error
        # An encoding Python does not know, or a character it cannot hold.
        except (LookupError, ValueError, AssertionError) as error:
            raise Unreadable(Reason.BAD_CHARSET) from error

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise Unreadable(Reason.BAD_CHARSET)

    def _forbid(self, *_event: object) -> int:
        raise Unreadable(Reason.FORBIDDEN_XML)

    def _bind(self, _prefix: str | None, _uri: str | None) -> None:
        self._namespaces += 1
        if self._namespaces > MAX_NAMESPACES:
            raise Unreadable(Reason.TOO_COMPLEX)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise Unreadable(Reason.TOO_COMPLEX)
        if len(attributes) > MAX_ATTRIBUTES:
            raise Unreadable(Reason.TOO_COMPLEX)
        if any(len(value) > MAX_ATTRIBUTE_CHARS for value in attributes.values()):
            raise Unreadable(Reason.TOO_COMPLEX)
        self._tree.start(
            _qualified(name), {_qualified(key): value for key, value in attributes.items()}
        )

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(_qualified(name))

    def _data(self, text: str) -> None:
        self._tree.data(text)


def _qualified(name: str) -> str:
    return "{" + name if _SEPARATOR in name else name


def _reason_of(error: expat.ExpatError) -> Reason:
    name = expat.errors.messages.get(error.code, "")
    if name in {
        expat.errors.XML_ERROR_UNDEFINED_ENTITY,
        expat.errors.XML_ERROR_RECURSIVE_ENTITY_REF,
        expat.errors.XML_ERROR_EXTERNAL_ENTITY_HANDLING,
    }:
        return Reason.FORBIDDEN_XML
    if name in {
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
    }:
        return Reason.BAD_CHARSET
    return Reason.UNREADABLE
