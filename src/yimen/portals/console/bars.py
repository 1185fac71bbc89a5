"""Bars of shares: where each part begins and how wide it is, in percent of the bar."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One part of a bar.

    Args:
        label: what it stands for.
        tone: which of the house's tones it wears (class ``hand-…``).
        x, width: in percent of the bar.
        percent: the share itself.
    """

    label: str
    tone: str
    x: float
    width: float
    percent: float

    @property
    def text(self) -> str:
        """The share in words, never a nought for something."""
        return f"{self.label} {'不到1' if self.percent < 1 else round(self.percent)}%"


def bar(values: Iterable[tuple[str, str, float]], longest: float = 0) -> list[Part]:
    """Parts of one bar; parts without amount are left out.

    Args:
        values: (label, tone, amount).
        longest: the amount that fills the whole bar, where bars are to be compared; 0 fills every bar.
    """
    amounts = [(label, tone, amount) for label, tone, amount in values if amount > 0]
    whole = sum(amount for _, _, amount in amounts)
    scale = whole / longest if longest else 1
    parts: list[Part] = []
    x = 0.0
    for label, tone, amount in amounts:
        percent = 100 * amount / whole
        width = percent * scale
        parts.append(Part(label, tone, round(x, 3), round(width, 3), percent))
        x += width
    return parts


def duration(seconds: float) -> str:
    """3天4小时 from seconds; under an hour in minutes, under a minute as such."""
    minutes = int(seconds) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{left}分" if left else f"{hours}小时"
    return f"{left}分钟" if left else "不到1分钟"
