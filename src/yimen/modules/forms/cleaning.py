"""One value of one data element: what is typed becomes plain JSON, or a sentence that says what would be right.

Values come from HTML posts (texts, lists of texts) and from REST (JSON); both are welcome. Cleaned shapes:

text, long_text, email, phone, id_number, uscc: text · number, money, integer: JSON number (money in yuan, at most two
decimals) · date: ``YYYY-MM-DD`` · boolean: true/false · choice, division: code · multi_choice: list of codes ·
address: ``{"division": code or "", "detail": text}`` · table: list of rows ``{element code: value}``.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.kernel.errors import Invalid
from yimen.modules.forms.elements import DataElement

MOST_DIGITS = 15
TRUE_WORDS = frozenset({"true", "1", "on", "yes", "是", "有", "同意"})
FALSE_WORDS = frozenset({"false", "0", "off", "no", "否", "无", "不同意"})
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_EMAIL = re.compile(r"[^@\s,;<>\"']{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


class Wrong(Exception):
    """A value does not fit; the message is the sentence for the person.

    Args:
        fields: for tables, the sentences of single cells by ``row.column``.
    """

    def __init__(self, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = dict(fields or {})


Columns = Callable[[str], DataElement | None]


def clean(
    element: DataElement, value: Any, *, today: date | None = None, columns: Columns | None = None
) -> Any:
    """The value in its plain shape; ``None`` when nothing was filled in.

    Args:
        element: what it should be.
        value: as typed or as JSON.
        today: for bounds named ``today``; without it those bounds are not checked.
        columns: finds the elements of a table's columns.

    Raises:
        Wrong: it does not fit.
    """
    if value is None or value == "" or value == [] or value == {}:
        return None
    if element.type == "table":
        return _table(element, value, today, columns or (lambda code: None))
    if element.type == "multi_choice":
        return _several(element, value)
    if element.type == "address":
        return _address(element, value)
    text = _text(element, value)
    return _SCALARS[element.type](element, text, today) if text else None


def _text(element: DataElement, value: Any) -> str:
    """A scalar as text, trimmed; control characters and broken characters refused."""
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool):
        value = "true" if value else "false"
        if element.type != "boolean":
            raise Wrong(f"这里应填写{_KINDS.get(element.type, '文字')}，不是“是”或“否”。")
    if isinstance(value, Decimal | int | float):
        value = _number_text(value)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong(f"这里应填写一项{_KINDS.get(element.type, '文字')}，收到的是一组内容。")
    if len(value) > 4 * element.longest + 100:
        raise Wrong(f"最多 {element.longest} 个字，您填写了 {len(value)} 个字，请精简。")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            raise Wrong("内容里有无法识别的字符，请删除后重新输入。")
    return text


_KINDS = {
    "number": "数字",
    "money": "金额",
    "integer": "整数",
    "date": "日期",
    "boolean": "是或否",
    "choice": "选项",
}


def _number_text(value: Decimal | int | float) -> str:
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise Wrong("数字太长，请核对。") from None
    if not number.is_finite() or number.adjusted() > MOST_DIGITS:
        raise Wrong(f"数字最多 {MOST_DIGITS} 位，请核对。")
    return format(number, "f")


def _plain_text(element: DataElement, text: str, today: date | None) -> str:
    if element.type != "long_text":
        text = re.sub(r"\s+", " ", text)
    if len(text) > element.longest:
        raise Wrong(f"最多 {element.longest} 个字，您填写了 {len(text)} 个字，请精简。")
    if not element.pattern:
        return text
    plain = unicodedata.normalize("NFKC", text)
    for candidate in (text, plain, plain.upper(), re.sub(r"\s", "", plain.upper())):
        if re.fullmatch(element.pattern, candidate):
            return candidate
    example = (
        f"，例如 {element.example}" if element.example and element.example not in element.pattern_hint else ""
    )
    raise Wrong(f"写法不对，正确的写法是{element.pattern_hint}{example}。")


def _email(element: DataElement, text: str, today: date | None) -> str:
    if len(text) > element.longest or not _EMAIL.fullmatch(text):
        raise Wrong("电子邮箱应为“名称@域名”的样子，例如 lin@example.cn。")
    return text


def _decimal(element: DataElement, text: str) -> Decimal:
    plain = re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", text))
    for unit in (element.unit, "元", "¥", "￥"):
        plain = plain.removesuffix(unit).removeprefix(unit) if unit else plain
    if not re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", plain) or not plain.isascii():
        unit = f"（单位：{element.unit}）" if element.unit else ""
        wan = "，“万”请换算成元" if "万" in plain or "亿" in plain else ""
        raise Wrong(f"这里应填写数字{unit}，不带文字{wan}，例如 {element.example or '100'}。")
    if len(plain.lstrip("+-").split(".")[0].lstrip("0")) > MOST_DIGITS or len(plain) > 40:
        raise Wrong(f"数字最多 {MOST_DIGITS} 位，请核对。")
    return Decimal(plain)


def _bounds(element: DataElement, number: Decimal) -> None:
    unit = element.unit
    if element.min is not None and number < element.min:
        raise Wrong(f"不能小于 {element.min:f}{unit}，您填写的是 {number:f}{unit}。")
    if element.max is not None and number > element.max:
        raise Wrong(f"不能大于 {element.max:f}{unit}，您填写的是 {number:f}{unit}。")


def _number(element: DataElement, text: str, today: date | None) -> int | float:
    number = _decimal(element, text)
    places = 2 if element.type == "money" else 6
    if number != number.quantize(Decimal(1).scaleb(-places)):
        said = "金额最多到分，即两位小数" if element.type == "money" else f"最多 {places} 位小数"
        raise Wrong(f"{said}，请核对。")
    _bounds(element, number)
    return int(number) if number == number.to_integral_value() else float(number)


def _integer(element: DataElement, text: str, today: date | None) -> int:
    number = _decimal(element, text)
    if number != number.to_integral_value():
        raise Wrong(f"这里应填写整数，您填写的是 {number:f}。")
    _bounds(element, number)
    return int(number)


def _date(element: DataElement, text: str, today: date | None) -> str:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", plain)
    plain = re.sub(r"T\d{2}:\d{2}.*$", "", plain)
    found = _DAY.fullmatch(plain)
    if not found or (not plain.isascii() and not re.search("[年月]", plain)):
        raise Wrong("日期应写成“年-月-日”，例如 2026-02-25。")
    year, month, day = (int(part) for part in found.groups())
    if not 1 <= month <= 12:
        raise Wrong(f"没有 {month} 月，月份应为 1 到 12。")
    if not 1 <= year <= 9999 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        last = calendar.monthrange(max(year, 1), month)[1]
        raise Wrong(f"{year}年{month}月没有 {day} 日，这个月只有 {last} 天，请核对。")
    chosen = date(year, month, day)
    _day_bounds(element, chosen, today)
    return chosen.isoformat()


def _day_bounds(element: DataElement, chosen: date, today: date | None) -> None:
    for bound, before in ((element.earliest, True), (element.latest, False)):
        limit = today if bound == "today" else date.fromisoformat(bound) if bound else None
        if limit is None or (chosen >= limit if before else chosen <= limit):
            continue
        named = "今天" if bound == "today" else f"{limit.year}年{limit.month}月{limit.day}日"
        raise Wrong(
            f"不能{'早' if before else '晚'}于{named}，您填写的是{chosen.year}年{chosen.month}月{chosen.day}日。"
        )


def _boolean(element: DataElement, text: str, today: date | None) -> bool:
    word = text.lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    raise Wrong("请选择“是”或者“否”。")


def _choice(element: DataElement, text: str, today: date | None) -> str:
    for choice in element.choices:
        if text in (choice.code, choice.name):
            return choice.code
    raise Wrong(f"没有“{text[:30]}”这个选项，请从{_listed(element)}中选择。")


def _listed(element: DataElement) -> str:
    names = [f"“{choice.name}”" for choice in element.choices[:8]]
    return "".join(names) + ("等" if len(element.choices) > 8 else "")


def _several(element: DataElement, value: Any) -> list[str] | None:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, Sequence):
        raise Wrong(f"这里应选择一项或者几项，请从{_listed(element)}中选择。")
    chosen = set()
    for part in value:
        text = _text(element, part)
        if text:
            chosen.add(_choice(element, text, None))
    return [choice.code for choice in element.choices if choice.code in chosen] or None


def _phone(element: DataElement, text: str, today: date | None) -> str:
    return _by_identity(lambda: identity.check_phone(text))


def _id_number(element: DataElement, text: str, today: date | None) -> str:
    return _by_identity(lambda: identity.check_id_number(text, on=today))


def _uscc(element: DataElement, text: str, today: date | None) -> str:
    return _by_identity(lambda: identity.check_uscc(text))


def _by_identity(check: Callable[[], str]) -> str:
    try:
        return check()
    except Invalid as wrong:
        raise Wrong(wrong.message) from wrong


def _division(element: DataElement, text: str, today: date | None) -> str:
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[1-9]\d(\d{4}|\d{7}|\d{10})?", code) or not code.isascii():
        raise Wrong("行政区划应为 12 位数字的区划代码，例如 440199001000，请从列表中选择。")
    return code.ljust(12, "0")


def _address(element: DataElement, value: Any) -> dict[str, str] | None:
    if isinstance(value, str):
        value = {"detail": value}
    if not isinstance(value, Mapping):
        raise Wrong("地址应写明所在区划和详细地址。")
    unknown = [str(key) for key in value if key not in ("division", "detail")]
    if unknown:
        raise Wrong(f"地址里没有“{unknown[0][:30]}”这一项，只有 division（区划代码）和 detail（详细地址）。")
    division, detail = _text(element, value.get("division")), _text(element, value.get("detail"))
    detail = re.sub(r"\s+", " ", detail)
    if not division and not detail:
        return None
    if division:
        division = _division(element, division, None)
    if not detail:
        raise Wrong("请填写详细地址，写到路名和门牌号。")
    if len(detail) > element.longest:
        raise Wrong(f"详细地址最多 {element.longest} 个字，您填写了 {len(detail)} 个字，请精简。")
    return {"division": division, "detail": detail}


def _table(
    element: DataElement, value: Any, today: date | None, columns: Columns
) -> list[dict[str, Any]] | None:
    if not isinstance(value, list | tuple):
        raise Wrong(f"“{element.name}”应为若干行，每行填写各列的内容。")
    if len(value) > element.most_rows + 50:
        raise Wrong(f"“{element.name}”最多 {element.most_rows} 行。")
    rows, wrong = [], {}
    for number, given in enumerate(value):
        row, cells = _row(element, given, number, today, columns)
        wrong.update(cells)
        if row:
            rows.append(row)
    if wrong:
        raise Wrong(f"“{element.name}”有 {len(wrong)} 处需要修改。", wrong)
    if len(rows) > element.most_rows:
        raise Wrong(f"“{element.name}”最多 {element.most_rows} 行，您填写了 {len(rows)} 行。")
    if rows and len(rows) < element.fewest_rows:
        raise Wrong(f"“{element.name}”至少填写 {element.fewest_rows} 行，您填写了 {len(rows)} 行。")
    return rows or None


def _row(
    element: DataElement, given: Any, number: int, today: date | None, columns: Columns
) -> tuple[dict[str, Any], dict[str, str]]:
    if not isinstance(given, Mapping):
        raise Wrong(f"“{element.name}”第 {number + 1} 行应写明各列的内容。")
    row: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for code in given:
        if code not in element.columns:
            wrong[f"{number}.{str(code)[:64]}"] = f"第 {number + 1} 行：没有“{str(code)[:30]}”这一列。"
    for code in element.columns:
        column = columns(code)
        if column is None:
            continue
        try:
            cell = clean(column, given.get(code), today=today)
        except Wrong as refused:
            wrong[f"{number}.{code}"] = f"第 {number + 1} 行{column.name}：{refused.sentence}"
            continue
        if cell is not None:
            row[code] = cell
    if row and not wrong:
        wrong = _missing_cells(element, row, number, columns)
    return row, wrong


def _missing_cells(
    element: DataElement, row: Mapping[str, Any], number: int, columns: Columns
) -> dict[str, str]:
    """A row that is begun is filled in whole, apart from the optional columns."""
    return {
        f"{number}.{code}": f"第 {number + 1} 行：请填写{column.name}。"
        for code in element.columns
        if code not in row and code not in element.optional_columns and (column := columns(code))
    }


_SCALARS: dict[str, Callable[[DataElement, str, date | None], Any]] = {
    "text": _plain_text,
    "long_text": _plain_text,
    "email": _email,
    "number": _number,
    "money": _number,
    "integer": _integer,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "phone": _phone,
    "id_number": _id_number,
    "uscc": _uscc,
    "division": _division,
}
