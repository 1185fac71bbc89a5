"""Small real files for tests: every kind that may come in, and some that may not."""

import io
import struct
import zipfile
import zlib

from yimen.foundation.files.scanners.builtin import EICAR


def pdf(body: bytes = b"", tail: bytes = b"%%EOF\n") -> bytes:
    """A PDF of one empty page, with more objects where given."""
    parts = [
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n",
        body,
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n",
        tail,
    ]
    return b"".join(parts)


def pdf_with_hidden_script() -> bytes:
    """A script whose name is only seen after inflating an object stream."""
    hidden = zlib.compress(b"9 0 <</S/JavaScript/JS(app.alert(1))>>")
    return pdf(
        b"8 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\r\n" + hidden + b"\nendstream endobj\n"
    )


def png(width: int = 2, height: int = 2) -> bytes:
    """A black picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress(b"".join(b"\0" + bytes(3 * width) for _ in range(min(height, 4))))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(end: bytes = b"\xff\xd9") -> bytes:
    """The skeleton of a JPEG: size, start of picture, a little data, the end mark."""
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 2, 2) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    scan = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + frame
        + scan
        + b"\x12\x34"
        + end
    )


def bmp() -> bytes:
    body = bytes(8)
    return (
        b"BM"
        + struct.pack("<IHHI", 54 + len(body), 0, 0, 54)
        + struct.pack("<IiiHH", 40, 1, 2, 1, 24)
        + bytes(24)
        + body
    )


def tiff() -> bytes:
    return b"II*\x00\x08\x00\x00\x00\x01\x00" + struct.pack("<HHII", 256, 3, 1, 1) + bytes(4)


def webp() -> bytes:
    return b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8 " + bytes(4)


def heic() -> bytes:
    return struct.pack(">I", 16) + b"ftypheic" + bytes(4) + struct.pack(">I", 8) + b"meta"


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP package with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


def docx(more: dict[str, bytes] | None = None) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"} | (more or {}))


def xlsx() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def ofd() -> bytes:
    return zipped({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


def compound(stream: str) -> bytes:
    """The start of an older Office file whose directory names one stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def infected() -> bytes:
    """A PDF that carries the agreed test signature."""
    return pdf(EICAR)


class Endless:
    """A stream of a PDF as long as asked, made piece by piece; remembers how much was taken."""

    def __init__(self, size: int) -> None:
        self.left, self.taken = size, 0
        self._head = b"%PDF-1.7\n"

    def read(self, size: int = -1, /) -> bytes:
        piece = (self._head + bytes(max(0, min(size, self.left) - len(self._head))))[: min(size, self.left)]
        self._head = b""
        self.left -= len(piece)
        self.taken += len(piece)
        return piece
