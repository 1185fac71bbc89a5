"""What happened to clocks as a whole."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ClocksRecounted(Event):
    """Open clocks were recounted by a new calendar or limit; the moves are listed by ``api.moves_of``.

    Args:
        recount_id: the recount whose moves may be read.
        moved: how many clocks got another due day.
        why: the cause in one phrase.
    """

    recount_id: int
    moved: int
    why: str
