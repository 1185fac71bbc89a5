"""What no call may carry: text that a database cannot keep, numbers beyond 64 bits, JSON deeper or larger than any form.

One wall for every endpoint, so that a NUL character or half a surrogate pair is a sentence (422), never a failure (500).
"""

import json
from typing import Any, NoReturn, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.parser import Parser

from yimen.kernel.errors import Invalid

LARGEST = 2**63 - 1
DEEPEST = 40
MOST_VALUES = 50_000
UNTRUE = "不能含有无法保存的字符（空字符、残缺的代理字符）。"


class BodyTooLarge(Invalid):
    """提交的内容过大，请分次提交；文件请先用“上传文件”接口上传。"""

    code = "body_too_large"


class Malformed(Invalid):
    """请求的内容无法读取，请检查格式（JSON，UTF-8）。"""

    code = "bad_request"


class StrictParser(Parser):
    """Reads JSON as RFC 8259 has it, and looks at every value of it once."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            body = json.loads(body_of(request), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            request.wall = Malformed()  # type: ignore[attr-defined]
            raise
        if why := fault_of(body):
            request.wall = why  # type: ignore[attr-defined]
            raise why
        return cast("dict[str, Any]", body)


def body_of(request: HttpRequest) -> bytes:
    """The body.

    Raises:
        BodyTooLarge: it is larger than any form.
    """
    try:
        return request.body
    except RequestDataTooBig:
        request.wall = BodyTooLarge()  # type: ignore[attr-defined]
        raise request.wall from None  # type: ignore[attr-defined]


def wall_of(request: HttpRequest) -> Invalid | None:
    """Why the body was not taken, when it was not."""
    return getattr(request, "wall", None)


def fault_of(value: Any) -> Invalid | None:
    """What is wrong with a value read from JSON; ``None`` when it may pass."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 0)]
    seen = 0
    while waiting:
        item, place, depth = waiting.pop()
        seen += len(item) if isinstance(item, dict | list) else 0
        if seen > MOST_VALUES:
            return Invalid(f"内容项数过多，最多{MOST_VALUES:,}项。", fields={"body": "请分次提交。"})
        if depth > DEEPEST:
            return Invalid(f"内容嵌套过深，最多{DEEPEST}层。", fields={"body": f"最多{DEEPEST}层。"})
        if isinstance(item, dict):
            waiting += [(key, place, depth) for key in item]
            waiting += [(v, f"{place}.{k}".lstrip("."), depth + 1) for k, v in item.items()]
        elif isinstance(item, list):
            waiting += [(v, f"{place}.{n}".lstrip("."), depth + 1) for n, v in enumerate(item)]
        elif sentence := _scalar_fault(item):
            shown = clean(place)[:100] or "body"
            return Invalid(f"{shown}：{sentence}", fields={shown: sentence})
    return None


def _scalar_fault(item: Any) -> str:
    if isinstance(item, str) and not is_clean(item):
        return UNTRUE
    if isinstance(item, int) and not -LARGEST <= item <= LARGEST:
        return "数字过大。"
    return ""


def is_clean(text: str) -> bool:
    """Can every database keep this text?"""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean(text: str) -> str:
    """The text with what cannot be kept or sent taken out."""
    return "".join(c for c in text if is_clean(c))


def check_address(request: HttpRequest) -> None:
    """The path and the query of a call.

    Raises:
        Invalid: a value holds what no database keeps.
    """
    for name, values in request.GET.lists():
        if not all(map(is_clean, (name, *values))):
            shown = clean(name)[:100] or "query"
            raise Invalid(f"{shown}：{UNTRUE}", fields={shown: UNTRUE})


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
