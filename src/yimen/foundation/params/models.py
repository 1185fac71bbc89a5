"""Values that differ by place or change with time."""

from typing import Any

from django.db import models
from django.db.models import F

from yimen.foundation.params import kept


class ReferenceChange(models.Model):
    """How often something that processes keep has changed: one row, read with every caller's grants."""

    number = models.BigIntegerField(default=0)

    @classmethod
    def count_one(cls) -> None:
        """One more change, after it was committed: nobody who was told of it can meet a process that does not notice."""
        if not cls.objects.update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})


class Reference(models.Model):
    """A row that seldom changes and that processes may keep (``Kept``); a change of one drops what they keep.

    Changes in sets do not come by here: whoever makes one that touches kept rows saves one of them as well.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        kept.changing(ReferenceChange.count_one)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **options)
        kept.changing(ReferenceChange.count_one)
        return gone


class Param(Reference):
    """One value of a declared parameter from a day on, perhaps for one division and all below it."""

    code = models.CharField(max_length=80)
    value = models.JSONField()
    division = models.CharField(max_length=12, blank=True, default="")
    clause = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateField()
    set_by_id = models.BigIntegerField(null=True, blank=True)
    set_by_name = models.CharField(max_length=80, blank=True, default="")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("code", "division", "-valid_from", "-id")
        indexes = (models.Index(fields=["code", "division", "valid_from"], name="param_lookup"),)

    def __str__(self) -> str:
        return f"{self.code} {self.division or '*'} {self.valid_from}"
