"""Answers already given, so that a repeated write is not done twice."""

from django.db import models


class IdempotencyRecord(models.Model):
    """One write and its answer, kept for a day under the caller's own key."""

    account_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["at"], name="idempotency_age")]
