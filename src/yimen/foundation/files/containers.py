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
_EXTERNAL_TEMPLATE = re.compile(
    rb"attachedTemplate[^>]*TargetMode\s*=\s*[\"']External", re.IGNORECASE | re.DOTALL
)
_EXTERNAL_FIRST = re.compile(
    rb"TargetMode\s*=\s*[\"']External[\"'][^>]*attachedTemplate", re.IGNORECASE | re.DOTALL
)
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
    if any(_PROGRAM.search(entry.filename) for entry in entries):
        raise FileRefused("文件里夹带了程序，没有上传；请另存为 PDF 后再传。", code="file_dangerous")


def _check_office(package: zipfile.ZipFile, names: set[str]) -> None:
    if any(_MACRO_PARTS.search(name) for name in names):
        raise _MACRO
    with package.open("[Content_Types].xml") as part:
        if b"macroEnabled" in part.read(1_048_576):
            raise _MACRO
    if "word/_rels/settings.xml.rels" in names:
        with package.open("word/_rels/settings.xml.rels") as part:
            text = part.read(1_048_576)
        if _EXTERNAL_TEMPLATE.search(text) or _EXTERNAL_FIRST.search(text):
            raise FileRefused(
                "这份 Word 文档会从网上取模板，没有上传；请另存为 PDF 后再传。", code="file_dangerous"
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
