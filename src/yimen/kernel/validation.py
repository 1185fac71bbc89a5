"""What a failed shape check says to a person: one Chinese sentence a field."""

from typing import Any

from pydantic import ValidationError

from yimen.kernel.errors import Invalid

SENTENCES = {
    "missing": "这一项必须填写。",
    "extra_forbidden": "没有这一项，请去掉。",
    "string_too_short": "太短，至少{min_length}个字。",
    "string_too_long": "太长，最多{max_length}个字。",
    "string_pattern_mismatch": "格式不对。",
    "string_type": "应当是文字。",
    "int_type": "应当是整数。",
    "int_parsing": "应当是整数。",
    "int_from_float": "应当是整数。",
    "float_parsing": "应当是数字。",
    "decimal_parsing": "应当是数字。",
    "bool_type": "应当是 true 或 false。",
    "bool_parsing": "应当是 true 或 false。",
    "list_type": "应当是列表。",
    "tuple_type": "应当是列表。",
    "dict_type": "应当是对象。",
    "model_type": "应当是对象。",
    "literal_error": "应当是{expected}之一。",
    "enum": "应当是{expected}之一。",
    "greater_than_equal": "不能小于{ge}。",
    "less_than_equal": "不能大于{le}。",
    "greater_than": "应当大于{gt}。",
    "less_than": "应当小于{lt}。",
    "too_short": "至少要有{min_length}项。",
    "too_long": "最多{max_length}项。",
    "date_from_datetime_parsing": "应当是日期，如 2026-02-25。",
    "date_parsing": "应当是日期，如 2026-02-25。",
    "datetime_parsing": "应当是时间，如 2026-02-25T09:00:00+08:00。",
    "json_invalid": "不是有效的 JSON。",
}


def sentence_of(error: Any) -> str:
    """The Chinese sentence of one pydantic error (a mapping with ``type`` and ``ctx``)."""
    template = SENTENCES.get(error["type"], "填写不对。")
    return template.format_map({"expected": "", **(error.get("ctx") or {})})


def invalid_from(failed: ValidationError, *, prefix: tuple[str, ...] = ()) -> Invalid:
    """A refusal with a sentence for each field that failed."""
    return invalid_from_errors(list(failed.errors()), prefix=prefix)


def invalid_from_errors(errors: list[Any], *, prefix: tuple[str, ...] = ()) -> Invalid:
    """The same from a list of error mappings, as the REST layer gets them."""
    fields = {".".join(map(str, (*prefix, *error["loc"]))) or "body": sentence_of(error) for error in errors}
    where = "、".join(list(fields)[:3])
    return Invalid(f"提交的内容不符合要求（{where}），请按提示修改。", fields=fields)
