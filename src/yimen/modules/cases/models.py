"""Applications, their cases and materials.

One application: one applicant, one form, one set of materials, for one or many items. Each item becomes one case, decided
by one department under the standard version it was handed in for.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yimen.foundation.identity.api import unseal_json
from yimen.kernel.clock import CHINA
from yimen.modules.cases import rules
from yimen.modules.cases.states import BEFORE_DECISION, CaseState
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items


class SerialCounter(models.Model):
    """The next free serial of application numbers on SQLite; PostgreSQL has a sequence (first migration)."""

    next_serial = models.PositiveBigIntegerField(default=1)


class Application(models.Model):
    """What a person hands in (申请). Form and contact lie sealed.

    ``joint``: one thing of several departments (一件事), led by ``lead``, told once, promised ``joint_days`` working days over
    all; ``together``: the applicant takes the results all at once.
    """

    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(
        max_length=12, choices=[("draft", "草稿"), ("submitted", "已提交"), ("closed", "已办结")]
    )
    person = models.ForeignKey(
        "identity.Person", null=True, on_delete=models.PROTECT, related_name="applications"
    )
    entity = models.ForeignKey(
        "identity.LegalEntity", null=True, on_delete=models.PROTECT, related_name="applications"
    )
    agent = models.ForeignKey(
        "identity.Person", null=True, on_delete=models.PROTECT, related_name="applications_as_agent"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    channel = models.CharField(max_length=12)
    centre = models.ForeignKey(
        "orgs.Centre", null=True, on_delete=models.PROTECT, related_name="applications"
    )
    division = models.CharField(max_length=12, blank=True)
    form_sealed = models.BinaryField(default=b"")
    delivery_way = models.CharField(max_length=12, default="window")
    joint = models.BooleanField(default=False)
    together = models.BooleanField(default=False)
    lead = models.ForeignKey("orgs.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    joint_days = models.PositiveSmallIntegerField(default=0)
    joint_clause = models.CharField(max_length=300, blank=True)
    duplicate_guard = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="application_person"),
            models.Index(fields=["entity", "-id"], name="application_entity"),
            models.Index(fields=["agent", "-id"], name="application_agent"),
            models.Index(fields=["account", "-id"], name="application_account"),
            models.Index(fields=["centre", "-id"], name="application_centre"),
            models.Index(fields=["received_at"], name="application_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(entity__isnull=False), name="application_has_applicant"
            )
        ]

    @property
    def form(self) -> dict[str, Any]:
        """The filled form and the answers to situation questions, opened."""
        return unseal_json(bytes(self.form_sealed), "form") if self.form_sealed else {}

    def facts(self, at: datetime) -> dict[str, Any]:
        """What rules may ask of this application on the day of ``at``."""
        return rules.facts(self.form, at.astimezone(CHINA).date(), entity=self.entity_id is not None)

    @property
    def applicant_name(self) -> str:
        return self.entity.name if self.entity else self.person.name if self.person else ""

    @property
    def applicant_label(self) -> str:
        """As lists show it: an enterprise in full, a person masked."""
        return self.entity.name if self.entity else self.person.masked_name if self.person else ""


CLOSED = Q(is_open=False, finished_at__isnull=False)
"""Drafts are not open either, but have not been finished."""


class Case(models.Model):
    """One item of an application, in the hands of one organisation (办件)."""

    number = models.CharField(max_length=28, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cases")
    item = models.ForeignKey("items.Item", on_delete=models.PROTECT, related_name="cases")
    standard = models.ForeignKey("items.Standard", on_delete=models.PROTECT, related_name="cases")
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="cases")
    centre = models.ForeignKey("orgs.Centre", null=True, on_delete=models.PROTECT, related_name="cases")
    division = models.CharField(max_length=12)
    state = models.CharField(max_length=24, choices=[(s.value, s.value) for s in CaseState])
    is_open = models.BooleanField(default=True)
    flow = models.JSONField(default=dict)
    resume_state = models.CharField(max_length=24, blank=True)
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    extended_at = models.DateTimeField(null=True)
    owed = models.PositiveSmallIntegerField(default=0)
    promised = models.PositiveSmallIntegerField(default=0)
    corrections = models.PositiveSmallIntegerField(default=0)
    proposed = models.JSONField(null=True)
    revision = models.PositiveIntegerField(default=1)
    trace_length = models.PositiveIntegerField(default=0)
    trace_head = models.CharField(max_length=64, blank=True)
    tallied = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "state", "due_at", "id"], condition=Q(is_open=True), name="case_inbox"
            ),
            models.Index(
                fields=["centre", "state", "id"], condition=Q(is_open=True), name="case_centre_open"
            ),
            models.Index(
                fields=["division", "state", "due_at"], condition=Q(is_open=True), name="case_division_open"
            ),
            models.Index(fields=["organisation", "-id", "state"], name="case_office"),
            models.Index(fields=["centre", "-id"], name="case_centre"),
            models.Index(fields=["standard", "is_open"], name="case_standard"),
            models.Index(fields=["due_at"], condition=Q(is_open=True), name="case_due"),
            models.Index(
                fields=["organisation", "-finished_at", "-id"], condition=CLOSED, name="case_closed_office"
            ),
            models.Index(
                fields=["centre", "-finished_at", "-id"], condition=CLOSED, name="case_closed_centre"
            ),
            models.Index(
                fields=["organisation", "division", "centre", "state"],
                condition=Q(tallied=False),
                name="case_not_tallied",
            ),
        ]

    @property
    def published(self) -> items.PublishedStandard:
        """The pinned standard, from the process's own memory."""
        return items.pinned(self.standard_id)

    @property
    def applicant_key(self) -> tuple[int | None, int | None, int | None, int | None]:
        a = self.application
        return a.account_id, a.person_id, a.entity_id, a.agent_id if a.channel == "window" else None

    @property
    def is_instant(self) -> bool:
        return self.published.content.instant

    @property
    def steps_done(self) -> bool:
        return rules.review_is_done(self.published.content.steps, self.flow)

    @property
    def has_passed_step(self) -> bool:
        return any(record["s"] == "passed" for record in self.flow.values())

    @property
    def counts_working_days(self) -> bool:
        return self.published.content.legal_limit.unit == "working_day"

    @property
    def owes_material(self) -> bool:
        return self.owed > 0

    @property
    def was_extended(self) -> bool:
        return self.extended_at is not None

    def legal_limit_is_over(self, at: datetime) -> bool:
        """Has the limit of the law run out? A limit that stands still has not.

        So many working days take at least as many days of any kind: no statement before those are over.
        """
        since = self.accepted_at or at
        if (at - since).days < self.published.content.legal_limit.amount:
            return False
        return any(clock.is_overdue(at) for clock in deadlines.open_clocks_of("case", self.number, "legal"))

    @property
    def awaits_promise_check(self) -> bool:
        return self.promised > 0

    @property
    def waits_to_be_handed_out(self) -> int:
        """How many cases are still undecided of an application whose results go out together; costs nothing otherwise."""
        if not self.application.together:
            return 0
        undecided = Case.objects.filter(application_id=self.application_id, state__in=BEFORE_DECISION)
        return undecided.exclude(pk=self.pk).count()


class ClosedTally(models.Model):
    """How many closed cases lie where, so that a list's exact total need not visit them.

    The total is the sum of these rows and the count of the cases that are not ``tallied``, in one statement. Rows are only
    added, also with a negative ``number``; the worker draws them together.
    """

    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey("orgs.Centre", null=True, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=12)
    state = models.CharField(max_length=24)
    number = models.IntegerField()


class CaseLink(models.Model):
    """One case of an application cannot begin before another is decided (串联), and may use its result as material."""

    STATES = [("pending", "等待"), ("met", "已满足"), ("failed", "前一事项未成")]

    earlier = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leads_to")
    later = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="waits_for")
    supplies = models.JSONField(default=list)
    brings = models.JSONField(default=list)
    when_failed = models.CharField(
        max_length=10, choices=[("ask", "改由申请人提供"), ("terminate", "终止办理")]
    )
    why = models.CharField(max_length=500)
    clause = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default="pending")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["earlier", "later"], name="case_link_once")]


class Material(models.Model):
    """Something handed in for a requirement. Rows are never overwritten: what replaces one points back to it."""

    SOURCES = [
        ("file", "上传或扫描"), ("licence", "电子证照"), ("promise", "告知承诺"), ("shared", "数据共享"),
        ("paper", "窗口收取纸质"), ("form", "由申请表生成"), ("owed", "容缺后补"),
        ("result", "前一事项的结果"),
    ]  # fmt: skip
    STATES = [("handed_in", "已提交"), ("rejected", "需补正"), ("replaced", "已替换"), ("owed", "待补交")]

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="materials")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials", null=True)
    requirement = models.CharField(max_length=41)
    name = models.CharField(max_length=300)
    source = models.CharField(max_length=10, choices=SOURCES)
    file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="materials"
    )
    reference = models.CharField(max_length=100, blank=True)
    trust = models.CharField(max_length=1, default="C")
    state = models.CharField(max_length=12, choices=STATES, default="handed_in")
    reason = models.CharField(max_length=500, blank=True)
    handed_in_at = models.DateTimeField()
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["case", "requirement"], name="material_requirement")]


class OpinionRequest(models.Model):
    """Another organisation is asked for its opinion inside a step (征求意见); silence counts as the standard says."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    step = models.CharField(max_length=31)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="opinions_asked"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    silence_means = models.CharField(max_length=8)
    answer = models.CharField(
        max_length=8,
        blank=True,
        choices=[("agree", "同意"), ("object", "不同意"), ("silent", "逾期视为同意")],
    )
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "due_at"], condition=Q(answered_at=None), name="opinion_waiting"
            ),
            models.Index(fields=["due_at"], condition=Q(answered_at=None), name="opinion_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "step", "organisation", "asked_at"], name="opinion_once")
        ]
