"""The cubes' tables, what each case adds to them, and runs of what-if.

Keys are plain values, not foreign keys: a row of a cube is the sum over many cases, and a unique key without empty values
lets one statement add to thousands of rows at once.
"""

from django.conf import settings
from django.db import models

from yimen.modules.insight.rules.cubes import (
    CASES,
    FLOW_MEASURES,
    ITEMS,
    MOVE_MEASURES,
    MOVES,
    PRESSURE,
    PRESSURE_MEASURES,
    STANDING,
    STANDING_MEASURES,
    Cube,
)


class Contribution(models.Model):
    """What one case adds to the cubes now; replaced as a whole whenever something happens to the case."""

    case_id = models.BigIntegerField(unique=True)
    text = models.TextField(blank=True, default="")


class Placed(models.Model):
    """The dimensions that every cube has."""

    division = models.CharField(max_length=12)
    organisation = models.BigIntegerField()
    centre = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class Flow(Placed):
    """What happened on a day."""

    day = models.DateField()
    channel = models.CharField(max_length=12)

    class Meta:
        abstract = True


for _name in FLOW_MEASURES:
    Flow.add_to_class(_name, models.BigIntegerField(default=0))


class CaseCell(Flow):
    """A row of the cube ``cases``."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=CASES.dimensions, name="case_cell_key")]
        indexes = [
            models.Index(fields=["organisation", "day"], name="case_cell_organisation"),
            models.Index(fields=["centre", "day"], name="case_cell_centre"),
        ]


class ItemCell(Flow):
    """A row of the cube ``items``."""

    item = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=ITEMS.dimensions, name="item_cell_key")]
        indexes = [
            models.Index(fields=["organisation", "day"], name="item_cell_organisation"),
            models.Index(fields=["item", "day"], name="item_cell_item"),
        ]


class HourCell(Placed):
    """A row of the cube ``pressure``."""

    day = models.DateField()
    hour = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=PRESSURE.dimensions, name="hour_cell_key")]
        indexes = [models.Index(fields=["centre", "day"], name="hour_cell_centre")]


for _name in PRESSURE_MEASURES:
    HourCell.add_to_class(_name, models.BigIntegerField(default=0))


class MoveCell(Placed):
    """A row of the cube ``moves``."""

    day = models.DateField()
    act = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=MOVES.dimensions, name="move_cell_key")]
        indexes = [models.Index(fields=["organisation", "day"], name="move_cell_organisation")]


for _name in MOVE_MEASURES:
    MoveCell.add_to_class(_name, models.BigIntegerField(default=0))


class StandingCell(Placed):
    """A row of the cube ``standing``: how many cases are in a state now, due on which day."""

    state = models.CharField(max_length=30)
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=STANDING.dimensions, name="standing_cell_key")]
        indexes = [models.Index(fields=["organisation", "state"], name="standing_cell_organisation")]


for _name in STANDING_MEASURES:
    StandingCell.add_to_class(_name, models.BigIntegerField(default=0))

Cell = type[CaseCell] | type[ItemCell] | type[HourCell] | type[MoveCell] | type[StandingCell]
TABLES: dict[str, Cell] = {
    CASES.name: CaseCell,
    ITEMS.name: ItemCell,
    PRESSURE.name: HourCell,
    MOVES.name: MoveCell,
    STANDING.name: StandingCell,
}


def table_of(cube: Cube) -> Cell:
    """The table that holds a cube."""
    return TABLES[cube.name]


class Experiment(models.Model):
    """One run of what-if: the world that was, the world changed, both as the model sees them."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    organisation = models.BigIntegerField()
    division = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField()
    seed = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["organisation", "-id"], name="experiment_organisation")]

    @property
    def state(self) -> str:
        """waiting, running, done or failed."""
        if self.error:
            return "failed"
        if self.finished_at:
            return "done"
        return "running" if self.started_at else "waiting"
