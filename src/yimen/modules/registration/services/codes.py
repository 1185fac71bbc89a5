"""Giving out credit codes: each once, however many ask at the same moment."""

import os
import threading
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import F

from yimen.foundation.identity.api import LegalEntity
from yimen.foundation.params import api as params
from yimen.kernel.errors import NotPossible
from yimen.modules.registration.models import CodeCounter, MarketEntity
from yimen.modules.registration.params import CODE_PREFIX
from yimen.modules.registration.rules import codes

BLOCK = 100
"""Serials a process takes at a time on PostgreSQL: the increment of the sequence (second migration)."""
SEQUENCE = "registration_code_block"
ATTEMPTS = 50
_lock = threading.Lock()
_blocks: dict[tuple[int, str], range] = {}


def take_serials(count: int) -> list[int]:
    """Serials that nobody else ever gets. A rolled back transaction leaves a gap on PostgreSQL, none on SQLite."""
    if connection.vendor != "postgresql":
        return list(_from_row(count))
    store = (os.getpid(), str(connection.settings_dict["NAME"]))
    taken: list[int] = []
    with _lock:
        left = _blocks.get(store, range(0))
        while len(taken) < count:
            left = left or _from_sequence()
            part = min(count - len(taken), len(left))
            taken += left[:part]
            left = left[part:]
        _blocks[store] = left
    return taken


def _from_sequence() -> range:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        [start] = cursor.fetchone()
    return range(start, start + BLOCK)


def _from_row(count: int) -> range:
    with transaction.atomic():
        row, _ = CodeCounter.objects.select_for_update().get_or_create(pk=1)
        CodeCounter.objects.filter(pk=1).update(next_serial=F("next_serial") + count)
    return range(row.next_serial, row.next_serial + count)


def take_codes(head: str, division: str, on: date, count: int = 1) -> list[str]:
    """New credit codes of a division of registration.

    Args:
        head: ``91`` enterprise, ``92`` sole trader, ``93`` cooperative.
        division: six digits or more.
        on: the day, for the range of codes in force.

    Raises:
        NotPossible: the range of codes is used up.
    """
    prefix = str(params.value(CODE_PREFIX.code, orgs_code(division), on=on))
    try:
        return [
            codes.credit_code(head, division, codes.organisation_body(serial, prefix))
            for serial in take_serials(count)
        ]
    except ValueError:
        raise NotPossible(
            f"主体标识码号段 {prefix} 已经用完。", would_pass="请系统管理员在“参数”里换上新领取的号段。"
        ) from None


def orgs_code(division: str) -> str:
    """Twelve digits of a division code."""
    return division[:12].ljust(12, "0")


def free_code(head: str, division: str, on: date) -> str:
    """A new code that no entity carries, whoever registered it: codes brought along by an import are stepped over."""
    for _ in range(ATTEMPTS):
        [code] = take_codes(head, division, on)
        if not is_known([code]):
            return code
    raise NotPossible("暂时取不到新的代码，请稍后再试。")


def is_known(wanted: Iterable[str]) -> bool:
    """Does anybody carry one of these codes?"""
    wanted = list(wanted)
    return (
        MarketEntity.objects.filter(uscc__in=wanted).exists()
        or LegalEntity.objects.filter(uscc__in=wanted).exists()
    )
