"""Words and shapes that every template uses: days, moments, limits, money, masks, states, icons.

Loaded as a builtin: templates use these without ``{% load %}``. Each filter is forgiving with empty
values (an absent value shows nothing) because a page must never break for want of a date.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yimen.kernel.clock import CHINA
from yimen.kernel.masking import mask_id_number, mask_name, mask_phone
from yimen.portals.ui.wording import STATES, UNITS

register = template.Library()
WEEKDAYS = "一二三四五六日"
ICONS = Path(__file__).resolve().parent.parent / "static" / "ui" / "icons"


def _local(value: Any) -> datetime | date | None:
    """A day or moment in China's time from a value or ISO text; ``None`` when it is neither."""
    if isinstance(value, str):
        try:
            value = parse_datetime(value) if len(value) > 10 else parse_date(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(CHINA) if value.tzinfo else value
    return value if isinstance(value, date) else None


@register.filter
def day(value: Any) -> str:
    """2026-02-25 → 2026年2月25日（周三）."""
    found = _local(value)
    if found is None:
        return ""
    return f"{found.year}年{found.month}月{found.day}日（周{WEEKDAYS[found.weekday()]}）"


@register.filter
def short_day(value: Any) -> str:
    """2026-02-25 → 2月25日（周三）: where the year is plain from what stands around it."""
    found = _local(value)
    return f"{found.month}月{found.day}日（周{WEEKDAYS[found.weekday()]}）" if found else ""


@register.filter
def moment(value: Any) -> str:
    """An aware moment in China's time: 2026年2月25日 14:30."""
    found = _local(value)
    if found is None:
        return ""
    clock = found.timetz() if isinstance(found, datetime) else time()
    return f"{found.year}年{found.month}月{found.day}日 {clock:%H:%M}"


@register.filter
def iso(value: Any) -> str:
    """The machine's form for ``<time datetime>`` and date inputs."""
    found = _local(value)
    return found.isoformat() if found else ""


@register.filter
def limit(value: Any) -> str:
    """``{"amount": 20, "unit": "working_day"}`` → 20个工作日; nought → 即办.

    Args:
        value: a mapping or an object with ``amount`` and ``unit`` (values of the public contract).
    """
    if not value:
        return ""
    held = value if isinstance(value, Mapping) else {k: getattr(value, k, None) for k in ("amount", "unit")}
    amount, unit = held.get("amount"), held.get("unit")
    if amount is None:
        return ""
    if not amount:
        return "即办"
    key = str(getattr(unit, "value", unit) or "working_day")
    return f"{amount}{UNITS.get(key, key)}"


@register.filter
def money(value: Any) -> str:
    """Decimal yuan → 1,234.50元; nought → 不收费; nothing → empty."""
    if value is None or value == "":
        return ""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ""
    if not amount.is_finite():
        return ""
    return "不收费" if amount == 0 else f"{amount:,.2f}元"


@register.filter
def masked_name(value: Any) -> str:
    """林晓燕 → 林*燕."""
    return mask_name(str(value)) if value else ""


@register.filter
def masked_id(value: Any) -> str:
    """4401**********1234."""
    return mask_id_number(str(value)) if value else ""


@register.filter
def masked_phone(value: Any) -> str:
    """138****8000."""
    return mask_phone(str(value)) if value else ""


@register.filter
def number(value: Any) -> str:
    """49870000 → 49,870,000."""
    try:
        return f"{value:,}"
    except (TypeError, ValueError):
        return "" if value is None else str(value)


@register.filter
def file_size(value: Any) -> str:
    """Bytes as people say them: 820 字节, 36 KB, 1.4 MB."""
    try:
        size = float(value)
    except (TypeError, ValueError):
        return ""
    if size < 1024:
        return f"{size:.0f} 字节"
    return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


@register.filter
def state_word(state: Any) -> str:
    """The person's word for a state: ``in_review`` → 审查中."""
    key = str(getattr(state, "value", state) or "")
    return STATES[key].word if key in STATES else str(getattr(state, "label", key))


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    """The inside of one vendored icon; an unknown name draws a plain circle rather than breaking a page."""
    file = ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.is_file():
        file = ICONS / "circle.svg"
    found = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text("utf-8"), re.S)
    return re.sub(r"\s+", " ", found.group(1)).strip() if found else ""


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """One line icon, decorative unless given a label: ``{% icon "search" %}``, ``{% icon "lock" label="已锁定" %}``.

    Args:
        name: name of a file in ``static/ui/icons``.
        label: what a screen reader says; empty hides the icon from it.
        size: "", "s", "l" or "xl".
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        f" icon-{size}" if size else "",
        spoken,
        mark_safe(_drawing(str(name))),
    )


@register.simple_tag
def state_badge(state: Any, word: str = "", tone: str = "") -> SafeString:
    """A state as word, shape and colour: ``{% state_badge case.state %}``.

    Args:
        state: a state's value or enum member; unknown ones show their own label calmly.
        word: says it otherwise than the common wording.
        tone: calm, info, soon, done or late; default by state.
    """
    key = str(getattr(state, "value", state) or "")
    known = STATES.get(key)
    shown = word or (known.word if known else str(getattr(state, "label", key)))
    colour = tone or (known.tone if known else "calm")
    shape = known.icon if known else "circle"
    return format_html('<span class="badge badge-{}">{}{}</span>', colour, icon(shape, size="s"), shown)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parts replaced; ``None`` or "" removes a part.

    ``<a href="{% query page=2 %}">`` keeps every filter. Changing anything but the page goes back to page one.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "?"
    parts = request.GET.copy()
    if "page" not in changes:
        parts.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            parts.pop(name, None)
        else:
            parts[name] = str(value)
    return f"?{parts.urlencode()}"


@register.filter
def item_of(mapping: Any, key: Any) -> Any:
    """``errors|item_of:field.name``: a mapping's entry where a template cannot index by a variable."""
    if isinstance(mapping, Mapping):
        return mapping.get(key, "")
    return ""


@register.filter
def page_numbers(page: Any) -> list[int | None]:
    """The page numbers a pager shows: first, last, and two around the present one; ``None`` is a gap."""
    here, last = int(getattr(page, "number", 1)), int(getattr(page, "pages", 1))
    wanted = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
    shown: list[int | None] = []
    for n in wanted:
        previous = shown[-1] if shown else None
        if previous is not None and n - previous == 2:
            shown.append(n - 1)
        elif previous is not None and n - previous > 2:
            shown.append(None)
        shown.append(n)
    return shown


@register.filter
def lines(value: Any) -> SafeString:
    """Text with its line breaks, escaped."""
    return mark_safe(str(conditional_escape(value or "")).replace("\n", "<br>"))


@register.filter
def on(value: Any) -> bool:
    """Is a component's switch on? The words a template prints for nothing ("False", "None", "0") are off."""
    return bool(value) and str(value).strip().lower() not in {"false", "none", "0", "off"}


@register.filter
def strip(value: Any) -> str:
    """A slot's text without surrounding white space, to ask whether there is any."""
    return str(value or "").strip()


@register.filter
def unlocalized(value: Any) -> str:
    """A number as HTML attributes want it: no thousands mark."""
    return str(value)


@register.filter
def times(value: Any) -> range:
    """``{% for _ in 3|times %}``."""
    return range(max(0, min(int(value), 50))) if str(value).isdigit() else range(0)


@register.filter
def same(one: Any, other: Any) -> bool:
    """Do a choice's value and the value held mean the same, whatever their types?"""
    return str(one) == ("" if other is None else str(other))


@register.filter
def chosen(one: Any, held: Any) -> bool:
    """Is this choice among those held: a single value or a list of them?"""
    if isinstance(held, list | tuple | set | frozenset):
        return str(one) in {str(value) for value in held}
    return same(one, held)


@register.filter
def choices(options: Any) -> list[dict[str, str]]:
    """Options in any of their shapes: ``{value, label, hint}``, ``(value, label)``, ``{value: label}`` or words."""
    if isinstance(options, Mapping):
        options = options.items()
    shown = []
    for option in options or ():
        if isinstance(option, Mapping):
            value = option.get("value", "")
            shown.append(
                {"value": value, "label": option.get("label", value), "hint": option.get("hint", "")}
            )
        elif isinstance(option, list | tuple):
            shown.append(
                {"value": option[0], "label": option[1], "hint": option[2] if len(option) > 2 else ""}
            )
        elif hasattr(option, "value"):
            label = getattr(option, "label", option.value)
            shown.append({"value": option.value, "label": label, "hint": getattr(option, "hint", "") or ""})
        else:
            shown.append({"value": option, "label": option, "hint": ""})
    return shown


@register.filter
def pairs(errors: Any) -> list[tuple[str, str]]:
    """Errors for the summary: ``{field: sentence}``, pairs, or plain sentences."""
    if isinstance(errors, Mapping):
        return [(str(k), str(v)) for k, v in errors.items()]
    return [(str(e[0]), str(e[1])) if isinstance(e, list | tuple) else ("", str(e)) for e in errors or ()]


class Face(NamedTuple):
    """A clock as it is read: words before and after the number, tone, shape."""

    tone: str
    icon: str
    ring: str
    before: str
    number: str
    after: str


_STOPPED: dict[str, Face] = {
    "paused": Face("calm", "circle-pause", "", "暂停计时", "", ""),
    "suspended": Face("calm", "circle-pause", "", "暂停计时", "", ""),
    "stopped": Face("calm", "circle-check", "", "已停表", "", ""),
    "met": Face("done", "circle-check", "", "按时办结", "", ""),
    "missed": Face("late", "clock-alert", "", "逾期办结", "", ""),
}


@register.simple_tag
def clock_face(
    days: Any = None, total: Any = 0, soon: Any = 3, state: Any = "running", unit: str = "个工作日"
) -> Face:
    """How the time left is shown: number, word, colour and shape together.

    Args:
        days: units left; negative = overdue by so many; 0 = ends today.
        total: the whole limit in the same unit, draws how much of it is left; 0 draws none.
        soon: at or under so many the clock warns.
        state: running, paused, stopped, met or missed.
        unit: Chinese unit with its measure word.
    """
    key = str(getattr(state, "value", state) or "running")
    if key in _STOPPED:
        return _STOPPED[key]
    try:
        left, whole, warn = int(days), int(total or 0), int(soon)
    except (TypeError, ValueError):
        return Face("calm", "clock", "", "未开始计时", "", "")
    if left < 0:
        return Face("late", "clock-alert", "", "已逾期", str(-left), unit)
    if left == 0:
        return Face("soon", "alarm-clock", "", "今天到期", "", "")
    ring = f"{56.55 * min(left, whole) / whole:.2f}" if whole > 0 else ""
    if left <= warn:
        return Face("soon", "alarm-clock", "", "还剩", str(left), unit)
    return Face("calm", "clock", ring, "还剩", str(left), unit)


@register.filter
def shown(value: Any) -> str:
    """What a control shows for a value: nothing for nothing, also when a template already printed ``None``."""
    return "" if value is None or str(value) == "None" else str(value)
