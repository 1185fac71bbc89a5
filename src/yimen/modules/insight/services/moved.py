"""Due days that a new calendar or a shorter promise moved."""

from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.insight.rules.parts import in_parts
from yimen.modules.insight.services.folding import refresh

CHUNK = 500


def refresh_moved(recount_id: int) -> int:
    """Fold the cases whose clocks a recount moved, some hundreds at a time."""
    moves = deadlines.moves_of(recount_id).filter(clock__subject_kind="case").order_by()
    numbers = moves.values("clock__subject_key")
    ids = cases.Case.objects.filter(number__in=numbers).order_by("pk").values_list("pk", flat=True)
    return sum(refresh(part) for part in in_parts(ids.iterator(chunk_size=CHUNK), CHUNK))
