"""File names as people write them, made safe to keep, to show and to send back."""

import re
import unicodedata
from urllib.parse import quote

LONGEST = 120
_SEPARATORS = re.compile(r"[/\\]")
_UNSAFE = re.compile(r'[<>:"|?*%;]')
# not the unassigned ones (Cn): rare characters of names may be newer than this Python
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
_SPACES = re.compile(r"\s+")


def clean_name(name: str) -> str:
    """A plain file name: no path, no control or direction-changing characters, at most 120 characters.

    Direction marks are dropped because ``合同\\u202egpj.exe`` would be shown as ``合同exe.jpg``.
    """
    text = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in _HIDDEN or c.isspace())
    text = _SPACES.sub(" ", _UNSAFE.sub("_", text)).strip()
    if text.startswith("."):
        text = "文件." + text.lstrip(". ")
    text = text.rstrip(" .")
    if not text:
        return "文件"
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 8:
        return text[:LONGEST].rstrip()
    return f"{stem[: LONGEST - len(extension) - 1].rstrip()}.{extension}" if stem else f"文件.{extension}"


def extension_of(name: str) -> str:
    """``身份证.JPG`` → ``jpg``; nothing when there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem and len(extension) <= 8 else ""


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition header (RFC 6266): a plain fallback and the real name in UTF-8."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
