"""The typefaces of the papers, and which characters they can show.

Two faces come with the platform (see ``fonts/README.md``). An operator may lay more ``.ttf``/``.otf`` files for rare
characters in names into ``fonts/`` of the data folder: they are used, and counted as known, after a restart.
"""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.conf import settings

OWN = Path(__file__).parent / "fonts"
FACE = "Noto Sans SC"
# not the unassigned ones (Cn): rare characters of names may be newer than this Python
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}


def folders() -> list[Path]:
    """Where typefaces are looked for."""
    return [OWN, *(folder for folder in [Path(settings.DATA) / "fonts"] if folder.is_dir())]


@lru_cache(maxsize=1)
def known_characters() -> frozenset[int]:
    """Every character that some typeface of this installation can show.

    The bold face of the platform is a subset of the regular one, so any face that shows a character is enough.
    """
    known: set[int] = set()
    for folder in folders():
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in {".ttf", ".otf"}:
                known |= characters_of(path.read_bytes())
    return frozenset(known)


def missing_glyphs(text: str) -> list[str]:
    """The characters of a text that no typeface of this installation can show, each once, in order.

    Example: ``missing_glyphs("王𪧘")`` is ``["𪧘"]`` until a face with that character is added.
    """
    known = known_characters()
    return list(
        dict.fromkeys(c for c in text if ord(c) not in known and unicodedata.category(c) not in _HIDDEN)
    )


def spell(character: str) -> str:
    """How a character without a glyph is written in a paper: by its number, so that nobody reads an empty box."""
    return f"〔U+{ord(character):04X}〕"


def printable(text: str) -> str:
    """The text with unshowable characters written by their number; control and direction marks are taken out."""
    known = known_characters()
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in _HIDDEN)
    return "".join(c if c == "\n" or ord(c) in known else spell(c) for c in kept)


def characters_of(font: bytes) -> set[int]:
    """The characters in the ``cmap`` table of a TrueType or OpenType font (formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for i in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + i * 16)
        if tag == b"cmap":
            return _read_cmap(font, offset)
    return set()


def _read_cmap(font: bytes, cmap: int) -> set[int]:
    found: set[int] = set()
    for i in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        _, _, offset = struct.unpack_from(">HHI", font, cmap + 4 + i * 8)
        table = cmap + offset
        form = struct.unpack_from(">H", font, table)[0]
        if form == 12:
            found |= _read_groups(font, table)
        elif form == 4:
            found |= _read_segments(font, table)
    return found


def _read_groups(font: bytes, table: int) -> set[int]:
    found: set[int] = set()
    for i in range(struct.unpack_from(">I", font, table + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", font, table + 16 + i * 12)
        if glyph or last > first:
            found.update(range(first, last + 1))
    return found


def _read_segments(font: bytes, table: int) -> set[int]:
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts = struct.unpack_from(f">{count}H", font, table + 16 + 2 * count)
    return {
        c for first, last in zip(starts, ends, strict=True) if first != 0xFFFF for c in range(first, last + 1)
    }
