"""What a read rule can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from yimen.kernel.expressions.evaluation import Run, condition
from yimen.kernel.expressions.explaining import FailedClause, failed_clauses
from yimen.kernel.expressions.nodes import TODAY, Call, Name, Node, walk
from yimen.kernel.expressions.printing import printed
from yimen.kernel.expressions.reading import read


@dataclass(frozen=True)
class Expression:
    """One rule, read and compiled; equal when the text is equal.

    Args:
        text: the rule as written.
    """

    text: str
    node: Node = field(compare=False, repr=False)
    _run: Run = field(compare=False, repr=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """The data elements that the rule reads (``today`` among them when ``age_on`` needs it)."""
        found = {node.name for node in walk(self.node) if isinstance(node, Name)}
        if any(
            isinstance(node, Call) and node.function == "age_on" and len(node.arguments) == 1
            for node in walk(self.node)
        ):
            found.add(TODAY)
        return frozenset(found)

    def evaluate(self, values: Mapping[str, Any]) -> bool | None:
        """True, false, or ``None``: unknown, because something is not filled in (as SQL answers NULL)."""
        answer: bool | None = self._run(values)
        return answer

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Does the rule hold for certain?"""
        return self._run(values) is True

    def explain(
        self, values: Mapping[str, Any], labels: Mapping[str, str] | None = None
    ) -> list[FailedClause]:
        """The clauses that keep the rule from holding, in words; empty when it holds.

        Args:
            values: the values judged.
            labels: what people call the names, code to words.
        """
        return failed_clauses(self.node, values, labels or {})

    def sql(self, dialect: str = "sqlite") -> str:
        """The rule as an SQL condition for ``sqlite``, ``postgres`` or ``duckdb``."""
        return printed(self.node, dialect)


@lru_cache(maxsize=8192)
def parse(text: str) -> Expression:
    """Read a rule; the same text is read once.

    Raises:
        ExpressionError: with one sentence and the position.
    """
    node = read(text)
    return Expression(text, node, condition(node))
