"""Data elements: what can be asked, once, with one meaning, whoever asks (GB/T 39046-2020 办事申请类数据元).

The dictionary is the data file ``data/elements.yaml``, read once at import into an immutable registry. Standards refer to
elements by code, and old versions of standards stay valid for ever: never remove a code, retire it in its hint.
A district adds its own elements inside a form (``FormDefinition.elements``, codes beginning with ``x_``).
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ElementType = Literal[
    "text",
    "long_text",
    "number",
    "money",
    "integer",
    "date",
    "boolean",
    "choice",
    "multi_choice",
    "phone",
    "email",
    "id_number",
    "uscc",
    "address",
    "division",
    "table",
]
Sensitivity = Literal["none", "personal", "sensitive"]

DEFAULT_LENGTH = {"text": 100, "long_text": 1000, "email": 100}
LONGEST = 5000
MOST_ROWS = 200


class Choice(BaseModel):
    """One answer of a choice: ``code`` is kept and compared, ``name`` is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[A-Za-z0-9_]{1,40}$")
    name: str = Field(min_length=1, max_length=100)


class DataElement(BaseModel):
    """One data element.

    Args:
        code: stable snake_case name, also its name in rule expressions.
        name: official Chinese name.
        type: decides check, rendering and JSON shape.
        length: most characters of a text.
        min, max: bounds of a number, an amount (yuan) or an integer; for tables the number of rows.
        earliest, latest: bounds of a date, ISO day or ``today``.
        pattern: regular expression that the whole text matches; ``pattern_hint`` says it in words.
        choices: answers of a choice.
        unit: shown behind the field.
        sensitive: none; personal (个人信息); sensitive (敏感个人信息，个人信息保护法第二十八条).
        source: the register that knows it: ``person.…``, ``entity.…``, ``account.…``.
        columns: columns of a table, codes of other elements; those in ``optional_columns`` may stay empty in a row.
        autocomplete: HTML autofill token.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,62}$")
    name: str = Field(min_length=1, max_length=60)
    type: ElementType
    group: str = ""
    length: int | None = Field(default=None, ge=1, le=LONGEST)
    min: Decimal | None = None
    max: Decimal | None = None
    earliest: str = ""
    latest: str = ""
    pattern: str = ""
    pattern_hint: str = ""
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    sensitive: Sensitivity = "none"
    source: str = ""
    hint: str = ""
    example: str = ""
    columns: tuple[str, ...] = ()
    optional_columns: tuple[str, ...] = ()
    autocomplete: str = ""

    @field_validator("choices", mode="before")
    @classmethod
    def _choices_from_mapping(cls, value: object) -> object:
        """YAML writes choices as ``{code: name}``."""
        if isinstance(value, dict):
            return [{"code": str(code), "name": str(name)} for code, name in value.items()]
        return value

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"格式表达式写法有误：{error}") from error
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.type in ("choice", "multi_choice")) != bool(self.choices):
            raise ValueError(f"“{self.name}”：选择类数据元要有选项，其他类型不能有选项。")
        if (self.type == "table") != bool(self.columns):
            raise ValueError(f"“{self.name}”：表格类数据元要有列，其他类型不能有列。")
        if not set(self.optional_columns) <= set(self.columns):
            raise ValueError(f"“{self.name}”：可不填的列应在列之中。")
        for bound in (self.earliest, self.latest):
            if bound not in ("", "today"):
                date.fromisoformat(bound)
        if self.pattern and not self.pattern_hint:
            raise ValueError(f"“{self.name}”：有格式要求时，要用一句话说明正确的写法。")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"“{self.name}”：最小值大于最大值。")
        if len({choice.code for choice in self.choices}) != len(self.choices):
            raise ValueError(f"“{self.name}”：选项代码重复。")
        return self

    @property
    def longest(self) -> int:
        """Most characters a text may have."""
        return self.length or DEFAULT_LENGTH.get(self.type, 100)

    @property
    def fewest_rows(self) -> int:
        """Least rows of a table that is filled in at all."""
        return int(self.min or 0)

    @property
    def most_rows(self) -> int:
        """Most rows of a table."""
        return min(int(self.max or MOST_ROWS), MOST_ROWS)

    def choice_name(self, code: str) -> str:
        """The words of a choice; the code itself when unknown."""
        return next((choice.name for choice in self.choices if choice.code == code), code)


def _read(path: Path) -> Mapping[str, DataElement]:
    registry: dict[str, DataElement] = {}
    for group, rows in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader).items():
        for code, row in rows.items():
            if code in registry:
                raise ValueError(f"element {code} is written twice")
            registry[code] = DataElement.model_validate({"code": code, "group": group, **row})
    return MappingProxyType(registry)


ELEMENTS: Mapping[str, DataElement] = _read(Path(__file__).parent / "data" / "elements.yaml")
"""The dictionary: code to element, in the order of the file."""


def element_named(code: str) -> DataElement | None:
    """The element of the dictionary with this code, ``None`` when there is none."""
    return ELEMENTS.get(code)
