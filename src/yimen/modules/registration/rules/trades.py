"""Industries (GB/T 4754-2017) and the words by which names state them (企业名称登记管理规定第九条)."""

from functools import lru_cache
from pathlib import Path

from yimen.kernel.errors import Invalid

DATA = Path(__file__).resolve().parent.parent / "data"


def _lines(name: str) -> list[list[str]]:
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [row.split() for row in rows if row and not row.startswith("#")]


@lru_cache(maxsize=1)
def industries() -> dict[str, str]:
    """Code to name: section letter, division, group, class (A, A01, A011, A0111)."""
    return {row[0]: " ".join(row[1:]) for row in _lines("gbt4754.txt")}


@lru_cache(maxsize=1)
def _by_digits() -> dict[str, str]:
    return {code[1:]: code for code in industries() if len(code) > 1}


def check_industry(text: str, field: str = "industry_code") -> str:
    """The full code of an industry as typed, with or without its section letter.

    Raises:
        Invalid: there is no such industry; says which one comes nearest.
    """
    typed = text.strip().upper()
    code = typed if typed in industries() else _by_digits().get(typed.lstrip("ABCDEFGHIJKLMNOPQRST"), "")
    if not code:
        near = next((c for d, c in _by_digits().items() if len(typed) > 2 and typed[:2] == d), "")
        hint = (
            f"“{typed[:2]}”开头的是{industries()[near]}，请从它下面选。" if near else "例如正餐服务是 6210。"
        )
        sentence = f"国民经济行业分类（GB/T 4754-2017）里没有“{typed[:12]}”，{hint}"
        raise Invalid(sentence, fields={field: sentence})
    return code


def division_of(code: str) -> str:
    """The two digits by which industries count as one trade (大类); "" when the code says less."""
    return code[1:3] if len(code) >= 3 else ""


@lru_cache(maxsize=200)
def industry_of_division(digits: str) -> str:
    """62 → H62; "" for none."""
    return (
        next((code for code in industries() if len(code) == 3 and code[1:] == digits), "") if digits else ""
    )


def industry_path(code: str) -> list[tuple[str, str]]:
    """From section to class: ``[("H", …), ("H62", …), ("H621", …), ("H6210", …)]``."""
    steps = [code[:n] for n in (1, 3, 4, 5) if n <= len(code)]
    return [(step, industries()[step]) for step in steps if step in industries()]


def industry_label(code: str) -> str:
    """``正餐服务（H6210）``; "" for no code."""
    return f"{industries()[code]}（{code}）" if code in industries() else ""


@lru_cache(maxsize=1)
def trade_words() -> dict[str, str]:
    """Trade word to the division of GB/T 4754 it speaks of; longer words are tried first."""
    return {word: row[0] for row in _lines("trades.txt") for word in row[1:]}


LONGEST_WORD = max(len(word) for word in trade_words())


def split_trade(rest: str) -> tuple[str, str, str]:
    """Split what stands between place and form into trade name and trade: 晨光餐饮 → (晨光, 餐饮, 62).

    Takes trade words from the end while two characters are left for the trade name (规定第八条). Where no word is
    known, up to four characters are a trade name alone, more are cut after two, as most names are.
    """
    words, end, code = trade_words(), len(rest), ""
    while end > 2:
        longest = min(LONGEST_WORD, end - 2)
        found = next((n for n in range(longest, 0, -1) if rest[end - n : end] in words), 0)
        if not found:
            break
        code = code or words[rest[end - found : end]]
        end -= found
    if end < len(rest):
        return rest[:end], rest[end:], code
    if len(rest) <= 4:
        return rest, "", ""
    return rest[:2], rest[2:], ""
