"""What a file is, told from its first bytes, and which kinds may come in.

Taken in: what an officer can open and an archive can keep. Page formats (PDF, OFD: GB/T 33190), pictures from
scanners and telephones (JPEG, PNG, BMP, TIFF, WebP, HEIC), office papers (DOCX, XLSX and the older DOC, XLS that many
units still use). Everything else is refused by name: packed files hide what is inside, programs and scripts run,
HTML and SVG carry scripts, sound and film are not papers.
"""

import re
from dataclasses import dataclass

SAMPLE = 4096
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file that may come in.

    Args:
        code: short name used in code.
        label: what people call it.
        extensions: the extensions that agree with it, the usual one first.
        media_type: as sent in Content-Type.
        inline: may be shown in the browser (it cannot run anything there).
    """

    code: str
    label: str
    extensions: tuple[str, ...]
    media_type: str
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"
ALLOWED = {
    kind.code: kind
    for kind in (
        Kind(code="pdf", label="PDF", extensions=("pdf",), media_type="application/pdf", inline=True),
        Kind(code="ofd", label="OFD", extensions=("ofd",), media_type="application/ofd"),
        Kind(
            code="jpeg",
            label="JPEG 图片",
            extensions=("jpg", "jpeg", "jfif"),
            media_type="image/jpeg",
            inline=True,
        ),
        Kind(code="png", label="PNG 图片", extensions=("png",), media_type="image/png", inline=True),
        Kind(code="bmp", label="BMP 图片", extensions=("bmp",), media_type="image/bmp", inline=True),
        Kind(code="webp", label="WebP 图片", extensions=("webp",), media_type="image/webp", inline=True),
        Kind(code="tiff", label="TIFF 图片", extensions=("tif", "tiff"), media_type="image/tiff"),
        Kind(code="heic", label="HEIC 图片", extensions=("heic", "heif"), media_type="image/heic"),
        Kind(
            code="docx",
            label="Word 文档（docx）",
            extensions=("docx",),
            media_type=f"{_OFFICE}.wordprocessingml.document",
        ),
        Kind(
            code="xlsx",
            label="Excel 表格（xlsx）",
            extensions=("xlsx",),
            media_type=f"{_OFFICE}.spreadsheetml.sheet",
        ),
        Kind(code="doc", label="Word 文档（doc）", extensions=("doc",), media_type="application/msword"),
        Kind(
            code="xls", label="Excel 表格（xls）", extensions=("xls",), media_type="application/vnd.ms-excel"
        ),
    )
}
ACCEPTED_WORDS = "PDF、OFD、图片（JPG、PNG、BMP、TIFF、WebP、HEIC）、Word 和 Excel 文件"
ACCEPT_ATTRIBUTE = ",".join(f".{e}" for kind in ALLOWED.values() for e in kind.extensions)

_SIMPLE: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
)
_UNWANTED: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"\xcf\xfa\xed\xfe", "Mac 程序"),
    (b"\xce\xfa\xed\xfe", "Mac 程序"),
    (b"\xca\xfe\xba\xbe", "程序"),
    (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "快捷方式"),
    (b"dex\n", "安卓程序"),
    (b"#!", "脚本"),
    (b"Rar!\x1a\x07", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"BZh", "BZIP2 压缩包"),
    (b"\xfd7zXZ\x00", "XZ 压缩包"),
    (b"MSCF", "CAB 压缩包"),
    (b"GIF8", "GIF 动图"),
    (b"{\\rtf", "RTF 文档"),
    (b"ID3", "录音"),
    (b"OggS", "录音"),
    (b"fLaC", "录音"),
    (b"\x1a\x45\xdf\xa3", "录像"),
    (b"%!PS", "PostScript 文件"),
    (b"\x00asm", "程序"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed)[\s>/]", re.IGNORECASE)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(
    rb"^\s*(?:@echo\s|<\?php|<%|import\s+os|powershell|wscript|function\s*\(|on error resume|param\s*\()",
    re.IGNORECASE,
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"heif", b"hevc"}


def kind_code(head: bytes) -> str:
    """The kind of the content by its first bytes: a code of ``ALLOWED``, ``zip`` or ``ole`` (look inside), or ``""``.

    Args:
        head: the first ``SAMPLE`` bytes.
    """
    for signature, code in _SIMPLE:
        if head.startswith(signature):
            return code
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        return "ole"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    # "BM" alone is weak: the size of the information header must be one of those that exist
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in {12, 40, 52, 56, 64, 108, 124}:
        return "bmp"
    return ""


def unwanted_label(head: bytes) -> str:
    """What a content that may not come in really is, in words a person knows; ``""`` when unknown."""
    for signature, label in _UNWANTED:
        if head.startswith(signature):
            return label
    if head[4:8] == b"ftyp":
        return "录像"
    if head[:4] == b"RIFF":
        return "录像" if head[8:12] == b"AVI " else "录音"
    text = head.lstrip(b"\xef\xbb\xbf")
    if _SVG.search(text):
        return "SVG 图形"
    if _HTML.search(text):
        return "网页（HTML）"
    if _SCRIPT.search(text):
        return "脚本"
    if text.lstrip().startswith(b"<?xml"):
        return "XML 文件"
    if text and not any(byte < 9 for byte in text):
        return "纯文本"
    return ""


def kind_with_extension(extension: str) -> Kind | None:
    """The kind that an extension claims."""
    return next((kind for kind in ALLOWED.values() if extension in kind.extensions), None)
