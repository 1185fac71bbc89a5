"""Invented people and enterprises: valid numbers of a district that does not exist, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

SURNAMES = "陈李张黄何欧阳梁罗林吴刘王周谭冯邓郭叶朱徐苏卢钟杨余曾蔡潘简关麦区霍"
GIVEN = "嘉文志强丽华伟明婉婷家俊晓东子轩咏诗国荣美玲浩然雅琪永康思远泽宇慧敏锦添秋月海棠立新"
TRADES = (
    ("餐饮", "有限公司"), ("食品", "有限公司"), ("贸易", "有限公司"), ("科技", "有限公司"), ("建筑工程", "有限公司"),
    ("物流", "有限公司"), ("医药", "有限公司"), ("文化传播", "有限公司"), ("人力资源", "有限公司"), ("教育咨询", "有限公司"),
    ("便利店", ""), ("小吃店", ""), ("理发店", ""), ("五金店", ""),
)  # fmt: skip
FANCY = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
REGION = "449901"


@dataclass(frozen=True)
class Invented:
    """An invented natural person."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class InventedEntity:
    """An invented legal entity."""

    name: str
    uscc: str
    phone: str


def id_number(born: date, serial: int) -> str:
    """A number with the district's own code, which no real person can have."""
    body = f"{REGION}{born:%Y%m%d}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(serial: int, head: str = "91") -> str:
    """A unified social credit code of the district."""
    organisation = f"MADEM{serial:04d}"[:9]
    body = f"{head}{REGION}{organisation}"
    return body + uscc.calc_check_digit(body)


def people(count: int, seed: int = 2026) -> Iterator[Invented]:
    """Invented people with different numbers."""
    chance = random.Random(seed)
    first = date(1938, 1, 1)
    for serial in range(count):
        born = first + timedelta(days=chance.randrange(86 * 365))
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
        yield Invented(name, id_number(born, serial % 1000), f"1990000{serial % 10000:04d}")


def entities(count: int, seed: int = 2026) -> Iterator[InventedEntity]:
    """Invented enterprises and sole traders with different names and codes."""
    chance = random.Random(seed)
    for serial in range(count):
        trade, form = chance.choice(TRADES)
        letters = "".join(FANCY[(serial // len(FANCY) ** n) % len(FANCY)] for n in range(3))
        head = "91" if form else "92"
        yield InventedEntity(
            f"粤海市澜江区{letters}{trade}{form}",
            credit_code(serial + 1, head),
            f"1991000{serial % 10000:04d}",
        )
