"""What can be known of a content or a code without the database: is it complete, what is wrong with it, what changed, how it reads."""

from yimen.modules.items.canonical import digest_of, parse_content, plain
from yimen.modules.items.compare import Pair, compare, compare_sets, grouped, verdict
from yimen.modules.items.lint import UNCONFIRMED, Severity, lint
from yimen.modules.items.lint.spans import longer
from yimen.modules.items.presenting import guide_of
from yimen.modules.items.rules import (
    TYPE_OF_CODE,
    ParsedCode,
    code_shape_problem,
    parse_item_code,
    uscc_problem,
)

__all__ = [
    "TYPE_OF_CODE", "UNCONFIRMED", "Pair", "ParsedCode", "Severity", "code_shape_problem", "compare", "compare_sets", "digest_of",
    "grouped", "guide_of", "lint", "longer", "parse_content", "parse_item_code", "plain", "uscc_problem", "verdict",
]  # fmt: skip
