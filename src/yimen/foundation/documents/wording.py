"""How dates and numbers are written in official papers."""

from datetime import date

_DIGITS = "〇一二三四五六七八九"


def day_text(day: date) -> str:
    """``2026年2月25日``: Arabic figures without leading zeros (党政机关公文格式 GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_in_characters(day: date) -> str:
    """``二〇二六年二月二十五日``, for certificates."""
    year = "".join(_DIGITS[int(c)] for c in f"{day.year:04d}")
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return lead + (_DIGITS[ones] if ones else "")
