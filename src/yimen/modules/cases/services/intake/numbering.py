"""Application numbers: division, day, serial, check digit.

``4499012611210000013``: six digits of the division, the day (yymmdd), six digits of a running serial, and an ISO 7064
MOD 11,10 check digit, so that a number misread over the telephone is noticed. Processes take serials in blocks: numbers never
repeat, but a restart leaves a gap.
"""

import os
import threading
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.db.models import F
from stdnum.iso7064 import mod_11_10

from yimen.kernel.clock import CHINA
from yimen.modules.cases.models import SerialCounter

BLOCK = 50
"""Size of a block; on PostgreSQL also the increment of the sequence (first migration)."""
SEQUENCE = "cases_number_block"
_lock = threading.Lock()
_blocks: dict[str, range] = {}
os.register_at_fork(after_in_child=_blocks.clear)  # two processes must not hand out the same block


def take_number(division: str, at: datetime) -> str:
    """The next application number.

    Args:
        division: division code of the deciding authority (its first six digits count).
        at: the moment of handing in.
    """
    body = f"{division[:6].ljust(6, '0')}{at.astimezone(CHINA):%y%m%d}{_next_serial() % 1_000_000:06d}"
    return body + str(mod_11_10.calc_check_digit(body))


def _next_serial() -> int:
    if connection.vendor != "postgresql" and connection.in_atomic_block:
        # A block reserved in a transaction that is rolled back would be handed out twice.
        return _reserve_row(1).start
    store = str(connection.settings_dict["NAME"])
    with _lock:
        block = _blocks.get(store) or _reserve()
        _blocks[store] = block[1:]
        return block[0]


def _forget_blocks(**_: Any) -> None:
    """A server that crashed may have forgotten that it gave the last block, and gives it again; every connection to it
    is new then."""
    _blocks.clear()


connection_created.connect(_forget_blocks, dispatch_uid="yimen.numbering")


def _reserve() -> range:
    if connection.vendor != "postgresql":
        return _reserve_row(BLOCK)
    # A sequence is outside transactions: nobody waits for its row, and no rollback returns a number.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        [start] = cursor.fetchone()
    return range(start, start + BLOCK)


def _reserve_row(size: int) -> range:
    with transaction.atomic():
        row, _ = SerialCounter.objects.select_for_update().get_or_create(pk=1)
        SerialCounter.objects.filter(pk=1).update(next_serial=F("next_serial") + size)
    return range(row.next_serial, row.next_serial + size)
