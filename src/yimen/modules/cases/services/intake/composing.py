"""The seam for what makes an application out of more than a list of items: a higher module registers how."""

from collections.abc import Callable, Mapping
from datetime import datetime

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.cases.models import Application
from yimen.modules.cases.services.intake.hand_in import HandIn

Composer = Callable[[HandIn, str, Mapping[str, str], Actor, datetime], Application]
_composers: list[Composer] = []


def register_composer(composer: Composer) -> None:
    """Let ``composer(command, theme code, answers, actor, at)`` hand in applications that name a theme."""
    _composers[:] = [composer]


def compose(
    command: HandIn, theme: str, answers: Mapping[str, str], actor: Actor, at: datetime
) -> Application:
    """Hand in what a theme makes of these answers.

    Raises:
        NotFound: nothing here knows themes.
    """
    if not _composers:
        raise NotFound(f"没有“{theme[:40]}”这件事。")
    return _composers[0](command, theme, answers, actor, at)
