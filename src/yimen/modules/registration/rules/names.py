"""The name of an enterprise: its parts, and what may not stand in it; when two are too near is ``judging``'s.

企业名称登记管理规定（国务院令第734号，2020年修订）: 行政区划＋字号＋行业或者经营特点＋组织形式 (第六条). Sole traders may choose to have
a name (个体工商户名称登记管理办法); its composition is the same, with 厂、店、馆、部、行、中心 and the like as its form.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import rjieba
import yaml

from yimen.modules.registration.rules import lookalikes
from yimen.modules.registration.rules.trades import DATA, split_trade, trade_words
from yimen.modules.registration.states import EntityKind as K

COMPANY_FORMS = ("股份有限公司", "有限责任公司", "有限公司")
PARTNERSHIP_FORMS = (
    "合伙企业（有限合伙）", "合伙企业（特殊普通合伙）", "合伙企业（普通合伙）", "（有限合伙）", "（特殊普通合伙）", "（普通合伙）",
)  # fmt: skip
BRANCH_FORMS = ("分公司", "分厂", "分店", "分行", "分部", "办事处")
FREE_FORMS = (
    "农民专业合作社", "合作社", "工作室", "事务所", "经营部", "服务部", "门市部", "加工厂", "来料加工厂", "中心", "商行", "商店", "超市",
    "公司", "企业", "厂", "店", "馆", "部", "行", "坊", "铺", "场", "吧", "屋", "轩", "阁", "庄", "园", "居", "室", "所", "社", "站", "城",
)  # fmt: skip
FORMS = tuple(
    sorted((*COMPANY_FORMS, *PARTNERSHIP_FORMS, *BRANCH_FORMS, *FREE_FORMS), key=lambda form: -len(form))
)
FORM_CLAUSE = "企业名称登记管理规定第十条"
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")
_BRACKETS = str.maketrans("()[]【】〔〕", "（）（）（）（）")
SHORTEST, LONGEST = 4, 100
"""Characters of a whole name."""


@dataclass(frozen=True, kw_only=True)
class NameParts:
    """A name taken apart.

    Args:
        whole: the name in its plain form.
        place: 行政区划, as written. brand: 字号. trade: 行业或者经营特点. form: 组织形式.
        trade_code: two digits of GB/T 4754 that the trade speaks of; "" unknown or not stated.
    """

    whole: str
    place: str = ""
    brand: str = ""
    trade: str = ""
    form: str = ""
    trade_code: str = ""

    @property
    def sound(self) -> str:
        return lookalikes.sound_of(self.brand)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing about a name.

    Args:
        kind: stable name, such as ``forbidden``, ``identical``, ``sounds_alike``.
        refuses: the name cannot be registered so; else it is only too near to another one.
        sentence: what is the matter. clause: by which article. would_pass: what would be right.
        other: the name it stands too near to.
    """

    kind: str
    refuses: bool
    sentence: str
    clause: str = ""
    would_pass: str = ""
    other: str = ""


def plain_name(text: str) -> str:
    """Full-width brackets, no spaces, compatibility forms made plain; what two people type alike becomes alike."""
    compact = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))
    return compact.translate(_BRACKETS)[: LONGEST * 2]


def take_apart(name: str, places: Sequence[str] = ()) -> NameParts:
    """Take a plain name apart.

    Args:
        name: as ``plain_name`` gives it.
        places: the place names that may stand in it, with and without 市, 区: 粤海市澜江区, 粤海市, 粤海 …
    """
    place, rest = _without_places(name, sorted({p for p in places if p}, key=len, reverse=True))
    form = next((f for f in FORMS if rest.endswith(f) and len(rest) > len(f) + 1), "")
    stem = rest[: len(rest) - len(form)] if form else rest
    brand, trade, code = split_trade(stem)
    if form and not code:
        brand, trade, code = _with_form(stem, form) or (brand, trade, code)
    return NameParts(whole=name, place=place, brand=brand, trade=trade, form=form, trade_code=code)


def _without_places(name: str, places: Sequence[str]) -> tuple[str, str]:
    """(the places that stand at the beginning, one after the other, or in brackets; the rest)."""
    place, rest = "", name
    while found := next((p for p in places if rest.startswith(p) and len(rest) > len(p)), ""):
        place, rest = place + found, rest[len(found) :]
    for inside in places:
        if f"（{inside}）" in rest:
            place, rest = f"{place}（{inside}）", rest.replace(f"（{inside}）", "", 1)
    return place, rest


def _with_form(stem: str, form: str) -> tuple[str, str, str] | None:
    """理发店, 小吃店: the word of the trade ends in the form itself."""
    brand, trade, code = split_trade(stem + form)
    if code and trade.endswith(form):
        return brand, trade[: -len(form)], code
    return None


@lru_cache(maxsize=1)
def _forbidden() -> list[dict[str, Any]]:
    path = DATA / "forbidden.yaml"
    found: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def forbidden_in(name: str) -> list[Finding]:
    """The forbidden words of a name, told where they are words of their own: 办公安装 does not hold 公安."""
    edges, place = {0}, 0
    for word in rjieba.cut(name):
        place += len(word)
        edges.add(place)
    found = []
    for rule in _forbidden():
        for word in rule["words"]:
            at = name.find(word)
            if at >= 0 and at in edges and at + len(word) in edges:
                found.append(
                    Finding(
                        kind="forbidden", refuses=True, clause=rule["clause"], would_pass=f"{rule['would_pass']}。",
                        sentence=f"名称里有“{word}”：{rule['why']}。",
                    )
                )  # fmt: skip
    return found


def composition(
    parts: NameParts, kind: str, parent: str = "", *, county_alone: bool = False
) -> list[Finding]:
    """What is wrong with the way a name is put together.

    Args:
        kind: a value of ``EntityKind``.
        parent: for a branch, the name of the enterprise it belongs to (规定第十三条).
        county_alone: the name begins with a district of a city without the city (规定第七条).
    """
    strange = next((sign for sign in parts.whole if not _HAN.match(sign) and sign not in "（）·"), "")
    if strange:
        return [
            _wrong(
                "strange_sign",
                f"名称里的“{strange}”不是汉字。",
                "企业名称登记管理规定第五条",
                "名称只用规范汉字，数字写成汉字。",
            )
        ]
    if not SHORTEST <= len(parts.whole) <= LONGEST:
        return [
            _wrong(
                "length",
                f"名称有{len(parts.whole)}个字。",
                "企业名称登记管理规定第六条",
                f"写{SHORTEST}到{LONGEST}个字的全称。",
            )
        ]
    if kind == K.BRANCH:
        return _branch(parts, plain_name(parent))
    found = list(_form(parts, kind))
    if county_alone:
        found.append(_wrong("county_alone", f"“{parts.place}”是市辖区的名称，不能单独使用。", "企业名称登记管理规定第七条",
                            "在区名前面加上所属市的名称。"))  # fmt: skip
    if not parts.place and kind != K.SOLE_TRADER:
        found.append(
            _wrong(
                "no_place",
                "名称没有以行政区划开头。",
                "企业名称登记管理规定第六条",
                "在最前面写上所在地的市（区、县）名称。",
            )
        )
    if len(parts.brand) < 2:
        found.append(
            _wrong("brand", "字号少于两个汉字。", "企业名称登记管理规定第八条", "字号用两个以上汉字。")
        )
    elif parts.brand in trade_words():
        found.append(
            _wrong(
                "brand_is_trade",
                f"“{parts.brand}”是行业，不能作字号。",
                "企业名称登记管理规定第八条",
                "换一个有区别作用的字号。",
            )
        )
    return found


def _branch(parts: NameParts, parent: str) -> list[Finding]:
    clause = "企业名称登记管理规定第十三条"
    if parent and not parts.whole.startswith(parent):
        return [_wrong("branch", "分支机构名称没有冠以所从属企业的名称。", clause, f"以“{parent}”开头。")]
    if not parts.whole.endswith(BRANCH_FORMS):
        return [
            _wrong(
                "branch",
                "分支机构名称要以“分公司”“分厂”“分店”等字词结尾。",
                clause,
                "例如在最后写“第一分公司”。",
            )
        ]
    return []


def _form(parts: NameParts, kind: str) -> list[Finding]:
    if kind == K.SOLE_TRADER:
        word = next((w for w in ("农民专业合作社", "公司", "企业") if w in parts.whole), "")
        sentence = f"个体工商户的名称不能用“{word}”字样。"
        clause = "个体工商户名称登记管理办法；市场主体登记管理条例实施细则"
        return [_wrong("form", sentence, clause, "改用店、馆、部、行、中心等组织形式。")] if word else []
    wanted = {K.COMPANY: ("有限公司", "有限责任公司"), K.JOINT_STOCK: ("股份有限公司",)}.get(K(kind))
    if kind == K.PARTNERSHIP:
        wanted = ("（有限合伙）", "（普通合伙）", "（特殊普通合伙）")
    if (wanted and not parts.whole.endswith(wanted)) or (kind == K.COMPANY and parts.form == "股份有限公司"):
        shown = "”“".join(wanted or ())
        return [
            _wrong("form", f"{K(kind).label}的名称应当标明“{shown}”。", FORM_CLAUSE, f"以“{shown}”之一结尾。")
        ]
    if kind == K.SOLE_PROPRIETORSHIP and "公司" in parts.form:
        return [
            _wrong(
                "form", "个人独资企业的名称不能用“公司”字样。", FORM_CLAUSE, "改用厂、店、中心、工作室等。"
            )
        ]
    return [] if parts.form else [_wrong("form", "名称没有写组织形式。", FORM_CLAUSE, "在最后写上组织形式。")]


def _wrong(kind: str, sentence: str, clause: str, would_pass: str) -> Finding:
    return Finding(kind=kind, refuses=True, sentence=sentence, clause=clause, would_pass=would_pass)
