"""The stored trace: append-only, each event chained to the one before it in its subject's own chain."""

from django.db import models


class Event(models.Model):
    """One act upon one subject.

    ``data`` is canonical JSON kept as text, not as a database JSON value, because the hash covers its exact characters.
    """

    subject_kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80)
    on_behalf = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=20)
    act = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    clause = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    data = models.TextField(blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key", "sequence"], name="trace_event_place"
            )
        ]
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="trace_event_actor"),
            models.Index(fields=["at", "id"], name="trace_event_at"),
        ]


class Seal(models.Model):
    """A signed statement over every event up to a moment; seals form a chain of their own."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=64)
