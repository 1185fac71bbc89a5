"""Runs of the verification of the whole trace, with their progress."""

from django.conf import settings
from django.db import models


class Verification(models.Model):
    """One run: every chain and every seal recomputed, what did not hold."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    chains = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    breaks = models.JSONField(default=list)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"验证{self.pk}"

    @property
    def state(self) -> str:
        """waiting, running, done or failed."""
        if self.error:
            return "failed"
        if self.finished_at:
            return "done"
        return "running" if self.started_at else "waiting"

    @property
    def holds(self) -> bool:
        return self.state == "done" and not self.faults
