"""Applications that were handed in as one thing: their theme and plan as they were then."""

from collections.abc import Iterable
from dataclasses import dataclass

from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.modules.themes.compiling.compiler import NOTHING
from yimen.modules.themes.compiling.values import Compiled
from yimen.modules.themes.models import ThemeApplication
from yimen.modules.themes.queries.published import PublishedTheme, version_pinned
from yimen.modules.themes.queries.remembering import compiled as compile_remembered


@dataclass(frozen=True, kw_only=True)
class Pursued:
    """One thing as it was applied for.

    Args:
        theme: the version pinned.
        compiled: the plan under the standards pinned, whatever came since.
        promised_days: the joint promise in working days.
    """

    theme: PublishedTheme
    compiled: Compiled
    promised_days: int


def theme_of_application(application: cases.Application) -> Pursued | None:
    """The one thing that an application belongs to, None when it was not handed in through a theme.

    The caller has made sure that the actor may see the application.
    """
    found = ThemeApplication.objects.filter(application=application).first()
    if found is None:
        return None
    theme = version_pinned(found.version_id)
    standards = [items.pinned(standard_id) for standard_id in found.standards.values()]
    return Pursued(
        theme=theme,
        compiled=compile_remembered(theme.content, standards, found.answers, NOTHING),
        promised_days=found.promised_days,
    )


def names_of_applications(application_ids: Iterable[int]) -> dict[int, str]:
    """Application id to the name of the one thing as it was applied for; one statement however many, none for none.

    The caller has made sure that the actor may see the applications.
    """
    wanted = set(application_ids)
    if not wanted:
        return {}
    rows = ThemeApplication.objects.filter(application_id__in=wanted)
    return {key: str(name) for key, name in rows.values_list("application_id", "version__content__name")}
