"""What the events of the province say: clauses, notes and data (pure)."""

import json
from functools import lru_cache
from typing import Any

from yimen.modules.cases.api import MACHINE
from yimen.site.province import catalogue
from yimen.site.province.records import Event

OWN_CLAUSE = "云岚省虚构管理条例第九条"


def act_of(
    at: int, act: str, before: str, after: str, worker: int, clause: str = "", note: str = "", data: str = ""
) -> Event:
    return Event(at, act, before, after, worker, "window", clause or MACHINE_CLAUSES.get(act, ""), note, data)


MACHINE_CLAUSES = {name: step.clause for name, step in MACHINE.steps.items()}


def data_of(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache
def notice(fault: str, turn: int) -> tuple[str, str]:
    """Note and data of a notice of correction."""
    asked = [("proof", "符合条件的证明材料", "证明内容不完整，请补充盖章页")]
    if fault == "asked_outside_guide":
        asked.append(("no_crime_proof", "无犯罪记录证明", "请一并提交"))
    if fault == "not_told_once" and turn == 1:
        asked.append(("identity", "主体资格证明", "复印件不清楚，请重新提交"))
    rows = [{"name": name, "reason": reason, "requirement": code} for code, name, reason in asked]
    return "；".join(f"{r['name']}：{r['reason']}" for r in rows), data_of(missing=rows)


@lru_cache
def not_accepted(fault: str, variant: int) -> tuple[str, str]:
    """Clause and reason of a refusal to accept."""
    if fault == "not_accepting":
        return "内部工作安排第三条", "当前业务量较大，暂不办理该类申请"
    if fault == "refused_without_reason":
        return "行政许可法第三十二条第一款第（一）项", "不办"
    if variant == 1:
        return "行政许可法第三十二条第一款第（四）项", "申请材料不齐全，缺少符合条件的证明材料"
    return "行政许可法第三十二条第一款第（一）项", "该情形依法不需要取得许可，无需申请"


@lru_cache
def opinion(code: str) -> str:
    return f"{catalogue.STEP_NAMES[code]}：符合要求，同意"


@lru_cache
def passed_step(code: str, passed: bool) -> str:
    return data_of(passed=passed, step=code)


@lru_cache
def way_of(window: bool) -> str:
    return data_of(receiver="", reference="", way="window" if window else "electronic")
