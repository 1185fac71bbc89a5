"""Looking inside files that are packages: OFD and Office (ZIP), older Office (compound files)."""

import re
import zipfile
from typing import BinaryIO

from yimen.foundation.files.errors import FileRefused

MOST_ENTRIES = 5_000
MOST_UNPACKED = 600 * 1_048_576
MOST_RATIO = 300
RATIO_FROM = 20 * 1_048_576
_MACRO_PARTS = re.compile(r"(^|/)(vbaProject[^/]*\.bin|vbaData\.xml|xl/macrosheets/|activeX/)", re.IGNORECASE)
_PROGRAM = re.compile(r"\.(exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|lnk|jar)$", re.IGNORECASE)
_EMBEDDED = re.compile(r"(^|/)embeddings/[^/]*\.bin$", re.IGNORECASE)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
_OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DDE = re.compile(
    rb"<(?:\w+:)?ddeLink\b|(?:instrText\b[^>]*>|\binstr\s*=\s*[\"'])\s*DDE(?:AUTO)?\b", re.IGNORECASE
)
_READ = 64 * 1_048_576
_PART = 8 * 1_048_576
_MACRO = FileRefused(
    "这份 Office 文件里带有宏（会自动运行的程序），没有上传；请另存为不带宏的 docx、xlsx 或 PDF 后再传。"
)


def package_kind(file: BinaryIO) -> str:
    """The kind of a ZIP package: ``ofd``, ``docx``, ``xlsx`` or ``zip`` (a plain archive).

    Raises:
        FileRefused: cut off, locked by a password, a packing bomb, or carrying macros or programs.
    """
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _check_entries(entries)
            names = {entry.filename for entry in entries}
            kind = _kind_of_names(names)
            if kind in {"docx", "xlsx"}:
                _check_office(package, names)
            return kind
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as wrong:
        raise FileRefused(
            "文件不完整或已损坏，没有上传；请在本机打开看看是否正常，重新导出后再传。", code="file_broken"
        ) from wrong


def _kind_of_names(names: set[str]) -> str:
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
    return "zip"


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise FileRefused("文件展开后过大，没有上传；请删去多余内容或另存为 PDF 后再传。", code="file_bomb")
    if unpacked > RATIO_FROM and unpacked / packed > MOST_RATIO:
        raise FileRefused(
            "文件展开后是原来的几百倍，不是正常的材料，没有上传；请另存为 PDF 后再传。", code="file_bomb"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("文件设了密码，工作人员打不开，没有上传；请去掉密码后再传。", code="file_locked")
    if any(_leaves(entry.filename) for entry in entries):
        raise FileRefused("文件的内部目录不正常，没有上传；请另存为 PDF 后再传。", code="file_dangerous")
    if any(_PROGRAM.search(entry.filename) for entry in entries):
        raise FileRefused("文件里夹带了程序，没有上传；请另存为 PDF 后再传。", code="file_dangerous")


def _check_office(package: zipfile.ZipFile, names: set[str]) -> None:
    if any(_MACRO_PARTS.search(name) for name in names):
        raise _MACRO
    with package.open("[Content_Types].xml") as part:
        if b"macroEnabled" in part.read(1_048_576):
            raise _MACRO
    if any(_EMBEDDED.search(name) for name in names):
        raise FileRefused("文件里夹带了别的文件，没有上传；请另存为 PDF 后再传。", code="file_dangerous")
    room = _READ
    for entry in package.infolist():
        if room > 0 and entry.filename.endswith((".xml", ".rels")):
            with package.open(entry) as part:
                room -= len(text := part.read(_PART))
            _check_part(entry.filename, text)


def _leaves(name: str) -> bool:
    """Would unpacking put this entry outside its folder?"""
    return name.startswith(("/", "\\")) or ":" in name[:3] or ".." in re.split(r"[/\\]", name)


def _check_part(name: str, text: bytes) -> None:
    """Nothing that is fetched, asked of another program or unfolded when the file is opened; links to click may stay."""
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", "ignore").encode()
    if _DTD.search(text):
        raise FileRefused("文件里带有外部定义，没有上传；请另存为 PDF 后再传。", code="file_dangerous")
    if name.endswith(".rels"):
        outside = [row for row in _RELATION.findall(text) if _OUTSIDE.search(row) and not _LINK.search(row)]
        if outside:
            raise FileRefused(
                "这份文件打开时会从网上取内容（模板、图片或对象），没有上传；请另存为 PDF 后再传。",
                code="file_dangerous",
            )
    elif _DDE.search(text):
        raise FileRefused(
            "文件里带有调用其他程序的域，没有上传；请另存为 PDF 后再传。", code="file_dangerous"
        )


def compound_kind(file: BinaryIO) -> str:
    """The kind of an older Office file by the names of its streams (UTF-16 in the directory): ``doc``, ``xls``, ``""``.

    Raises:
        FileRefused: it carries macros, an embedded program, or is locked by a password.
    """
    wanted = {
        "word": "WordDocument",
        "book": "Workbook",
        "macro": "_VBA_PROJECT",
        "embedded": "\x01Ole10Native",
        "locked": "EncryptedPackage",
    }
    found = _find_any(file, {name: text.encode("utf-16-le") for name, text in wanted.items()})
    if "locked" in found:
        raise FileRefused("文件设了密码，工作人员打不开，没有上传；请去掉密码后再传。", code="file_locked")
    if "macro" in found:
        raise _MACRO
    if "embedded" in found:
        raise FileRefused("文件里夹带了别的文件，没有上传；请另存为 PDF 后再传。", code="file_dangerous")
    if "word" in found:
        return "doc"
    return "xls" if "book" in found else ""


def _find_any(file: BinaryIO, wanted: dict[str, bytes]) -> set[str]:
    longest = max(map(len, wanted.values()))
    found: set[str] = set()
    tail = b""
    file.seek(0)
    while piece := file.read(1_048_576):
        window = tail + piece
        found |= {name for name, text in wanted.items() if text in window}
        tail = window[-longest:]
    return found
