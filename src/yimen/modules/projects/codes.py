"""Project codes (项目代码): what each part means, which part is wrong, how a new one is composed (pure).

GB/T 40058-2021: 24 digits and hyphens, ``YYMM-DDDDDD-BB-LL-RRRRRC``: two digits of the year and the month, the division, the
central ministry that guides the matter, the type of project, five drawn digits and a check digit. Codes given before
November 2020 say ``YYYY-DDDDDD-HH-LL-NNNNNN``: year, division, industry, way of approval, serial; they keep their force.

The standard's own computation of the check digit was not at hand. Codes composed here carry that of GB/T 17710 (ISO 7064,
MOD 11,10); a code given elsewhere is never refused for its last digit.
"""

import re
from dataclasses import dataclass

from yimen.kernel.errors import Invalid

SHAPE = re.compile(r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
WIDE = str.maketrans("０１２３４５６７８９－—–_ 　", "0123456789----  ")
EXAMPLE = "2603-449901-04-01-123456"
STANDARD = "GB/T 40058-2021"
FIRST_YEAR, FIRST_MONTH = 15, "2011"
"""The platform's first codes are of 2015; since November 2020 the first part is year and month."""
MINISTRIES = {"04": "发展改革", "07": "工业和信息化", "89": "地方其他部门"}
"""Ministries whose codes this district gives; others are taken as they come."""
TYPES = {"01": "基本建设", "02": "技术改造", "03": "单纯购置", "04": "信息化", "05": "其他"}
WAYS = {"01": "审批", "02": "核准", "03": "备案"}
"""What the fourth part says in codes of the older composition."""
DRAWN = 100_000


@dataclass(frozen=True, kw_only=True)
class ProjectCode:
    """A code, part by part.

    Args:
        text: the whole code with hyphens.
        when: year and month (``2026-03``), or the year in the older composition.
        division: six digits.
        third: ministry, or industry in the older composition.
        kind: type of project, or way of approval in the older composition.
        tail: the last six digits.
        older: composed before November 2020.
    """

    text: str
    when: str
    division: str
    third: str
    kind: str
    tail: str
    older: bool

    @property
    def kind_label(self) -> str:
        return (WAYS if self.older else TYPES).get(self.kind, self.kind)

    @property
    def check_fits(self) -> bool:
        """Does the last digit fit as this platform computes it? Says nothing of codes given elsewhere."""
        digits = self.text.replace("-", "")
        return check_digit(digits[:-1]) == digits[-1]


def read_code(typed: object) -> ProjectCode:
    """Read a typed code; full-width digits, spaces and missing hyphens are forgiven.

    Raises:
        Invalid: which part is wrong, and what would be right.
    """
    text = _with_hyphens(typed)
    found = SHAPE.fullmatch(text)
    if found is None:
        raise _wrong(_shape_problem(text))
    first, division, third, kind, tail = found.groups()
    older = not _is_month(first)
    for problem in (
        _when_problem(first, older),
        _division_problem(division),
        _kind_problem(kind, older),
        "第五段不能全是0。" if tail == "000000" else "",
        "第三段不能是00。" if third == "00" else "",
    ):
        if problem:
            raise _wrong(problem)
    when = first if older else f"20{first[:2]}-{first[2:]}"
    return ProjectCode(
        text=text, when=when, division=division, third=third, kind=kind, tail=tail, older=older
    )


def compose_code(year: int, month: int, division: str, ministry: str, kind: str, drawn: int) -> str:
    """A new code of the present composition.

    Args:
        division: division code; its first six digits count.
        drawn: 0 to 99999; see ``drawn_of``.
    """
    body = f"{year % 100:02d}{month:02d}{division[:6]}{ministry}{kind}{drawn:05d}"
    whole = body + check_digit(body)
    return f"{whole[:4]}-{whole[4:10]}-{whole[10:12]}-{whole[12:14]}-{whole[14:]}"


def drawn_of(serial: int, start: int) -> int:
    """Five digits that look drawn and never repeat for the first hundred thousand serials of one month and division.

    Args:
        serial: 0, 1, 2 … within the prefix.
        start: any number, another one for each prefix.
    """
    return (start + serial * 61_803) % DRAWN  # 61803 is prime to 100000, so every number comes once


def check_digit(digits: str) -> str:
    """GB/T 17710 (ISO 7064), MOD 11,10."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def _with_hyphens(typed: object) -> str:
    text = typed if isinstance(typed, str) else ""
    text = re.sub(r"-{2,}", "-", "".join(text.translate(WIDE).split()))
    if re.fullmatch(r"[0-9]{20}", text):
        return f"{text[:4]}-{text[4:10]}-{text[10:12]}-{text[12:14]}-{text[14:]}"
    return text[:60]


def _is_month(first: str) -> bool:
    return first >= FIRST_MONTH and "01" <= first[2:] <= "12" and first[:2] >= "20"


def _when_problem(first: str, older: bool) -> str:
    if not older:
        return ""
    if first.startswith("20") and FIRST_YEAR <= int(first[2:]) <= 99:
        return ""
    return f"第一段“{first}”不是年月：前两位是年份，后两位是01到12的月份，例如2603是2026年3月。"


def _division_problem(division: str) -> str:
    if division[:2] < "11" or division[:2] > "82":
        return f"第二段“{division}”不是行政区划代码：应当是6位，例如440113。"
    return ""


def _kind_problem(kind: str, older: bool) -> str:
    known = WAYS if older else TYPES
    if kind in known:
        return ""
    words = "、".join(f"{code}（{name}）" for code, name in known.items())
    return f"第四段“{kind}”不是项目类型：可以是{words}。"


def _shape_problem(text: str) -> str:
    if not text:
        return "请填写项目代码。"
    parts = text.split("-")
    lengths = (4, 6, 2, 2, 6)
    if len(parts) != len(lengths):
        digits = sum(c.isdigit() for c in text)
        return f"项目代码应当是用连字符分开的五段、共20位数字，现在是{len(parts)}段、{digits}位数字。"
    names = ("时间", "地区", "部门", "类型", "随机码和校验码")
    for place, name, part, length in zip("一二三四五", names, parts, lengths, strict=True):
        if not re.fullmatch(f"[0-9]{{{length}}}", part):
            return f"第{place}段（{name}）应当是{length}位数字，现在是“{part}”。"
    return "项目代码只能由数字和连字符组成。"


def _wrong(problem: str) -> Invalid:
    return Invalid(
        problem,
        code="project_code_wrong",
        fields={"code": problem},
        clause=STANDARD,
        would_pass=f"照批复、核准或者备案文件上的项目代码填写，例如 {EXAMPLE}。",
    )
