"""What may be told in public: no count so small that a person could be found behind it."""

from collections.abc import Mapping, Sequence

REASON = "数量太少，公开可能让人认出是谁，因此不显示。"


def hidden(counts: Sequence[int], least: int) -> set[int]:
    """The places of the counts to keep back.

    A count between one and ``least - 1`` is kept back; when it would be the only one, the next smallest goes with it,
    because the total minus the others would tell it.

    Args:
        counts: counts that stand together with their total.
        least: the smallest count that may be told.
    """
    small = {place for place, n in enumerate(counts) if 0 < n < least}
    if len(small) == 1:
        others = sorted((n, place) for place, n in enumerate(counts) if n >= least)
        small |= {place for _, place in others[:1]}
    return small


def public_rows(
    rows: Sequence[Mapping[str, object]], least: int, measures: Sequence[str], leading: str = "received"
) -> list[dict[str, object]]:
    """Rows with every measure of a small row kept back (``None``), judged by its leading measure and by each own."""
    told: list[dict[str, object]] = [dict(row) for row in rows]
    for measure in measures:
        counts = [int(str(row[measure] or 0)) for row in rows]
        for place in hidden(counts, least):
            told[place][measure] = None
    for place in hidden([int(str(row.get(leading) or 0)) for row in rows], least):
        for measure in measures:
            told[place][measure] = None
    return told
