"""Measurements: search among a province's worth of items. Leaves nothing behind (rolled back)."""

import random
import statistics
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from yimen.foundation.orgs.api import Division, Organisation
from yimen.modules.items.models import Item, SearchEntry
from yimen.modules.items.queries.search import search, suggest
from yimen.modules.items.services.indexing import entry_of, optimise, write_entries
from yimen.modules.items.states import ItemState

SEED = 20261121
AT = datetime(2026, 11, 21, tzinfo=UTC)
SUBJECTS = [
    "食品",
    "药品",
    "医疗器械",
    "化妆品",
    "烟草",
    "酒类",
    "出版物",
    "印刷",
    "广播电视",
    "演出",
    "娱乐场所",
    "旅馆",
    "道路运输",
    "客运",
    "货运",
    "港口",
    "水路",
    "航道",
    "公路",
    "桥梁",
    "林木",
    "种子",
    "农药",
    "兽药",
    "饲料",
    "渔业",
    "水产苗种",
    "动物防疫",
    "植物检疫",
    "取水",
    "排水",
    "河道",
    "水土保持",
    "排污",
    "危险废物",
    "辐射",
    "噪声",
    "建设工程",
    "建筑施工",
    "房地产",
    "燃气",
    "供水",
    "物业",
    "户外广告",
    "城市道路",
    "绿化",
    "市容",
    "民办学校",
    "教师资格",
    "校车",
    "社会团体",
    "基金会",
    "养老机构",
    "殡葬",
    "婚姻",
    "收养",
    "低保",
    "残疾人",
    "退役军人",
    "劳务派遣",
    "人力资源",
    "社会保险",
    "工伤",
    "失业保险",
    "医疗保险",
    "生育保险",
    "公积金",
    "不动产",
    "土地",
    "矿产",
    "测绘",
    "地图",
    "气象",
    "雷电",
    "消防",
    "危险化学品",
    "烟花爆竹",
    "特种设备",
    "计量",
    "认证",
    "商标",
    "专利",
    "个体工商户",
    "企业",
    "农民专业合作社",
    "外商投资",
    "进出口",
    "粮食",
    "价格",
    "能源",
    "电力",
    "无线电",
    "档案",
    "律师",
    "公证",
    "司法鉴定",
    "户口",
    "居住证",
    "身份证",
    "出入境",
    "机动车",
    "驾驶证",
    "保安",
    "爆破",
    "枪支",
    "医疗机构",
    "医师",
    "护士",
    "母婴保健",
    "公共场所卫生",
    "放射诊疗",
    "饮用水",
    "文物",
    "体育",
]
OBJECTS = [
    "经营",
    "生产",
    "销售",
    "运输",
    "设立",
    "从业",
    "使用",
    "建设",
    "场所",
    "机构",
    "人员",
    "车辆",
    "船舶",
    "设备",
    "项目",
    "活动",
    "资质",
    "用地",
    "用水",
    "临时占用",
]
ACTS = [
    "许可",
    "核准",
    "备案",
    "登记",
    "审批",
    "确认",
    "认定",
    "给付",
    "年检",
    "查询",
    "补贴申领",
    "资格认定",
    "检验",
    "变更",
    "注销",
    "延续",
    "补证",
    "换证",
    "设立登记",
    "信息变更",
]
TAILS = (
    "",
    "",
    "",
    "（新办）",
    "（变更）",
    "（延续）",
    "（注销）",
    "（补发）",
    "（县级权限）",
    "（个人）",
    "（企业）",
    "（告知承诺）",
)
QUERIES = (
    "食品经营许可",
    "食品",
    "开餐馆",
    "道路运输许可",
    "怎么办居住证",
    "教师资格认定",
    "spjy",
    "shipin",
    "yljg",
    "不动产登记",
    "公积金",
    "许可",
    "备案",
    "养老机构设立备案",
    "残疾证",
    "生育保险补贴",
    "户口",
    "消防",
    "特种设备使用登记变更",
    "烟草专卖零售许可",
    "护士",
    "机动车",
    "低保",
    "危险化学品经营许可（新办）",
    "jzz",
)


def bench(n: int = 95_009, rounds: int = 8) -> dict[str, Any]:
    """Search p50 and p95 in milliseconds among ``n`` items, and how long indexing took."""
    with transaction.atomic():
        try:
            return _measure(n, rounds)
        finally:
            transaction.set_rollback(True)


def _measure(n: int, rounds: int) -> dict[str, Any]:
    started = perf_counter()
    divisions, organisations = _places()
    items = _items(n, organisations)
    stored = perf_counter()
    words = _index(items)
    optimise()
    indexed = perf_counter()
    times, suggested = _ask(rounds, divisions)
    slowest = sorted(((t, q) for q, t in times), reverse=True)[:5]
    values = sorted(t for _, t in times)
    return {
        "items": n,
        "database": connection.vendor,
        "store_seconds": round(stored - started, 1),
        "index_seconds": round(indexed - stored, 1),
        "tokens_an_item": round(words / n),
        "searches": len(values),
        "search_p50_ms": round(statistics.median(values), 2),
        "search_p95_ms": round(values[int(len(values) * 0.95)], 2),
        "search_max_ms": round(values[-1], 2),
        "slowest": [f"{q}: {t:.1f} ms" for t, q in slowest],
        "suggest_p95_ms": round(sorted(suggested)[int(len(suggested) * 0.95)], 2),
    }


def _places() -> tuple[list[Division], list[Organisation]]:
    province = Division.objects.create(code="980000000000", name="测量省", level=1)
    city = Division.objects.create(code="989800000000", name="测量市", level=2, parent=province)
    districts = [
        Division.objects.create(code=f"9898{i:02d}000000", name=f"测量{i}区", level=3, parent=city)
        for i in range(1, 12)
    ]
    places = [province, city, *districts]
    made = [
        Organisation(code=f"bench-{d.code}-{i}", name=f"{d.name}第{i}局", division=d)
        for d in places
        for i in range(30)
    ]
    return places, Organisation.objects.bulk_create(made)


def _items(n: int, organisations: list[Organisation]) -> list[Item]:
    chance = random.Random(SEED)
    items = []
    for i in range(n):
        organisation = chance.choice(organisations)
        name = chance.choice(SUBJECTS) + chance.choice(OBJECTS) + chance.choice(ACTS) + chance.choice(TAILS)
        items.append(
            Item(
                code=f"BENCH-{i:06d}",
                name=name,
                type=chance.choice(("permit", "confirmation", "benefit", "public_service", "other_power")),
                organisation=organisation,
                division=organisation.division,
                state=ItemState.ACTIVE,
                created_at=AT,
                popularity=int(chance.paretovariate(0.8)) if chance.random() < 0.3 else 0,
            )
        )
    return Item.objects.bulk_create(items, batch_size=1000)


def _index(items: list[Item]) -> int:
    words = 0
    for start in range(0, len(items), 1000):
        entries: list[SearchEntry] = []
        for item in items[start : start + 1000]:
            audience = ("person",) if item.pk % 3 else ("enterprise",)
            entry = entry_of(item, {"name": item.name, "audience": audience})
            entry.words += " zzopen"
            words += entry.words.count(" ")
            entries.append(entry)
        write_entries(entries)
    return words


def _ask(rounds: int, places: list[Division]) -> tuple[list[tuple[str, float]], list[float]]:
    times: list[tuple[str, float]] = []
    suggested: list[float] = []
    day = date(2026, 11, 21)
    district = places[-1].code
    for number in range(rounds):
        for q in QUERIES:
            choices: tuple[dict[str, Any], ...] = (
                {},
                {"division": district},
                {"audience": "person", "page": 2},
            )
            begun = perf_counter()
            search(q, on=day, **choices[number % len(choices)])
            times.append((q, (perf_counter() - begun) * 1000))
            begun = perf_counter()
            suggest(q[: 1 + number % 4])
            suggested.append((perf_counter() - begun) * 1000)
    return times, suggested
