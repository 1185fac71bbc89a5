"""Parameters are declared in code with a default, a label and the clause; a place may then set its own value."""

from dataclasses import dataclass
from typing import Any

from yimen.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A declared parameter.

    Args:
        code: ``folder.name``.
        default: the value that holds where nobody set another; its type is the type of every value.
        label: what it is, in Chinese, with its unit.
        clause: where the default comes from.
    """

    code: str
    default: Any
    label: str
    clause: str = ""


_declared: dict[str, Declared] = {}


def declare(code: str, default: Any, label: str, clause: str = "") -> Declared:
    """Make a parameter known (at import); declaring it again with another default is a bug."""
    entry = Declared(code=code, default=default, label=label, clause=clause)
    if code in _declared and _declared[code] != entry:
        raise ValueError(f"parameter {code} is declared twice")
    _declared[code] = entry
    return entry


def declared() -> list[Declared]:
    """Every known parameter, by code."""
    return [_declared[code] for code in sorted(_declared)]


def declaration_of(code: str) -> Declared:
    """One declared parameter.

    Raises:
        NotFound: no code declares it.
    """
    if code not in _declared:
        raise NotFound(f"没有代码为“{code}”的参数。")
    return _declared[code]
