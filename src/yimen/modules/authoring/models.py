"""Imports of catalogues and what was remarked about each row."""

from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One import of a file of items: progress while it runs, the report afterwards.

    ``seen_at`` is when its worker last gave a sign of life, ``attempts`` how often one began.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "等待"
        RUNNING = "running", "正在导入"
        DONE = "done", "已完成"
        FAILED = "failed", "未能导入"

    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    payload = models.BinaryField(null=True, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    problem = models.CharField(max_length=500, blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["actor", "-created_at"], name="authoring_run_own"),
            models.Index(fields=["state", "seen_at"], name="authoring_run_stuck"),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def percent(self) -> int:
        return (
            100 if self.state == self.State.DONE else int(self.done * 100 / self.total) if self.total else 0
        )


class ImportNote(models.Model):
    """One remark of an import about one row."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="notes")
    row = models.PositiveIntegerField()
    item_code = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=300, blank=True, default="")
    field = models.CharField(max_length=40, blank=True, default="")
    severity = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    problem = models.CharField(max_length=500)
    right = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ("run_id", "row", "id")
        indexes = (models.Index(fields=["run", "severity", "row"], name="authoring_note_severity"),)

    def __str__(self) -> str:
        return f"{self.row}: {self.problem}"
