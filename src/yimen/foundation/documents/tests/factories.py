"""Papers and an item standard to print in tests, and a reader of the pictures made of them."""

import struct
import zlib
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from yimen.foundation.documents import papers
from yimen.foundation.documents.papers import Clause, Fact, MaterialRow, Missing, Paper, Remedies

DAY = date(2026, 2, 25)
CODE = "7K3M9XQ2HT4B"
HEAD: dict[str, Any] = {
    "organisation": "青云区行政审批局",
    "number": "青云审批字〔2026〕12号",
    "addressee": "林晓燕",
    "date": DAY,
    "item": "公共场所卫生许可（新办）",
    "case_number": "QY20260211000012",
    "verification_code": CODE,
    "verification_url": f"https://yimen.example/v/{CODE}",
    "contact": "12345",
}
CLAUSES = (Clause(name="《中华人民共和国行政许可法》第三十八条第二款", text="应当说明理由。"),)
REMEDIES = Remedies(reconsideration="青云区人民政府", court="青云区人民法院")


def every_paper(**more: Any) -> list[Paper]:
    """One of each, filled in."""
    head = HEAD | more
    rows = (MaterialRow(name="申请表", form="原件", copies="1"),)
    facts = (Fact(label="单位名称", value="青云区晓燕旅馆"),)
    return [
        papers.Receipt(**head, received_at=datetime(2026, 2, 11, 2, 5, tzinfo=UTC), materials=rows),
        papers.CorrectionNotice(
            **head, received_on=DAY, missing=(Missing(requirement="平面布局图", reason="没有标出消毒间"),)
        ),
        papers.Acceptance(**head, accepted_on=DAY, due_on=date(2026, 3, 24), limit="20个工作日"),
        papers.NotAccepted(
            **head, received_on=DAY, reasons=("不属于本机关职权范围",), clauses=CLAUSES, remedies=REMEDIES
        ),
        papers.Suspension(**head, procedure="专家评审", starts_on=DAY, time_needed="15日"),
        papers.Extension(
            **head,
            reason="会商未结束",
            extended_by="10个工作日",
            approver="负责人",
            due_before=DAY,
            due_after=DAY,
        ),
        papers.DecisionGranted(**head, applied_on=DAY, facts=facts),
        papers.DecisionRefused(
            **head,
            applied_on=DAY,
            reasons=("没有独立消毒间",),
            clauses=CLAUSES,
            remedies=REMEDIES,
            would_pass=("设置独立消毒间后重新申请",),
        ),
        papers.Delivery(**head, documents=(Fact(label="卫生许可证", value="第1号"),), way="直接送达"),
        papers.Termination(**head, reasons=("申请人要求终止",), clauses=CLAUSES),
        papers.Revocation(**head, decided_on=DAY, reasons=("承诺内容不实",), clauses=CLAUSES),
        papers.Withdrawal(**head, withdrawn_on=DAY),
        papers.Certificate(**head, title="卫生许可证", facts=facts, valid_from=DAY),
        papers.BusinessLicence(
            **head,
            title="营业执照",
            uscc="91440101MA59LU9AX1",
            facts=facts,
            page_url="https://yimen.example/e",
        ),
        papers.Deed(
            **head,
            title="公司章程",
            facts=facts,
            head=("股东", "出资额"),
            rows=(("林晓燕", "100 万元"),),
            articles=(papers.Article(heading="第一章　总则", lines=("第一条　本章程依法制定。",)),),
            signatures=("全体股东签名",),
        ),
        Paper(**head, title="告知书", paragraphs=("有关事项告知如下。",)),
    ]


def standard() -> dict[str, Any]:
    """An item standard's content as plain data, and what stands beside it."""
    limit = {"amount": 20, "unit": "working_day", "note": "", "clause": ""}
    content = {
        "name": "公共场所卫生许可（新办）",
        "summary": "开旅馆、美容店等公共场所，营业前办理。",
        "type": "permit",
        "audience": ["person", "enterprise"],
        "conditions": [{"text": "有消毒设施", "rule": "", "failing": "请先设置消毒间"}],
        "materials": [
            {"code": "M1", "name": "申请表", "originals": 1, "sources": []},
            {
                "code": "M2",
                "name": "营业执照",
                "copies": 1,
                "sources": [{"kind": "licence", "name": "营业执照"}],
            },
        ],
        "legal_limit": limit,
        "promised_limit": limit | {"amount": 5},
        "steps": [
            {
                "code": "review",
                "name": "审查",
                "post": "reviewer",
                "points": ["图纸与实际一致"],
                "officers": 2,
            }
        ],
        "fees": [],
        "basis": [{"law": "公共场所卫生管理条例", "article": "第四条", "text": "实行卫生许可证制度。"}],
        "faq": [{"question": "租的店面能办吗？", "answer": "能。"}],
        "channels": ["window", "online"],
        "visits": 0,
        "remedies": "可以申请行政复议。",
    }
    return {
        "content": content,
        "code": "440199000001",
        "version": 3,
        "organisation": "青云区卫生健康局",
        "date": DAY,
        "page_url": "https://yimen.example/items/440199000001",
        "names": {"reviewer": "审查岗"},
    }


def grey(png: bytes) -> np.ndarray:
    """A picture as grey: of a coloured one the red channel, which is enough to read black on white."""
    width, height, bits, colour = struct.unpack(">IIBB", png[16:26])
    channels = {0: 1, 2: 3, 6: 4}[colour]
    across = width if bits == 8 else -(-width // 8)
    place, packed = 8, b""
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        packed += png[place + 8 : place + 8 + length] if name == b"IDAT" else b""
        place += 12 + length
    data = zlib.decompress(packed)
    step = across * channels + 1
    above, rows = [0] * across, []
    for start in range(0, height * step, step):
        above = _row(data[start], data[start + 1 : start + step : channels], above)
        rows.append(bytes(above))
    picture = np.frombuffer(b"".join(rows), np.uint8).reshape(height, across)
    return picture if bits == 8 else np.ascontiguousarray(np.unpackbits(picture, axis=1)[:, :width] * 255)


def _row(kind: int, raw: bytes, above: list[int]) -> list[int]:
    if kind == 0:
        return list(raw)
    if kind == 2:
        return [(a + b) & 255 for a, b in zip(raw, above, strict=True)]
    row, left, corner = [], 0, 0
    for value, up in zip(raw, above, strict=True):
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            p, q, r = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = left if p <= q and p <= r else up if q <= r else corner
        left, corner = (value + guess) & 255, up
        row.append(left)
    return row
