"""What a field and a group of the author's form are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Options = tuple[tuple[str, str], ...]
SEVERAL = ("many", "materials")
"""Kinds of which several may be ticked."""
LINES = ("lines", "sources", "organisations", "choices")
"""Kinds with one entry a line."""


def options_of(words: Mapping[Any, str]) -> Options:
    """Codes and labels as the options of a field."""
    return tuple((str(getattr(key, "value", key)), label) for key, label in words.items())


UNITS: Options = (
    ("working_day", "工作日"),
    ("calendar_day", "自然日"),
    ("month", "月"),
    ("year", "年"),
    ("working_hour", "工作小时"),
    ("hour", "小时"),
)


@dataclass(frozen=True)
class Spec:
    """One field of the form.

    Args:
        name: path in the content, such as ``joint.clause``.
        kind: text, long, int, date, choice, many, flag; lines (one entry a line) and lines of a shape: sources,
            organisations (by name), choices (code and name); materials (several of the materials typed above), element (a
            data element of the dictionary or of the form's own).
    """

    name: str
    label: str
    kind: str = "text"
    options: Options = ()
    hint: str = ""
    required: bool = False

    @property
    def wide(self) -> bool:
        return self.kind in ("long", *SEVERAL, *LINES)


@dataclass(frozen=True)
class Group:
    """A group of fields; with ``rows`` a list of rows of these fields."""

    key: str
    title: str
    specs: tuple[Spec, ...]
    rows: bool = False
    row_words: str = ""
