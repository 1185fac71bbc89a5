"""What is typed and not yet handed in, sealed."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """A form being filled in (草稿). Values lie sealed; who keeps it and about what does not.

    Written by ``services`` only. ``subject`` says about what (``item:CODE``, ``application:NUMBER``); ``name`` tells
    several drafts of one subject apart (applying for two shops at once).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts")
    subject = models.CharField(max_length=120)
    name = models.CharField(max_length=60, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    step = models.CharField(max_length=60, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "subject", "name"], name="draft_once"),)
        indexes = (
            models.Index(fields=["owner", "-updated_at"], name="draft_of_owner"),
            models.Index(fields=["updated_at"], name="draft_age"),
        )

    def __str__(self) -> str:
        return f"{self.subject} 第 {self.revision} 稿"


class DraftRevision(models.Model):
    """One of the last savings of a draft, so that nothing is silently lost when two devices type."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    device = models.CharField(max_length=120, blank=True, default="")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["draft", "revision"], name="draft_revision_once"),)

    def __str__(self) -> str:
        return f"第 {self.revision} 稿"
