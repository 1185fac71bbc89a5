"""Measurement: rows of a catalogue imported a second. Leaves nothing behind (rolled back)."""

import csv
import io
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from django.db import transaction

from yimen.foundation.orgs.api import DivisionRow, save_divisions
from yimen.kernel.actor import PLATFORM
from yimen.modules.authoring.services.importing import import_items

AT = datetime(2026, 11, 21, tzinfo=UTC)
AREA, OFFICES = "989801000000", 40
HEAD = ("事项名称", "实施编码", "事项类型", "实施主体", "行政区划代码", "承诺办结时限", "法定办结时限")
SUBJECTS = (
    "食品",
    "药品",
    "道路运输",
    "户外广告",
    "取水",
    "民办学校",
    "养老机构",
    "特种设备",
    "不动产",
    "居住证",
)
ACTS = ("经营许可", "设立登记", "备案", "资格认定", "变更", "注销（企业）", "延续", "补贴申领")


def bench(rows: int = 10_000) -> dict[str, Any]:
    """How many rows were taken over, and how many a second."""
    data = io.BytesIO(_table(rows).encode())
    with transaction.atomic():
        try:
            save_divisions([DivisionRow(code=AREA, name="测量区")])
            begun = perf_counter()
            report = import_items(data, PLATFORM, AT, name="bench.csv")
            seconds = perf_counter() - begun
            return {"import_rows": report.created, "import_rows_a_second": round(report.created / seconds)}
        finally:
            transaction.set_rollback(True)


def _table(rows: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for i in range(rows):
        name = SUBJECTS[i % len(SUBJECTS)] + ACTS[i // len(SUBJECTS) % len(ACTS)]
        office = f"第{i % OFFICES}局"
        writer.writerow((name, f"IMPORT-{i:06d}", "行政许可", office, AREA, "5个工作日", "20个工作日"))
    return text.getvalue()
