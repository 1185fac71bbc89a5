"""Themes, their versions, and the applications handed in through them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yimen.foundation.identity.api import unseal_json
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.states import THEME_STATE_LABELS, VERSION_STATE_LABELS, ThemeState, VersionState

SEALED_FOR = "theme"
"""What answers are sealed for."""


class Theme(models.Model):
    """One thing (一件事) that a lead organisation answers for; the columns copy what lists need of the version in force."""

    code = models.SlugField(max_length=64, unique=True)
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="themes")
    division = models.ForeignKey("orgs.Division", on_delete=models.PROTECT, related_name="themes")
    state = models.CharField(
        max_length=12,
        choices=[(s.value, label) for s, label in THEME_STATE_LABELS.items()],
        default=ThemeState.DRAFT,
    )
    suspended_reason = models.CharField(max_length=500, blank=True, default="")
    suspended_clause = models.CharField(max_length=300, blank=True, default="")
    name = models.CharField(max_length=300)
    words = models.TextField(blank=True, default="", help_text="name and everyday words, for searching")
    trade = models.CharField(max_length=300, blank=True, default="")
    for_person = models.BooleanField(default=True)
    for_entity = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        indexes = (
            models.Index(fields=["state", "trade", "name"], name="theme_listed"),
            models.Index(fields=["organisation", "code"], name="theme_organisation"),
            models.Index(fields=["division", "code"], name="theme_division"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ThemeState]), name="theme_state_known"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """For scopes of grants, which are prefixes of division codes."""
        return self.division.code

    @property
    def state_label(self) -> str:
        return THEME_STATE_LABELS[ThemeState(self.state)]


class ThemeVersion(models.Model):
    """One version of a theme, immutable once published.

    ``pins`` holds the standards that its author saw: item code to standard. Newcomers are served under the standards in force;
    what differs from the pins is told to the author. ``headline`` holds the figures that lists show.
    """

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    state = models.CharField(
        max_length=12,
        choices=[(s.value, label) for s, label in VERSION_STATE_LABELS.items()],
        default=VersionState.DRAFT,
    )
    revision = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    pins = models.JSONField(default=dict)
    headline = models.JSONField(default=dict)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(max_length=100, blank=True, default="")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by_name = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("theme_id", "version")
        constraints = (
            models.UniqueConstraint(fields=["theme", "version"], name="theme_version_once"),
            models.UniqueConstraint(fields=["theme"], condition=Q(state="draft"), name="theme_one_draft"),
            models.UniqueConstraint(
                fields=["theme"], condition=Q(state="published"), name="theme_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="theme_period_runs",
            ),
        )

    def __str__(self) -> str:
        return f"{self.theme.name}（第{self.version}版）"

    @property
    def parsed(self) -> ThemeContent:
        return ThemeContent.model_validate(self.content)

    @property
    def state_label(self) -> str:
        return VERSION_STATE_LABELS[VersionState(self.state)]


class ThemeApplication(models.Model):
    """An application handed in as one thing; the theme's own answers lie sealed."""

    application = models.OneToOneField(
        "cases.Application", on_delete=models.PROTECT, related_name="theme_application"
    )
    version = models.ForeignKey(ThemeVersion, on_delete=models.PROTECT, related_name="applications")
    answers_sealed = models.BinaryField(default=b"")
    standards = models.JSONField(default=dict)
    promised_days = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["version", "-id"], name="theme_application_version"),)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that decided what joined, opened."""
        return unseal_json(bytes(self.answers_sealed), SEALED_FOR) if self.answers_sealed else {}
