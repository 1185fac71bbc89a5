"""Deliveries that must follow a change once it is safe."""

from django.db import models


class Delivery(models.Model):
    """One event waiting for one handler; written in the transaction that announced it."""

    event = models.CharField(max_length=120)
    handler = models.CharField(max_length=200)
    payload = models.TextField()
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=models.Q(done_at__isnull=True, given_up_at__isnull=True),
                name="outbox_delivery_waiting",
            )
        ]


class Schedule(models.Model):
    """When a repeated duty last ran; the row is the lock between workers."""

    name = models.CharField(max_length=100, primary_key=True)
    last_run_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
