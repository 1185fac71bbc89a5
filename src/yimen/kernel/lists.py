"""Lists out of the store whose cost does not grow with what lies in it.

Programs read on by key: what stands behind a row costs the same at the beginning of a list and after a million rows. People
turn pages, and count, up to ``MOST_COUNTED`` rows; whoever looks for something beyond narrows the list.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from yimen.kernel.errors import Invalid
from yimen.kernel.paging import MOST_COUNTED, Page, window

M = TypeVar("M", bound=Model)
AFTER = "`after`：接着这个编号之后列（用上一次答复里的 `next`），这时不看 `page`。要读完整个清单时用它：不会因为新增而重复，再长也一样快。"
"""What lists for programs say of their parameter ``after``."""


def key_behind(rows: "QuerySet[M]", after: str, named_by: str = "number") -> int:
    """The key of the row with a number: in a list that shows the newest first, the rows behind it have smaller ones.

    Args:
        rows: what the caller may see; a number outside is as unknown as one that does not exist.
        after: number of a row.
        named_by: the field that numbers them.

    Raises:
        Invalid: there is no such row.
    """
    key = rows.order_by().filter(**{named_by: after}).values_list("pk", flat=True).first()
    if key is None:
        told = "请填上一次答复里的 next，它是上一页最后一行的编号。"
        raise Invalid("没有这个编号，不知道从哪里接着列。", code="unknown_key", fields={"after": told})
    return int(key)


def refuse_far_page(offset: int, count: int) -> None:
    """Refuse a numbered page so far behind that the way there is long; beyond the end of the list there is just nothing.

    Raises:
        Invalid: the page lies more than ``MOST_COUNTED`` rows behind.
    """
    if MOST_COUNTED <= offset < count:
        told = f"页码只翻到第{MOST_COUNTED}行；再往后请用 after 接着列，或者加条件缩小范围。"
        raise Invalid("页码太靠后。", code="page_too_far", fields={"page": told})


def next_key(results: Sequence[Any], size: int, named_by: str = "number") -> str | None:
    """What to name to read on: the number of the last row of a full page, nothing at the end of the list."""
    return str(getattr(results[-1], named_by)) if len(results) == size else None


def counted(rows: "QuerySet[M]") -> tuple[int, bool]:
    """How many rows there are, counted up to ``MOST_COUNTED``; and whether there are more."""
    count = rows.order_by().select_related(None)[: MOST_COUNTED + 1].count()
    return min(count, MOST_COUNTED), count > MOST_COUNTED


def page_of(rows: "QuerySet[M]", asked: int, size: int, known: tuple[int, bool] | None = None) -> Page[M]:
    """A page of a list that people turn; one beyond the last shows the last.

    Args:
        known: what ``counted`` said, where that is known already.
    """
    count, more = known or counted(rows)
    offset, limit, number = window(min(asked, max(1, -(-min(count, MOST_COUNTED) // size))), size)
    return Page(
        count=count, results=list(rows[offset : offset + limit]), number=number, size=limit, more=more
    )
