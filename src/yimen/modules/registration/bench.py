"""Measurements: the public register among a million entities, and credit codes given out by many at once."""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from time import perf_counter
from typing import Any

from django.db import connection, connections, transaction

from yimen.modules.registration.models import HeldName, MarketEntity, SearchEntry
from yimen.modules.registration.queries.names import check_name
from yimen.modules.registration.queries.register import entity_with_code, search, search_words
from yimen.modules.registration.rules import codes, lookalikes
from yimen.modules.registration.rules.trades import trade_words
from yimen.modules.registration.services.codes import take_codes

SEED = 20261121
AT = datetime(2026, 11, 21, tzinfo=UTC)
DAY = date(2026, 11, 21)
BRAND_SIGNS = (
    "晨光朝霞明远鑫荣华兴盛达通顺泰安康宁和平福禄寿喜祥瑞丰裕金银玉珠宝星辰海洋江河湖山川林森木水火土石天地人文东南西北中春夏秋冬"
    "梅兰竹菊松柏龙凤虎鹤飞翔腾跃创新智慧科诚信义德仁礼嘉美佳优卓越恒久永长大小正方圆高峰岭云雨雪风雷电光影声色香味清新雅致"
)
PLACE, REGISTRY = "测量市测量区", "449902000000"
FORMS = ("有限公司", "有限公司", "有限责任公司", "股份有限公司", "商行", "店", "厂", "中心")
BATCH = 5000


def bench_register(count: int = 1_000_000, rounds: int = 300) -> dict[str, Any]:
    """Search, one entity's page and a name check among ``count`` entities: p50 and p95 in milliseconds. Leaves nothing behind."""
    with transaction.atomic():
        try:
            began = perf_counter()
            samples = _fill(count)
            stored = perf_counter() - began
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            return {
                "entities": count,
                "database": connection.vendor,
                "store_seconds": round(stored, 1),
            } | _ask(samples, rounds)
        finally:
            transaction.set_rollback(True)


def _names(count: int) -> Iterator[tuple[str, str, str, str]]:
    """(whole name, trade name, trade, its code), each whole name once."""
    chance, words = random.Random(SEED), sorted(trade_words().items())
    seen: set[str] = set()
    while len(seen) < count:
        brand = "".join(chance.choices(BRAND_SIGNS, k=chance.choice((2, 2, 3, 3, 4))))
        trade, code = chance.choice(words)
        name = f"{PLACE}{brand}{trade}{chance.choice(FORMS)}"
        if name not in seen:
            seen.add(name)
            yield name, brand, trade, code


def _fill(count: int) -> list[MarketEntity]:
    sounds = {sign: lookalikes.sound_of(sign) for sign in BRAND_SIGNS}
    samples: list[MarketEntity] = []
    rows, serial = [], 0
    for named in _names(count):
        rows.append(named)
        if len(rows) == BATCH or serial + len(rows) == count:
            samples += _store(rows, serial, sounds)[:: max(1, BATCH // 5)]
            serial, rows = serial + len(rows), []
    return samples


def _store(rows: list[tuple[str, str, str, str]], serial: int, sounds: dict[str, str]) -> list[MarketEntity]:
    entities = MarketEntity.objects.bulk_create(
        [
            MarketEntity(
                uscc=codes.credit_code("91", REGISTRY, codes.organisation_body(serial + n, "MBC")), name=name, kind="company",
                registry=REGISTRY, division=REGISTRY, established_on=DAY, approved_on=DAY, industry="",
            )
            for n, (name, _, _, _) in enumerate(rows)
        ]
    )  # fmt: skip
    SearchEntry.objects.bulk_create(
        [SearchEntry(entity_id=e.pk, words=search_words(e.name)) for e in entities]
    )
    HeldName.objects.bulk_create(
        [
            HeldName(
                registry=REGISTRY, name=e.name, brand=brand, sound=" ".join(sounds[s] for s in brand), trade=trade,
                trade_code=code, kind=HeldName.ENTITY, entity_id=e.pk, held_from=DAY,
            )
            for e, (_, brand, trade, code) in zip(entities, rows, strict=True)
        ]
    )  # fmt: skip
    return entities


def _ask(samples: list[MarketEntity], rounds: int) -> dict[str, Any]:
    chance = random.Random(SEED)
    chosen = [chance.choice(samples) for _ in range(rounds)]
    broad = ("餐饮", "科技", "贸易", "商行", "测量市", "有限责任公司餐饮", "建筑工程", "鑫荣", "晨光", "管理")
    kinds: dict[str, list[Callable[[], Any]]] = {
        "search_name": [partial(search, e.name[len(PLACE) : len(PLACE) + 5]) for e in chosen],
        "search_broad": [partial(search, q) for q in broad * (rounds // 10)],
        "search_code": [partial(search, e.uscc) for e in chosen],
        "entity_page": [partial(entity_with_code, e.uscc) for e in chosen],
        "name_check": [
            partial(check_name, e.name.replace("店", "馆"), DAY, division=REGISTRY) for e in chosen
        ],
    }
    told: dict[str, Any] = {}
    for kind, asks in kinds.items():
        times = sorted(map(_timed, asks))
        told[f"{kind}_p50_ms"] = round(times[len(times) // 2], 2)
        told[f"{kind}_p95_ms"] = round(times[int(len(times) * 0.95)], 2)
        told[f"{kind}_max_ms"] = round(times[-1], 2)
    return told


def _timed(ask: Callable[[], Any]) -> float:
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1000


def bench_codes(seconds: float = 5, threads: int = 4) -> dict[str, Any]:
    """Credit codes a second, one at a time, by several threads with a connection each; all are compared at the end.

    On SQLite one thread asks: it has one writer, and its counter is a row.
    """
    if connection.vendor == "sqlite":
        threads = 1
    taken: list[list[str]] = [[] for _ in range(threads)]
    ends = perf_counter() + seconds

    def take(mine: list[str]) -> None:
        while perf_counter() < ends:
            mine += take_codes("91", REGISTRY, DAY)
        if threads > 1:
            connections.close_all()

    began = perf_counter()
    if threads == 1:
        take(taken[0])
    else:
        workers = [threading.Thread(target=take, args=(mine,)) for mine in taken]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    passed = perf_counter() - began
    count = sum(map(len, taken))
    different = len({code[8:16] for mine in taken for code in mine})
    return {
        "database": connection.vendor, "threads": threads, "codes": count, "per_second": round(count / passed),
        "repeated": count - different,
    }  # fmt: skip
