"""Reading a limit as the public contract writes it (REST, --batch): plain values in, a checked ``Limit`` out (pure)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from yimen.kernel.errors import Invalid
from yimen.modules.deadlines.rules.compute import Deadline, Limit
from yimen.modules.deadlines.rules.values import Exclusion, Extension, FirstDay, Unit, local_moment

WORDS = {
    "工作日": Unit.WORKING_DAY,
    "个工作日": Unit.WORKING_DAY,
    "日": Unit.CALENDAR_DAY,
    "天": Unit.CALENDAR_DAY,
    "自然日": Unit.CALENDAR_DAY,
    "个自然日": Unit.CALENDAR_DAY,
    "月": Unit.MONTH,
    "个月": Unit.MONTH,
    "年": Unit.YEAR,
    "工作小时": Unit.WORKING_HOUR,
    "个工作小时": Unit.WORKING_HOUR,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
}


def limit_from(given: Mapping[str, Any]) -> Limit:
    """A limit from its public form ``{start, amount, unit, first_day?, exclusions?, extensions?, roll?}``.

    Raises:
        Invalid: a field is missing or wrong; ``fields`` says which and what would be right.
    """
    if not isinstance(given, Mapping):
        _refuse("", '每一行应是一个 JSON 对象，例如 {"start": "2026-02-11", "amount": 5}')
    return Limit(
        start=read_day(given.get("start"), "start"),
        amount=_whole(given.get("amount"), "amount"),
        unit=read_unit(given.get("unit", Unit.WORKING_DAY)),
        first_day=_first_day(given.get("first_day") or "next"),
        exclusions=[_exclusion(e) for e in _listed(given, "exclusions")],
        extensions=[_extension(e) for e in _listed(given, "extensions")],
        roll=_flag(given.get("roll"), "roll"),
    )


def read_day(value: object, field: str) -> date:
    """A day ``YYYY-MM-DD`` or a moment (RFC 3339; without offset: local time).

    Raises:
        Invalid: neither can be read.
    """
    if isinstance(value, str):
        try:
            return (
                date.fromisoformat(value) if len(value) == 10 else local_moment(datetime.fromisoformat(value))
            )
        except (ValueError, OverflowError):
            pass
    _refuse(field, "应为日期（2026-02-11）或时刻（2026-02-11T09:30:00+08:00）")


def read_unit(value: object) -> Unit:
    """A unit by its public name, or in Chinese.

    Raises:
        Invalid: unknown.
    """
    try:
        return WORDS[value] if isinstance(value, str) and value in WORDS else Unit(str(value))
    except ValueError:
        _refuse("unit", f"应为 {'、'.join(u.value for u in Unit)} 之一")


def due_text(deadline: Deadline) -> str:
    """The due as the public contract writes it: a day, or a moment in local time with offset."""
    if deadline.limit.unit.in_hours:
        return local_moment(deadline.due_at).isoformat()
    return deadline.due_on.isoformat()


def _first_day(value: object) -> FirstDay:
    if value == "next":
        return "next"
    if value == "same":
        return "same"
    _refuse("first_day", "应为 next（次日起算）或 same（当日起算）")


def _exclusion(given: Any) -> Exclusion:
    if not isinstance(given, Mapping):
        _refuse("exclusions", '每一段应是 {"from": 日期, "to": 日期, "reason": 原因}')
    return Exclusion(
        start=read_day(given.get("from"), "exclusions"),
        end=read_day(given.get("to"), "exclusions"),
        reason=str(given.get("reason") or ""),
        clause=str(given.get("clause") or ""),
        holder=str(given.get("holder") or ""),
    )


def _extension(given: Any) -> Extension:
    if not isinstance(given, Mapping):
        _refuse("extensions", '每一次延长应是 {"amount": 时间}')
    return Extension(
        amount=_whole(given.get("amount"), "extensions"),
        approver=str(given.get("approver") or ""),
        reason=str(given.get("reason") or ""),
        clause=str(given.get("clause") or ""),
    )


def _listed(given: Mapping[str, Any], field: str) -> Sequence[Any]:
    value = given.get(field)
    if value is None:
        return ()
    if not isinstance(value, list):
        _refuse(field, "应为列表")
    return value


def _whole(value: object, field: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    _refuse(field, "应为 0 或正整数")


def _flag(value: object, field: str) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    _refuse(field, "应为 true 或 false")


def _refuse(field: str, what: str) -> NoReturn:
    sentence = f"{field} {what}。" if field else f"{what}。"
    raise Invalid(sentence, fields={field: sentence} if field else {})
