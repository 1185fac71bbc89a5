"""Messages, and their way out by each channel."""

from django.db import models
from django.db.models import Q

from yimen.foundation.notices.states import OPEN, SendingState


class Notice(models.Model):
    """One message to a person or an enterprise, read in the platform.

    ``key`` makes it once only, however often the same occasion is told.
    """

    person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="notices")
    entity = models.ForeignKey(
        "identity.LegalEntity", null=True, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, null=True, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_person"),
            models.Index(fields=["entity", "-id"], name="notice_entity"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_person_unread"),
            models.Index(fields=["entity"], condition=Q(read_at=None), name="notice_entity_unread"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, entity__isnull=True)
                | Q(person__isnull=True, entity__isnull=False),
                name="notice_one_recipient",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Sending(models.Model):
    """One message on its way by one channel. The address lies sealed."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="sendings")
    channel = models.CharField(max_length=20)
    address_sealed = models.BinaryField()
    text = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.label) for s in SendingState], default=SendingState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="sending_once")]
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=Q(state__in=[s.value for s in OPEN]),
                name="sending_due",
            ),
            models.Index(fields=["failed_at"], condition=Q(state="failed"), name="sending_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
