"""The content of a theme: which items make one thing, and what their author decided by hand. Immutable once published."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from yimen.kernel.expressions import ExpressionError, parse
from yimen.modules.items.content import Audience, Limit, LongText, ShortText

WhenFailed = Literal["ask", "terminate"]
MOST_MEMBERS = 30


def _parsed(text: str) -> str:
    text = text.strip()
    if text:
        try:
            parse(text)
        except ExpressionError as error:
            raise ValueError(error.message) from error
    return text


Rule = Annotated[str, Field(max_length=1000), AfterValidator(_parsed)]
"""A rule expression over the theme's questions, the items' situations and what is known of the applicant; empty = always."""
ItemReference = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/\s\x00]+$")]
"""Slug or code of an item."""
PaperReference = Annotated[
    str, Field(max_length=110, pattern=r"^[^/\s\x00]+(/[A-Za-z0-9][A-Za-z0-9_-]{0,40})?$")
]
"""``item/requirement``; an item alone means what it results in."""


class Part(BaseModel):
    """Base of every part: frozen, and unknown keys are an error rather than silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ThemeQuestion(Part):
    """A question of the theme itself, which decides what joins.

    Args:
        code: name of the answer in rules; not the code of an item's situation.
        when: asked only while this may hold.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    question: ShortText
    options: tuple[ShortText, ...] = Field(min_length=2, max_length=20)
    hint: ShortText = ""
    when: Rule = ""


class Given(Part):
    """An answer that the theme itself gives to a situation question of its items, so that nobody is asked.

    Args:
        code: of the items' situation.
        answer: one of its options.
        when: only while this holds.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    answer: ShortText
    when: Rule = ""


class Member(Part):
    """One item of the theme.

    Args:
        item: slug or code.
        when: joins while this may hold; empty = always.
        note: why it belongs here, for the applicant.
    """

    item: ItemReference
    when: Rule = ""
    note: ShortText = ""


class Order(Part):
    """An order that the author sets beside those that follow from results.

    Args:
        before, after: slug or code of two members.
        when_failed: what becomes of the later one when the earlier is refused.
        clause: the article that wants this order.
    """

    before: ItemReference
    after: ItemReference
    why: ShortText
    clause: ShortText = ""
    when_failed: WhenFailed = "ask"


class Brings(Part):
    """Data that an item's result carries, which later items ask: nobody can fill it in before (the number of a new licence).

    Args:
        item: slug or code of the member whose result it is.
        elements: codes of data elements.
    """

    item: ItemReference
    elements: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] = Field(
        min_length=1, max_length=30
    )


class ThemeContent(Part):
    """Everything that one version of a theme says.

    Args:
        trade: industry, for the themes of opening a business; empty for others.
        lead: code of the organisation that answers for the whole.
        given: situation answers that follow from the theme.
        members: in the order of the catalogue.
        same: requirements that are one paper, each a list of ``item/requirement`` (an item alone: its result).
        different: requirements of which no two are one paper.
        brings: data elements that come with an item's result and are not asked while that item joins.
        handover: results one by one as they come (``each``) or all at the end (``together``); the applicant may choose.
        joint_limit: a shorter promise than the compiled one, in working days; never a longer.
    """

    name: ShortText = Field(min_length=2)
    summary: LongText = ""
    aliases: tuple[ShortText, ...] = Field((), max_length=30)
    audience: tuple[Audience, ...] = Field(("person",), min_length=1)
    trade: ShortText = ""
    lead: Annotated[str, Field(max_length=40)] = ""
    questions: tuple[ThemeQuestion, ...] = Field((), max_length=20)
    given: tuple[Given, ...] = Field((), max_length=60)
    members: tuple[Member, ...] = Field((), max_length=MOST_MEMBERS)
    same: tuple[tuple[PaperReference, ...], ...] = Field((), max_length=200)
    different: tuple[tuple[PaperReference, ...], ...] = Field((), max_length=200)
    edges: tuple[Order, ...] = Field((), max_length=200)
    brings: tuple[Brings, ...] = Field((), max_length=30)
    handover: Literal["each", "together"] = "each"
    joint_limit: Limit | None = None
    consult_phone: ShortText = ""
