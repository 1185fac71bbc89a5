"""The catalogue as a file: csv and xlsx for people, json and yaml with whole standards for machines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
import yaml
from django.db.models import QuerySet

from yimen.kernel.spreadsheets import neutral
from yimen.modules.items.api.authors import Item, Standard
from yimen.modules.items.api.words import AUDIENCE_WORDS, CHANNEL_WORDS, LEVEL_WORDS, limit_words
from yimen.modules.items.content import ITEM_TYPE_LABELS, ItemType

HEADERS = (
    "事项编码", "基本编码", "简称", "事项名称", "事项类型", "实施主体", "部门代码", "行政区划代码", "行使层级", "状态", "版本",
    "法定办结时限", "承诺办结时限", "到现场次数", "必须到现场的原因", "服务对象", "办理形式", "网办深度", "申请材料", "设定依据",
    "受理条件", "办理结果", "收费", "咨询电话", "投诉电话",
)  # fmt: skip
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}
CHUNK = 500


def export(form: str, items: QuerySet[Item]) -> bytes:
    """A file of items.

    Args:
        form: csv, xlsx, json or yaml.
        items: which.

    Raises:
        LookupError: another form.
    """
    rows = _pairs(items)
    if form == "csv":
        return _csv(rows)
    if form == "xlsx":
        return _xlsx(rows)
    if form in ("json", "yaml"):
        whole = {"items": [_whole(item, standard) for item, standard in rows]}
        if form == "json":
            return json.dumps(whole, ensure_ascii=False, indent=1).encode()
        text: str = yaml.dump(whole, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
        return text.encode()
    raise LookupError(form)


def _pairs(items: QuerySet[Item]) -> Iterator[tuple[Item, Standard | None]]:
    """Items with the version people see, else the newest; a chunk at a time."""
    rows = items.select_related("organisation", "division", "current").order_by("pk")
    last = 0
    while part := list(rows.filter(pk__gt=last)[:CHUNK]):
        missing = [item.pk for item in part if item.current is None]
        drafts = {s.item_id: s for s in Standard.objects.filter(item_id__in=missing).order_by("version")}
        for item in part:
            yield item, item.current or drafts.get(item.pk)
        last = part[-1].pk


def _line(item: Item, standard: Standard | None) -> list[Any]:
    content = standard.content if standard else {}
    return [
        item.code,
        item.base_code,
        item.slug or "",
        item.name,
        ITEM_TYPE_LABELS[ItemType(item.type)],
        item.organisation.name,
        item.organisation.code,
        item.division.code,
        LEVEL_WORDS.get(content.get("level", ""), ""),
        item.state_label,
        standard.version if standard else "",
        _limit(content.get("legal_limit")),
        _limit(content.get("promised_limit")),
        content.get("visits", ""),
        content.get("visit_reason", ""),
        "；".join(AUDIENCE_WORDS.get(a, a) for a in content.get("audience", ())),
        "；".join(CHANNEL_WORDS.get(c, c) for c in content.get("channels", ())),
        content.get("online_depth", ""),
        "；".join(m["name"] for m in content.get("materials", ())),
        "；".join(f"《{b['law'].strip('《》')}》{b['article']}" for b in content.get("basis", ())),
        "；".join(c["text"] for c in content.get("conditions", ())),
        "；".join(r["name"] for r in content.get("results", ())),
        "；".join(f"{f['name']}{f['amount']}{f['unit']}" for f in content.get("fees", ())) or "不收费",
        content.get("consult_phone", ""),
        content.get("complaint_phone", ""),
    ]


def _limit(limit: dict[str, Any] | None) -> str:
    if not limit:
        return ""
    if limit.get("note") == "待核定":
        return ""
    return (
        limit_words(limit["amount"], limit["unit"])
        .replace("个工作日", "工作日")
        .replace("个自然日", "自然日")
    )


def _table(rows: Iterable[tuple[Item, Standard | None]]) -> Iterator[list[Any]]:
    yield list(HEADERS)
    for item, standard in rows:
        yield [neutral(cell) if isinstance(cell, str) else cell for cell in _line(item, standard)]


def _csv(rows: Iterable[tuple[Item, Standard | None]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_table(rows))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(rows: Iterable[tuple[Item, Standard | None]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("事项")
    for line in _table(rows):
        sheet.append([_printable(cell) for cell in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _printable(cell: Any) -> Any:
    return "".join(c for c in cell if c.isprintable() or c == "\n") if isinstance(cell, str) else cell


def _whole(item: Item, standard: Standard | None) -> dict[str, Any]:
    return {
        "code": item.code,
        "base_code": item.base_code,
        "slug": item.slug or "",
        "organisation": item.organisation.code,
        "division": item.division.code,
        "state": item.state,
        "version": standard.version if standard else None,
        "valid_from": standard.valid_from.isoformat() if standard and standard.valid_from else None,
        "content": standard.content if standard else None,
    }
