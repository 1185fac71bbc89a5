"""Unified social credit codes (GB 32100-2015) with the organisation code inside (GB 11714-1997).

Eighteen signs: registering authority (1), kind (1), division of registration (6), organisation code (8 + its own check
sign), check sign. A running serial becomes an organisation code by a fixed permutation of the whole space: no two
serials give one code, and neighbours in time do not look alike, so that a slip of the pen hits nobody.
"""

from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015 table 1: no I, O, S, V, Z."""
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714-1997, 4.2."""
BODY = 8
ENTERPRISE, SOLE_TRADER, COOPERATIVE, OTHER = "91", "92", "93", "99"
"""9 = registered by market regulation; 1 enterprise, 2 sole trader, 3 farmers' cooperative, 9 other."""
MULTIPLIER = 48_271
"""No multiple of 31, so that multiplying permutes the space of serials."""


def organisation_check(body: str) -> str:
    """The check sign of the eight signs of an organisation code (GB 11714)."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    value = 11 - total % 11
    return {10: "X", 11: "0"}.get(value, str(value))


def capacity(prefix: str) -> int:
    """How many organisation codes begin with a prefix."""
    return int(len(ALPHABET) ** (BODY - len(prefix)))


def organisation_body(serial: int, prefix: str) -> str:
    """The eight signs of the organisation code of a serial.

    Args:
        serial: 0 to ``capacity(prefix) - 1``.
        prefix: the range of codes (号段) this installation was given.

    Raises:
        ValueError: the range is used up.
    """
    size = capacity(prefix)
    if not 0 <= serial < size:
        raise ValueError(f"no code left in {prefix}")
    left = (serial * MULTIPLIER + size // 2) % size
    signs = []
    for _ in range(BODY - len(prefix)):
        left, place = divmod(left, len(ALPHABET))
        signs.append(ALPHABET[place])
    return prefix + "".join(reversed(signs))


def credit_code(head: str, division: str, body: str) -> str:
    """The whole code.

    Args:
        head: authority and kind, such as ``91``.
        division: division of registration; its first six digits count.
        body: the eight signs of the organisation code.
    """
    first = f"{head}{division[:6]}{body}{organisation_check(body)}"
    return first + str(uscc.calc_check_digit(first))
