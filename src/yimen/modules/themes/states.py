"""States of a theme and of a version of it, and the acts between them (pure)."""

from enum import StrEnum

from yimen.kernel.states import Machine, Step
from yimen.modules.items.api import reaches

WRITE = "console:theme:write"
PUBLISH = "console:theme:publish"


class ThemeState(StrEnum):
    """Whether the theme may be applied for."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUSPENDED = "suspended"


THEME_STATE_LABELS = {
    ThemeState.DRAFT: "编制中",
    ThemeState.PUBLISHED: "可以申请",
    ThemeState.SUSPENDED: "暂停",
}


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


VERSION_STATE_LABELS = {
    VersionState.DRAFT: "编制中",
    VersionState.PUBLISHED: "现行",
    VersionState.RETIRED: "已停用",
}

T = ThemeState
MACHINE: Machine[ThemeState] = Machine(
    T.DRAFT,
    (
        Step(
            name="publish",
            label="发布",
            sources=frozenset({T.DRAFT, T.PUBLISHED}),
            target=T.PUBLISHED,
            grants=frozenset({PUBLISH}),
            clause="国办发〔2025〕24号",
        ),
        Step(
            name="suspend",
            label="暂停",
            sources=frozenset({T.PUBLISHED}),
            target=T.SUSPENDED,
            grants=frozenset({PUBLISH}),
            clause="国办发〔2025〕24号",
        ),
        Step(
            name="resume",
            label="恢复",
            sources=frozenset({T.SUSPENDED}),
            target=T.PUBLISHED,
            grants=frozenset({PUBLISH}),
            clause="国办发〔2025〕24号",
        ),
    ),
    reaches,
)
