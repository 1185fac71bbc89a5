"""The words for a grant, so that a refusal can say what is missing and who could help.

Modules declare their grants with ``identity.api.declare_grants``; this only reads them. Whoever knows the roles
installs ``answer_who_could_with(f)`` (the site does); without it the page names only the power that is missing.
"""

from collections.abc import Callable

from yimen.foundation.identity import api as identity

_finders: list[Callable[[str], list[str]]] = []


def label_of(grant: str) -> str:
    """The Chinese words for a grant, "" when nobody declared it."""
    return dict(identity.declared_grants()).get(grant, "")


def answer_who_could_with(finder: Callable[[str], list[str]]) -> None:
    """Install the function that names the roles holding a grant (the last one installed answers)."""
    _finders.append(finder)


def who_could(grant: str) -> list[str]:
    """Names of roles or posts that hold a grant; empty when unknown."""
    return _finders[-1](grant) if _finders else []
