"""Rows of other registers: what a cell means, and what is wrong with it (pure)."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from yimen.kernel.errors import Invalid
from yimen.modules.registration.states import EntityKind

KINDS = (
    (("个体",), EntityKind.SOLE_TRADER),
    (("个人独资",), EntityKind.SOLE_PROPRIETORSHIP),
    (("合伙",), EntityKind.PARTNERSHIP),
    (("合作社",), EntityKind.COOPERATIVE),
    (("分支", "办事机构", "分公司"), EntityKind.BRANCH),
    (("有限责任公司",), EntityKind.COMPANY),
)
CURRENCIES = {"港": "港元", "美": "美元", "欧": "欧元", "日": "日元"}
EARLIEST = date(1900, 1, 1)


def clean(text: str) -> str:
    """Without characters that nobody could read in a report."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def name_in(name: str) -> str:
    """A name as it stands; rare characters of private use are kept, broken encoding is refused.

    Raises:
        Invalid: empty or broken.
    """
    if not name or "\ufffd" in name or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        told = "名称为空或者有无法识别的字符（多半是文件编码弄错），请从原登记系统重新导出。"
        raise Invalid("名称有乱码。", fields={"name": told})
    return name


def division_in(code: str) -> str:
    """Six or twelve digits.

    Raises:
        Invalid: anything else.
    """
    if not re.fullmatch(r"\d{6}(\d{6})?", code.strip(), re.ASCII):
        raise Invalid("区划代码不对。", fields={"division_code": "区划代码应为6位或者12位数字。"})
    return code.strip()


def day_in(text: str) -> date:
    """A day of registration.

    Raises:
        Invalid: unreadable, or before there were any.
    """
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        found = EARLIEST
    if found <= EARLIEST:
        told = f"登记日期“{clean(text)[:20]}”读不懂，应写成 1998-12-01。"
        raise Invalid("日期不对。", fields={"reg_date": told})
    return found


def kind_in(said: str, name: str, code: str) -> str:
    """The kind that a row speaks of: by its own words, then by its name, then by the head of its code."""
    for words, kind in KINDS:
        if any(word in said for word in words):
            return kind
    if name.endswith(("分公司", "分厂", "分店")):
        return EntityKind.BRANCH
    if name.endswith("股份有限公司"):
        return EntityKind.JOINT_STOCK
    if name.endswith(("有限公司", "有限责任公司")):
        return EntityKind.COMPANY
    return {"92": EntityKind.SOLE_TRADER, "93": EntityKind.COOPERATIVE}.get(code[:2], EntityKind.OTHER)


def capital_in(text: str) -> tuple[Decimal | None, str]:
    """Amount in yuan, and the words where it is in other money or unreadable: ``604万人民币`` → 6,040,000."""
    plain = text.replace(",", "").replace("，", "").strip()
    found = re.match(r"(\d{1,12}(?:\.\d{1,6})?)[（(]?(万)?", plain)
    if not found:
        return None, "" if plain in ("", "N/A") else clean(plain)[:60]
    amount = Decimal(found[1]) * (10_000 if found[2] else 1)
    foreign = next((word for sign, word in CURRENCIES.items() if sign in plain), "")
    if foreign:
        shown = f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"
        return None, f"{shown}{foreign}" if amount else ""
    return amount.quantize(Decimal("0.01")), ""
