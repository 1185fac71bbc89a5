"""Projects, their stages, and what happens around the cases: pre-reviews, joint sessions, excluded time, opinions.

The cases themselves belong to ``modules.cases``: a stage hands in one application (again when an item was refused), and every day
that a project shows is a day of its cases' ledgers.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yimen.kernel.clock import CHINA
from yimen.modules.projects.content import StageKind, StagePlanContent
from yimen.modules.projects.states import (
    INVESTMENTS,
    PROCEDURES,
    PROJECT_KINDS,
    PROJECT_LABELS,
    REVIEW_LABELS,
    SESSION_KINDS,
    SESSION_LABELS,
    STAGE_STATE_LABELS,
    TRACK_LABELS,
    ProjectState,
    ReviewState,
    SessionState,
    StageState,
    Track,
)


def _choices(labels: Any) -> list[tuple[str, str]]:
    return [(str(value), label) for value, label in labels.items()]


class StagePlan(models.Model):
    """A published version of a stage plan; never changed, only followed by the next version."""

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="stage_plan_version")]
        indexes = [models.Index(fields=["valid_from", "valid_to"], name="stage_plan_valid")]

    @property
    def parsed(self) -> StagePlanContent:
        """The content as a value; read once for each row in memory."""
        if "_parsed" not in self.__dict__:
            self._parsed = StagePlanContent.model_validate(self.content)
        return self._parsed


class CodeCounter(models.Model):
    """How many project codes were given under one prefix (month, division, ministry, type)."""

    prefix = models.CharField(max_length=20, unique=True)
    given = models.PositiveIntegerField(default=0)


class Project(models.Model):
    """A construction or investment project (工程建设项目), known by its project code from first to last.

    ``facts`` are the answers that decide which items apply; never personal data. ``spent_days`` is what the finished project used.
    """

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey("identity.LegalEntity", on_delete=models.PROTECT, related_name="projects")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    division = models.CharField(max_length=12)
    plan = models.ForeignKey(StagePlan, on_delete=models.PROTECT, related_name="projects")
    track = models.CharField(max_length=10, choices=_choices(TRACK_LABELS))
    state = models.CharField(max_length=12, choices=_choices(PROJECT_LABELS))
    investment = models.CharField(max_length=12, choices=_choices(INVESTMENTS))
    kind = models.CharField(max_length=12, choices=_choices(PROJECT_KINDS))
    address = models.CharField(max_length=200)
    invests = models.DecimalField(max_digits=14, decimal_places=2)
    floor_area = models.DecimalField(max_digits=12, decimal_places=2)
    site = models.JSONField()
    longitude = models.DecimalField(max_digits=12, decimal_places=9)
    latitude = models.DecimalField(max_digits=12, decimal_places=9)
    site_area = models.DecimalField(max_digits=14, decimal_places=2)
    facts = models.JSONField(default=dict)
    earthworks_at = models.DateTimeField(null=True)
    spent_days = models.PositiveIntegerField(null=True)
    registered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    trace_length = models.PositiveIntegerField(default=0)
    trace_head = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="project_owner"),
            models.Index(fields=["division", "state", "-id"], name="project_division"),
        ]

    @property
    def state_label(self) -> str:
        return PROJECT_LABELS[ProjectState(self.state)]

    @property
    def track_label(self) -> str:
        return TRACK_LABELS[Track(self.track)]

    @property
    def is_open(self) -> bool:
        return self.state in (ProjectState.REGISTERED, ProjectState.UNDER_WAY)

    @property
    def registered_on(self) -> date:
        return self.registered_at.astimezone(CHINA).date()


class Stage(models.Model):
    """One of the four stages of a project, with the department that leads it and the days it is planned for."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stages")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.label) for kind in StageKind])
    ordinal = models.PositiveSmallIntegerField()
    lead = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="stages_led")
    state = models.CharField(max_length=12, choices=_choices(STAGE_STATE_LABELS))
    track = models.CharField(max_length=10, choices=_choices(TRACK_LABELS))
    planned_from = models.DateField(null=True)
    planned_to = models.DateField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind"], name="stage_once")]
        ordering = ("project_id", "ordinal")

    @property
    def label(self) -> str:
        return StageKind(self.kind).label

    @property
    def state_label(self) -> str:
        return STAGE_STATE_LABELS[StageState(self.state)]


class StageItem(models.Model):
    """An item that this project has to pass in a stage, the organisation that decides it, and its latest case."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("items.Item", on_delete=models.PROTECT, related_name="+")
    plan_code = models.CharField(max_length=64)
    ordinal = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="stage_items"
    )
    case = models.OneToOneField("cases.Case", null=True, on_delete=models.PROTECT, related_name="stage_item")
    planned_from = models.DateField(null=True)
    planned_to = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "item"], name="stage_item_once")]
        ordering = ("stage_id", "ordinal")


class StageApplication(models.Model):
    """An application that a stage handed in: one, and another one for what was refused."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="applications")
    application = models.OneToOneField("cases.Application", on_delete=models.PROTECT, related_name="stage")
    handed_in_at = models.DateTimeField()


class PreReview(models.Model):
    """A pre-review of a stage (预审): asked early, on promise, with the materials there are so far."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="pre_reviews")
    state = models.CharField(max_length=12, choices=_choices(REVIEW_LABELS))
    promise = models.TextField()
    requested_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    opinion = models.TextField(blank=True)
    missing = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage"], condition=Q(state=ReviewState.REQUESTED.value), name="pre_review_one_open"
            )
        ]
        ordering = ("id",)

    @property
    def state_label(self) -> str:
        return REVIEW_LABELS[ReviewState(self.state)]


class PreReviewMaterial(models.Model):
    """A material handed in with a pre-review; formal review does not ask for it again."""

    pre_review = models.ForeignKey(PreReview, on_delete=models.PROTECT, related_name="materials")
    item_code = models.CharField(max_length=64)
    requirement = models.CharField(max_length=41)
    name = models.CharField(max_length=300)
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="pre_review_materials"
    )


class JointSession(models.Model):
    """A joint site inspection, drawing review or acceptance: many findings, one opinion, told once."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=16, choices=_choices(SESSION_KINDS))
    state = models.CharField(max_length=12, choices=_choices(SESSION_LABELS))
    held_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    called_by = models.CharField(max_length=80)
    called_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    opinion = models.TextField(blank=True)
    told_by = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    @property
    def kind_label(self) -> str:
        return SESSION_KINDS[self.kind]

    @property
    def state_label(self) -> str:
        return SESSION_LABELS[SessionState(self.state)]


class Finding(models.Model):
    """What one organisation found in a joint session; empty until it has spoken."""

    session = models.ForeignKey(JointSession, on_delete=models.PROTECT, related_name="findings")
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    officers = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    agrees = models.BooleanField(null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "organisation"], name="finding_once")]
        ordering = ("id",)


class Procedure(models.Model):
    """Public notice, hearing or expert review: time that the limits leave out, ordered by a paper (行政许可法第四十五条)."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="procedures")
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=_choices(PROCEDURES))
    document = models.CharField(max_length=100)
    clause = models.CharField(max_length=300)
    days = models.PositiveSmallIntegerField()
    cases: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "cases.Case", related_name="project_procedures"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)

    @property
    def kind_label(self) -> str:
        return PROCEDURES[self.kind]


class ItemOpinion(models.Model):
    """What an organisation says on an item before its case can be decided.

    ``precheck``: the organ of a case still held looked at the materials, so that it can decide together with the earlier result
    (滨州市并联审批规定第十六条). ``first``: the lead department here on an item that a higher organ decides.
    """

    stage_item = models.ForeignKey(StageItem, on_delete=models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=10, choices=[("precheck", "预先核对"), ("first", "本级初审意见")])
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    ready = models.BooleanField()
    text = models.TextField()
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage_item", "kind", "organisation"], name="item_opinion_once")
        ]
        ordering = ("id",)


def day_of(moment: datetime | None) -> date | None:
    """The local day of a moment."""
    return moment.astimezone(CHINA).date() if moment else None
