"""A page of text as a PDF (ISO 32000-1), written by hand: enough for a fictitious report."""

from collections.abc import Sequence
from typing import Final

_WIDTH, _HEIGHT = 595, 842  # A4 in points
_LINE: Final = 18
_PER_LINE: Final = 78  # characters of Helvetica 11 between the margins


def a_page(structure: str, title: str, lines: Sequence[str]) -> bytes:
    """One page: who, what, and what it says. Characters outside Windows-1252 become `?`."""
    drawn = [
        _text(11, 56, _HEIGHT - 60, structure),
        _text(18, 56, _HEIGHT - 96, title),
        f"0.5 w 56 {_HEIGHT - 110} m {_WIDTH - 56} {_HEIGHT - 110} l S",
    ]
    top = _HEIGHT - 140
    for line in _folded(lines):
        drawn.append(_text(11, 56, top, line))
        top -= _LINE
    content = "\n".join(drawn).encode("cp1252", "replace")
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )


def _file(*objects: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def _text(size: int, left: int, top: int, text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {left} {top} Td ({escaped}) Tj ET"


def _folded(lines: Sequence[str]) -> list[str]:
    folded: list[str] = []
    for line in lines:
        words, row = line.split(), ""
        for word in words:
            if row and len(row) + len(word) >= _PER_LINE:
                folded.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        folded.append(row)
    return folded
