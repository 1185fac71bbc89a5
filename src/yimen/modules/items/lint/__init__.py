"""Quality of a standard: rules as a table, findings that say where, why and what would be right (pure)."""

from yimen.modules.items.content import StandardContent
from yimen.modules.items.lint.findings import POSTS, Context, Finding, Rule, Severity
from yimen.modules.items.lint.legal import LEGAL
from yimen.modules.items.lint.quality import QUALITY, UNCONFIRMED

RULES: tuple[Rule, ...] = (*LEGAL, *QUALITY)
"""Every rule, the ones of law first."""

__all__ = ["POSTS", "RULES", "UNCONFIRMED", "Finding", "Rule", "Severity", "lint"]


def lint(content: StandardContent, posts: frozenset[str] = POSTS) -> list[Finding]:
    """Everything to look at, errors first, then in the order of the table.

    Args:
        content: a version, published or not.
        posts: codes of the posts that steps may name.
    """
    context = Context(posts=posts)
    found = [
        Finding(code=rule.code, severity=rule.severity, where=where, sentence=sentence, clause=rule.clause)
        for rule in RULES
        for where, sentence in rule.check(content, context)
    ]
    return sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)
