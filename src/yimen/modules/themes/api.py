"""The door of themes.

``published_themes`` lists; ``theme_with_code`` gives the version in force; ``compose`` makes it one applicant's own: which items
join, what is asked, the one form, the one set of materials, the plan; ``hand_in_theme`` applies for all of it at once.
``things_of`` is the set of materials as pages ask for it; ``known_of`` gathers what is known of the actor, form values known from
elsewhere may be added to its ``values``.
"""

from yimen.modules.themes.compiling.compiler import NOTHING, compile_standards
from yimen.modules.themes.compiling.plan import Circle
from yimen.modules.themes.compiling.proof import prove
from yimen.modules.themes.compiling.values import (
    Compiled,
    CompiledCondition,
    CompiledField,
    CompiledQuestion,
    CompiledRequirement,
    Conflict,
    Dropped,
    Edge,
    FeeLine,
    Fees,
    Known,
    PlannedItem,
    Proof,
    ProofRow,
    Saving,
    Savings,
)
from yimen.modules.themes.models import Theme, ThemeApplication, ThemeVersion
from yimen.modules.themes.permissions import PUBLISH, WRITE
from yimen.modules.themes.picturing import PlanPicture, PlanRow, picture
from yimen.modules.themes.queries.applications import (
    Pursued,
    names_of_applications,
    theme_of_application,
)
from yimen.modules.themes.queries.changes import ItemChange, changes_since
from yimen.modules.themes.queries.composing import Composed, LeftOut, Question, compose, compose_items
from yimen.modules.themes.queries.knowing import known_of, register_holdings
from yimen.modules.themes.queries.published import (
    PublishedTheme,
    ThemeLine,
    published_themes,
    theme_with_code,
    trades,
    version_pinned,
)
from yimen.modules.themes.queries.things import things_of
from yimen.modules.themes.queries.undertaking import (
    Undertaking,
    undertake_items,
    undertake_standards,
    undertake_theme,
)
from yimen.modules.themes.queries.work import changed_within_reach, themes_visible_to
from yimen.modules.themes.services.authoring import (
    NewTheme,
    create_theme,
    publish,
    resume,
    suspend,
    take_over,
)
from yimen.modules.themes.services.handing_in import (
    ThemeHandIn,
    dependencies_of,
    hand_in_theme,
    hand_in_undertaking,
    spread,
)

__all__ = [
    "NOTHING",
    "PUBLISH",
    "WRITE",
    "Circle",
    "Compiled",
    "CompiledCondition",
    "CompiledField",
    "CompiledQuestion",
    "CompiledRequirement",
    "Composed",
    "Conflict",
    "Dropped",
    "Edge",
    "FeeLine",
    "Fees",
    "ItemChange",
    "Known",
    "LeftOut",
    "NewTheme",
    "PlanPicture",
    "PlanRow",
    "PlannedItem",
    "Proof",
    "ProofRow",
    "PublishedTheme",
    "Pursued",
    "Question",
    "Saving",
    "Savings",
    "Theme",
    "ThemeApplication",
    "ThemeHandIn",
    "ThemeLine",
    "ThemeVersion",
    "Undertaking",
    "changed_within_reach",
    "changes_since",
    "compile_standards",
    "compose",
    "compose_items",
    "create_theme",
    "dependencies_of",
    "hand_in_theme",
    "hand_in_undertaking",
    "known_of",
    "names_of_applications",
    "picture",
    "prove",
    "publish",
    "published_themes",
    "register_holdings",
    "resume",
    "spread",
    "suspend",
    "take_over",
    "theme_of_application",
    "theme_with_code",
    "themes_visible_to",
    "things_of",
    "trades",
    "undertake_items",
    "undertake_standards",
    "undertake_theme",
    "version_pinned",
]
