"""The places of the province and who works there (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from yimen.site.demo.invent import FANCY, SURNAMES
from yimen.site.province.plan import DEPARTMENTS, Plan

NAME, PREFIX = "云岚省", "98"
"""No province of this code exists."""
PROVINCE = "980000000000"
TOWNS = 10
A_CITY = 10
OFFICES = (
    "政务服务", "市场监督管理", "公安", "民政", "司法", "人力资源和社会保障", "自然资源", "生态环境", "住房和城乡建设",
    "交通运输", "水务", "农业农村", "商务", "文化广电旅游", "卫生健康", "应急管理", "医疗保障", "教育", "发展和改革",
    "工业和信息化", "财政", "审计", "林业", "城市管理", "退役军人事务", "消防救援",
)  # fmt: skip
STAFF = ("审查", "核查", "负责")
assert len(OFFICES) == DEPARTMENTS


@dataclass(frozen=True)
class Office:
    """One department: ``key`` counts them, the province's after those of all counties."""

    key: int
    code: str
    name: str
    division: str


@dataclass(frozen=True)
class Worker:
    """One member of staff; the account is ``Places.accounts + number``."""

    number: int
    username: str
    name: str
    office: int
    post: str


class Places:
    """Divisions, departments, centres and staff of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def counties(self) -> list[tuple[str, str]]:
        """(code, name) of each county."""
        found = []
        for c in range(self.plan.counties):
            city, place = divmod(c, A_CITY)
            name = f"云岚{_word(city)}{FANCY[place]}县"
            found.append((f"{PREFIX}{city + 1:02d}{place + 21:02d}000000", name))
        return found

    def divisions(self) -> Iterator[tuple[str, str]]:
        """(code, name) of every division, the higher first."""
        yield PROVINCE, NAME
        for city in range(-(-self.plan.counties // A_CITY)):
            yield f"{PREFIX}{city + 1:02d}00000000", f"云岚{_word(city)}市"
        yield from self.counties
        for code, name in self.counties:
            for town in range(1, TOWNS + 1):
                yield f"{code[:6]}{town + 100:03d}000", f"{name[:-1]}{FANCY[town - 1]}镇"

    @cached_property
    def offices(self) -> list[Office]:
        found = []
        for c, (division, name) in enumerate(self.counties):
            found += [
                Office(c * DEPARTMENTS + d, f"yl-{c + 1:03d}-{d:02d}", f"{name}{word}局", division)
                for d, word in enumerate(OFFICES)
            ]
        base = self.plan.counties * DEPARTMENTS
        return found + [
            Office(base + d, f"yl-p-{d:02d}", f"{NAME}{word}厅", PROVINCE) for d, word in enumerate(OFFICES)
        ]

    @cached_property
    def workers(self) -> list[Worker]:
        """A window clerk of each county's centre, then two reviewers and a head of every department."""
        found = [
            Worker(c, f"yl-{c + 1:03d}-window", f"{_surname(c)}窗口", c * DEPARTMENTS, "window")
            for c in range(self.plan.counties)
        ]
        for office in self.offices:
            for n, post in enumerate(STAFF):
                number = self.plan.counties + office.key * len(STAFF) + n
                name = f"{_surname(office.key * 5 + n)}{post}"
                found.append(Worker(number, f"{office.code}-{n + 1}", name, office.key, post))
        return found

    def clerk(self, county: int) -> int:
        return county

    def staff(self, office: int, place: int) -> int:
        """0 and 1 review, 2 decides."""
        return self.plan.counties + office * len(STAFF) + place


def _word(city: int) -> str:
    return "东南西北中上下内外前后左右长"[city % 14] + ("" if city < 14 else str(city // 14))


def _surname(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)]
