"""SQL of the hot path, written once: reads are built as querysets, writes as model rows; later calls only bind values.

Turning a queryset with joins into SQL, or a model row into an INSERT, takes the ORM longer than the database needs to answer.
"""

from yimen.kernel.frozen.reading import Slot, rows
from yimen.kernel.frozen.writing import insert, update

__all__ = ["Slot", "insert", "rows", "update"]
