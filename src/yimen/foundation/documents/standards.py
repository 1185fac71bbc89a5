"""An item standard's content, as the caller dumped it, brought into the few plain tables of the Word handbook.

The PDF templates do the same in ``templates/_item.typ``; keys that are missing are left out, never an error.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

TYPES = {
    "permit": "行政许可",
    "benefit": "行政给付",
    "confirmation": "行政确认",
    "reward": "行政奖励",
    "adjudication": "行政裁决",
    "other_power": "其他行政权力",
    "public_service": "公共服务",
}
UNITS = {
    "working_day": "个工作日",
    "calendar_day": "日",
    "month": "个月",
    "year": "年",
    "working_hour": "个工作小时",
    "hour": "小时",
}
SOURCES = {
    "licence": "电子证照",
    "shared_data": "数据共享",
    "promise": "告知承诺",
    "output_of": "关联事项结果",
}
Data = Mapping[str, Any]


def limit_text(limit: Any) -> str:
    """``{"amount": 5, "unit": "working_day"}`` → 5个工作日; amount 0 → 当场办结."""
    if not isinstance(limit, Mapping):
        return str(limit or "")
    amount = limit.get("amount") or 0
    text = f"{amount}{UNITS.get(str(limit.get('unit')), '个工作日')}" if amount else "当场办结"
    return f"{text}（{limit['note']}）" if limit.get("note") else text


def copies_text(material: Data) -> str:
    """How many originals and copies."""
    parts = [f"原件{material['originals']}份"] if material.get("originals") else []
    parts += [f"复印件{material['copies']}份"] if material.get("copies") else []
    media = {"paper": "纸质", "electronic": "电子"}
    return "，".join(parts) or media.get(str(material.get("medium")), "纸质或电子")


def _material(number: int, row: Data) -> dict[str, Any]:
    spared = "；".join(
        f"{SOURCES.get(s.get('kind'), '')}：{s.get('name', '')}" for s in row.get("sources") or ()
    )
    notes = [
        f"出具：{row['issuer']}" if row.get("issuer") else "",
        f"免提交：{spared}" if spared else "",
        str(row.get("notes") or ""),
        "可容缺后补" if row.get("main") is False else "",
    ]
    return {
        "n": number,
        "name": row.get("name", ""),
        "form": copies_text(row),
        "note": "；".join(note for note in notes if note),
    }


def _step(number: int, row: Data, names: Data) -> dict[str, Any]:
    officers = row.get("officers") or 1
    post = str(row.get("post") or "")
    return {
        "n": number,
        "name": row.get("name", ""),
        "post": names.get(post, post),
        "limit": limit_text(row.get("limit")),
        "note": f"{officers}名以上工作人员" if officers > 1 else "",
    }


def _law(row: Data) -> str:
    law = str(row.get("law") or "")
    return (law if law.startswith("《") else f"《{law}》") + str(row.get("article") or "")


def _facts(content: Data, data: Data) -> list[dict[str, str]]:
    instant = content.get("instant") is True
    rows = {
        "事项名称": content.get("name"),
        "事项类型": TYPES.get(str(content.get("type")), content.get("type")),
        "实施机关": data.get("organisation"),
        "承办机构": content.get("undertaking_office"),
        "权限划分": content.get("authority"),
        "法定时限": limit_text(content.get("legal_limit")),
        "承诺时限": "当场办结" if instant else limit_text(content.get("promised_limit")),
        "通办范围": content.get("scope"),
        "到现场次数": str(content.get("visits") or 0),
        "咨询电话": content.get("consult_phone"),
        "投诉电话": content.get("complaint_phone"),
    }
    return [{"label": label, "value": str(value)} for label, value in rows.items() if value not in (None, "")]


def _listed(content: Data, name: str) -> list[tuple[int, Data]]:
    rows = [
        row if isinstance(row, Mapping) else {"text": row, "name": row} for row in content.get(name) or ()
    ]
    return list(enumerate(rows, start=1))


def _split(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def handbook_tables(data: Data) -> dict[str, Any]:
    """The data of the Word handbook's template from ``{content, code, version, organisation, date, names}``."""
    inner = data.get("content")
    content: Data = inner if isinstance(inner, Mapping) else data
    names: Data = data.get("names") or {}
    line = [
        f"事项编码 {data['code']}" if data.get("code") else "",
        f"第 {data['version']} 版" if data.get("version") else "",
    ]
    return {
        "organisation": data.get("organisation") or "",
        "name": content.get("name") or "",
        "line": "　".join(part for part in line if part),
        "demo": bool(data.get("demo")),
        "facts": _facts(content, data),
        "conditions": [
            {"n": n, "text": c.get("text", ""), "failing": c.get("failing", "")}
            for n, c in _listed(content, "conditions")
        ],
        "materials": [_material(n, row) for n, row in _listed(content, "materials")],
        "steps": [_step(n, row, names) for n, row in _listed(content, "steps")],
        "reviews": [
            {"name": row.get("name", ""), "points": list(row["points"])}
            for _, row in _listed(content, "steps")
            if row.get("points")
        ],
        "fees": [
            {
                "name": f.get("name", ""),
                "amount": f"{f.get('amount', '')}{f.get('unit') or '元'}",
                "basis": f.get("basis", ""),
            }
            for _, f in _listed(content, "fees")
        ]
        or [{"name": "不收费", "amount": "", "basis": ""}],
        "basis": [
            {"name": _law(row), "lines": _split(row.get("text"))} for _, row in _listed(content, "basis")
        ],
        "remedies": content.get("remedies") or "",
        "faq": [
            {"question": q.get("question", ""), "answers": _split(q.get("answer"))}
            for _, q in _listed(content, "faq")
        ],
    }


def deed_tables(data: Data) -> dict[str, Any]:
    """The data of the Word template of a deed from the plain data of ``papers.Deed``."""
    head = [str(cell) for cell in data.get("head") or ()]
    rows = [[str(cell) for cell in row] for row in data.get("rows") or ()]
    day = data.get("date")
    return {
        "title": str(data.get("title") or ""),
        "demo": bool(data.get("demo")),
        "paragraphs": [line for text in data.get("paragraphs") or () for line in _split(text)],
        "facts": [
            {"label": f.get("label", ""), "value": f.get("value", "")} for f in data.get("facts") or ()
        ],
        "rows": [
            dict(zip("abcd", [*row, "", "", "", ""], strict=False))
            for row in ([head, *rows] if rows else [])
            if row
        ],
        "articles": [
            {"heading": a.get("heading", ""), "lines": [str(line) for line in a.get("lines") or ()]}
            for a in data.get("articles") or ()
        ],
        "notes": [str(note) for note in data.get("notes") or ()],
        "signatures": [str(who) for who in data.get("signatures") or ()],
        "date": f"{day.year}年{day.month}月{day.day}日" if isinstance(day, date) else str(day or ""),
    }
