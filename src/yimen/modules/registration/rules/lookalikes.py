"""Characters that are taken for one another: by sight (形近字) and by ear (同音).

The groups by sight are our own, drawn from shared components and single strokes; they are far from complete, and can be:
what sounds alike is found whatever its shape, and an officer still reads every name.
"""

from pathlib import Path

from pypinyin import Style, lazy_pinyin

DATA = Path(__file__).resolve().parent.parent / "data" / "lookalikes.txt"


def _pairs() -> frozenset[frozenset[str]]:
    found = set()
    rows = [row for row in DATA.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
    for group in " ".join(rows).split():
        signs = sorted(set(group))
        found |= {frozenset((a, b)) for n, a in enumerate(signs) for b in signs[n + 1 :]}
    return frozenset(found)


PAIRS = _pairs()
NEIGHBOURS: dict[str, str] = {}
for _pair in sorted(PAIRS, key=sorted):
    _first, _second = sorted(_pair)
    NEIGHBOURS[_first] = NEIGHBOURS.get(_first, "") + _second
    NEIGHBOURS[_second] = NEIGHBOURS.get(_second, "") + _first


def sound_of(text: str) -> str:
    """The text as it sounds, without tones: 晨光 → ``chen guang``."""
    return " ".join(lazy_pinyin(text))


def toned(text: str) -> str:
    """With tones, for people: ``chén guāng``."""
    return " ".join(lazy_pinyin(text, style=Style.TONE))


def look_alike(a: str, b: str) -> bool:
    """May one character be taken for the other by sight?"""
    return frozenset((a, b)) in PAIRS


def seen_as(text: str) -> list[str]:
    """Every text that differs from this one in exactly one character by sight: what to look up."""
    return [
        text[:place] + other + text[place + 1 :]
        for place, sign in enumerate(text)
        for other in NEIGHBOURS.get(sign, "")
    ]


def difference(a: str, b: str) -> str:
    """Which characters differ and how: 第2个字“晖”与“辉”读音相同（huī）、字形相近; "" when they are no twins.

    Two texts are twins when they are of one length and each differing character sounds or looks like the other's.
    """
    if len(a) != len(b) or a == b:
        return ""
    told = []
    alike = sound_of(a).split() == sound_of(b).split()
    for place, (mine, other) in enumerate(zip(a, b, strict=True), start=1):
        if mine == other:
            continue
        same_sound = alike or sound_of(mine) == sound_of(other)
        ways = [f"读音相同（{toned(mine)}）"] if same_sound else []
        ways += ["字形相近"] if look_alike(mine, other) else []
        if not ways:
            return ""
        told.append(f"第{place}个字“{mine}”与“{other}”{'、'.join(ways)}")
    return "；".join(told)
