"""What a check finds, and what a check is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from yimen.modules.items.content import StandardContent
from yimen.modules.items.wording import place_words

POSTS = frozenset({"receiver", "reviewer", "inspector", "head", "certifier"})
"""Posts that every deciding organisation has; a district may pass its own."""


class Severity(StrEnum):
    """An error blocks publishing; a warning asks the author to look again."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at.

    Args:
        code: stable name of the rule.
        severity: error or warning.
        where: path in the content, such as ``materials.2.name``; "" = the whole.
        sentence: what is wrong and what would be right.
        clause: the law, standard or practice behind the rule.
    """

    code: str
    severity: Severity
    where: str
    sentence: str
    clause: str

    @property
    def place(self) -> str:
        """Where, in words: 申请材料第3项的名称."""
        return place_words(self.where)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a check may know besides the content."""

    posts: frozenset[str] = POSTS


Found = Iterator[tuple[str, str]]
"""(where, sentence) pairs."""
Check = Callable[[StandardContent, Context], Found]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row of the table: ``clause`` says where the rule comes from."""

    code: str
    title: str
    clause: str
    severity: Severity
    check: Check
