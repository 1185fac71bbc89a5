"""The register of grants: code names them, each module's ``permissions.py`` declares them at import.

The three administrators (系统管理员、安全管理员、审计管理员, GB/T 22239-2019 安全管理中心) exclude one another: a grant may belong to one
of three families, and neither a role nor an account may hold grants of two of them.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Family(StrEnum):
    """Whose duty a grant is; most grants belong to none."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


FAMILY_NAMES = {Family.SYSTEM: "系统管理员", Family.SECURITY: "安全管理员", Family.AUDIT: "审计管理员"}

_labels: dict[str, str] = {}
_families: dict[str, Family] = {}


def declare_grants(grants: Mapping[str, str], family: Family | None = None) -> None:
    """Make grants known: name (``portal:noun:verb``) to its label in Chinese. Declaring again changes nothing."""
    _labels.update(grants)
    if family is not None:
        _families.update(dict.fromkeys(grants, family))


def declared_grants() -> list[tuple[str, str]]:
    """Every known grant with its label, sorted by name."""
    return sorted(_labels.items())


def label_of(grant: str) -> str:
    return _labels.get(grant, grant)


def undeclared(grants: Iterable[str]) -> list[str]:
    """Those of the given grants that no module declared."""
    return sorted(set(grants) - _labels.keys())


def families_of(grants: Iterable[str]) -> set[Family]:
    """The administrators whose duties are among these grants."""
    return {_families[grant] for grant in grants if grant in _families}
