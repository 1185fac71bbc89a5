"""The shape of a form as the standard of an item carries it: sections of fields, each a data element.

Embedded in ``items.content.StandardContent.form``; JSON in and out by pydantic. Conditions are rule expressions
(``yimen.kernel.expressions``) over the codes of the form's own elements and the facts that the page passes as ``known``
(for example ``applicant_kind``, the answers to an item's situations, ``today``).
"""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from yimen.kernel.expressions import ExpressionError, parse
from yimen.modules.forms.elements import DataElement, element_named

LOCAL_PREFIX = "x_"


def _parsed(text: str) -> str:
    text = text.strip()
    if text:
        try:
            parse(text)
        except ExpressionError as error:
            raise ValueError(error.message) from error
    return text


Condition = Annotated[str, Field(max_length=4000), AfterValidator(_parsed)]
"""A rule expression as text; empty = always."""


class FormField(BaseModel):
    """One data element as this form asks it.

    Args:
        element: code of the data element (``data/elements.yaml``, or one of the form's own ``elements``).
        label: other words than the element's name, when the item needs them.
        required: must be filled whenever it is shown.
        required_when: must be filled when this holds (and it is shown).
        when: shown only when this holds.
        hint: other help than the element's own.
        default_from: fact to prefill from, such as ``person.name``; empty = the element's own source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    element: str = Field(min_length=1, max_length=64)
    label: str = Field(default="", max_length=100)
    required: bool = False
    required_when: Condition = ""
    when: Condition = ""
    hint: str = Field(default="", max_length=300)
    default_from: str = Field(default="", max_length=64)


class FormSection(BaseModel):
    """A small group of fields under one heading (a fieldset)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, max_length=100)
    hint: str = Field(default="", max_length=500)
    when: Condition = ""
    fields: tuple[FormField, ...] = ()


class FormDefinition(BaseModel):
    """A whole form.

    Args:
        title: heading, such as 食品经营许可申请表.
        sections: shown one below the other.
        elements: elements that only this form knows (district or item extension); their codes begin with ``x_``.

    Raises:
        pydantic.ValidationError: a condition is not a rule, an element is unknown or asked twice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="", max_length=200)
    sections: tuple[FormSection, ...] = ()
    elements: tuple[DataElement, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        own = [element.code for element in self.elements]
        for code in own:
            if not code.startswith(LOCAL_PREFIX):
                raise ValueError(
                    f"自定义数据元“{code}”的代码应以 {LOCAL_PREFIX} 开头，以免与标准数据元混淆。"
                )
        seen: set[str] = set()
        for field in self.fields():
            if field.element in seen:
                raise ValueError(f"数据元“{field.element}”在同一张表里出现了两次，每项只问一次。")
            seen.add(field.element)
            if self.element(field.element) is None:
                raise ValueError(
                    f"没有代码为“{field.element}”的数据元，请从数据元目录中选择，或在 elements 中定义。"
                )
        return self

    def fields(self) -> Iterator[FormField]:
        """Every field, in the order shown."""
        for section in self.sections:
            yield from section.fields

    def element(self, code: str) -> DataElement | None:
        """The data element behind a code: the form's own first, then the dictionary."""
        for element in self.elements:
            if element.code == code:
                return element
        return element_named(code)

    def label(self, field: FormField) -> str:
        """What the person reads beside the field."""
        if field.label:
            return field.label
        element = self.element(field.element)
        return element.name if element else field.element
