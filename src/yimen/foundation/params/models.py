"""Values that differ by place or change with time."""

from django.db import models


class Param(models.Model):
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
