"""Division codes as pure text: levels, prefixes, parents."""

from datetime import date

BEFORE_RECORDS = date(1949, 10, 1)
CODE_LENGTH = 12
PREFIXES = (2, 4, 6, 9, 12)


def full_code(code: str) -> str:
    """Pad a shorter code with zeros: 440113 → 440113000000."""
    return code.ljust(CODE_LENGTH, "0")


def level_of(code: str) -> int:
    """1 province, 2 city, 3 county, 4 town or street, 5 village; by the zeros at the end of the full code."""
    code = full_code(code)
    for level, length in enumerate(PREFIXES, start=1):
        if code[length:].strip("0") == "":
            return level
    return len(PREFIXES)


def prefix_of(code: str) -> str:
    """The digits that count; "" for "" (the whole country)."""
    return full_code(code)[: PREFIXES[level_of(code) - 1]] if code else ""


def ancestor_codes(code: str) -> list[str]:
    """The codes above, the nearest first: 440113001001 → 440113001000, 440113000000, 440100000000, 440000000000."""
    code = full_code(code)
    above = (full_code(code[:length]) for length in reversed(PREFIXES[: level_of(code) - 1]))
    return list(dict.fromkeys(above))


def within(code: str, outer: str) -> bool:
    """Does ``code`` lie in ``outer`` (or equal it)? Everything lies in ""."""
    return full_code(code).startswith(prefix_of(outer)) if code else not outer
