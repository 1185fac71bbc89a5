"""A published version as an immutable value, and the process-wide memory of them (a published content never changes)."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from weakref import WeakValueDictionary

from yimen.modules.items.content import StandardContent

REMEMBERED = 4_000


@dataclass(frozen=True, kw_only=True)
class PublishedStandard:
    """A published version of an item's standard.

    Args:
        standard_id: its row; what a case pins.
        code, slug, name, type: of the item; ``name`` as this version says it.
        version: from 1.
        content: the whole parsed content.
        digest: sha256 of the canonical content.
        organisation_id, organisation_code, organisation_name, division_id, division_code, division_name: who decides.
            ``current`` and ``open_items`` say who decides now; ``pinned`` says who did when this process first read it.
        valid_from, valid_to: half-open period; ``valid_to`` None = until further notice (same remark).
    """

    standard_id: int
    item_id: int
    code: str
    slug: str
    name: str
    type: str
    version: int
    content: StandardContent
    digest: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    division_id: int
    division_code: str
    division_name: str
    valid_from: date
    valid_to: date | None


class Memory:
    """Least-recently-used values by standard id; safe between threads."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._values: OrderedDict[int, PublishedStandard] = OrderedDict()
        self._contents: WeakValueDictionary[str, StandardContent] = WeakValueDictionary()
        self._lock = Lock()

    def get(self, standard_id: int) -> PublishedStandard | None:
        with self._lock:
            value = self._values.get(standard_id)
            if value is not None:
                self._values.move_to_end(standard_id)
            return value

    def content_of(self, digest: str) -> StandardContent | None:
        """The content with this digest, where a remembered version has it: counties share the standards of their province."""
        with self._lock:
            return self._contents.get(digest) if digest else None

    def put(self, value: PublishedStandard) -> None:
        with self._lock:
            self._values[value.standard_id] = value
            if value.digest:
                self._contents[value.digest] = value.content
            self._values.move_to_end(value.standard_id)
            while len(self._values) > self._size:
                self._values.popitem(last=False)

    def forget(self, standard_ids: Iterable[int] | None = None) -> None:
        """Forget some, or all (tests that roll back reuse row numbers)."""
        with self._lock:
            if standard_ids is None:
                self._values.clear()
                self._contents.clear()
                return
            for standard_id in standard_ids:
                self._values.pop(standard_id, None)


MEMORY = Memory()
