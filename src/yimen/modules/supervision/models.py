"""Rules, cards and their evidence; trial runs; formulas, scores and objections."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.modules.supervision.rules.scoring import Formula
from yimen.modules.supervision.rules.spec import COLOUR_LABELS, KIND_LABELS, Colour, Kind, RuleSpec, Stages
from yimen.modules.supervision.rules.telling import facts_told
from yimen.modules.supervision.states import COUNTED, STATE_LABELS, TONES, CardState


class Rule(models.Model):
    """One version of a rule; versions are never overwritten.

    ``valid_from`` and ``valid_to`` bound the faults it may count (half-open); a draft has no ``valid_from``.
    """

    code = models.SlugField("代码", max_length=40)
    version = models.PositiveIntegerField("版本", default=1)
    is_latest = models.BooleanField(default=True)
    kind = models.CharField("种类", max_length=12, choices=list(KIND_LABELS.items()))
    label = models.CharField("名称", max_length=60)
    detector = models.CharField("监察点", max_length=30)
    condition = models.CharField("条件", max_length=500)
    clause = models.CharField("依据", max_length=200)
    division = models.CharField("适用区划", max_length=12, blank=True)
    replaces = models.CharField("代替的规则", max_length=40, blank=True)
    lead = models.PositiveSmallIntegerField("提前量（工作日）", default=0)
    colour = models.CharField("颜色", max_length=8, choices=list(COLOUR_LABELS.items()), default="yellow")
    consequence = models.CharField("后果", max_length=300)
    answerable = models.BooleanField("要部门说明", default=True)
    statement_days = models.PositiveSmallIntegerField("说明期限", default=3)
    decision_days = models.PositiveSmallIntegerField("认定期限", default=5)
    appeal_days = models.PositiveSmallIntegerField("申诉期限", default=5)
    review_days = models.PositiveSmallIntegerField("复核期限", default=10)
    is_on = models.BooleanField("启用", default=False)
    valid_from = models.DateTimeField("启用时间", null=True)
    valid_to = models.DateTimeField("停用时间", null=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=80)

    without: tuple[str, ...] = ()
    """Divisions that have a rule of their own instead; filled in by ``queries.rules``."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(is_latest=True), name="rule_one_latest"),
        ]
        indexes = [models.Index(fields=["is_on", "kind", "code"], name="rule_on")]

    def __str__(self) -> str:
        return f"{self.label}（第{self.version}版）"

    @property
    def spec(self) -> RuleSpec:
        return RuleSpec(
            code=self.code,
            detector=self.detector,
            condition=self.condition,
            lead=self.lead,
            version=self.version,
            division=orgs.prefix_of(self.division),
            without=self.without,
            label=self.label,
        )

    @property
    def stages(self) -> Stages:
        return Stages(
            statement=self.statement_days,
            decision=self.decision_days,
            appeal=self.appeal_days,
            review=self.review_days,
        )

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[Kind(self.kind)]

    @property
    def colour_label(self) -> str:
        return COLOUR_LABELS[Colour(self.colour)]


class Card(models.Model):
    """One rule counted one occasion (监察牌): whose it is to answer, where it stands.

    ``organisation`` answers; ``holder``, ``post``, ``step`` are who held the case when the fault happened, as the ledger
    names them. ``due_at`` is the end of the stage under way.
    """

    number = models.CharField("编号", max_length=24, unique=True)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="cards")
    rule_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    colour = models.CharField(max_length=8)
    answerable = models.BooleanField(default=True)
    occasion = models.CharField(max_length=120)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="cards")
    sequence = models.PositiveIntegerField(default=0)
    clock_id = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="cards")
    division = models.CharField(max_length=12)
    holder = models.CharField(max_length=120)
    post = models.CharField(max_length=60, blank=True)
    step = models.CharField(max_length=60, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(s.value, w) for s, w in STATE_LABELS.items()])
    is_open = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True)
    stated_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    trace_length = models.PositiveIntegerField(default=0)
    trace_head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule_code", "occasion"], name="card_occasion_once")]
        indexes = [
            models.Index(fields=["organisation", "is_open", "-id"], name="card_organisation"),
            models.Index(fields=["is_open", "-id"], name="card_open"),
            models.Index(fields=["state", "due_at"], name="card_stage_due"),
            models.Index(fields=["clock_id"], name="card_clock"),
            models.Index(fields=["occurred_at"], name="card_occurred"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        if self.state == CardState.ISSUED and not self.answerable:
            return "提醒中"
        return STATE_LABELS[CardState(self.state)]

    @property
    def tone(self) -> str:
        return TONES[CardState(self.state)]

    @property
    def colour_label(self) -> str:
        return COLOUR_LABELS[Colour(self.colour)]

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[Kind(self.kind)]

    @property
    def counts(self) -> bool:
        return self.state in COUNTED

    @property
    def told_facts(self) -> list[tuple[str, str]]:
        return facts_told(self.rule.detector, self.facts)

    @property
    def days_late_to_us(self) -> int:
        """Days between the fault and the card: events may arrive late."""
        return max(0, (self.issued_at - self.occurred_at).days)


class CardEvidence(models.Model):
    """A file handed in with a statement or an appeal."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="card_evidence")
    name = models.CharField(max_length=255)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "file"], name="evidence_once")]


class Watermark(models.Model):
    """How far into the trace the sweep over events has come; events that arrive late have new ids, so none is missed."""

    name = models.CharField(max_length=40, unique=True)
    last_event = models.BigIntegerField(default=0)


class TrialRun(models.Model):
    """A rule tried on past events before it is switched on: progress, counts, and rows to look at."""

    class State(models.TextChoices):
        QUEUED = "queued", "等待"
        RUNNING = "running", "正在试跑"
        DONE = "done", "已完成"
        FAILED = "failed", "没有跑成"

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="trials")
    division = models.CharField(max_length=12, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    problem = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=80)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    looked = models.PositiveIntegerField("看过的办件或期限", default=0)
    whole = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField("会发出的牌", default=0)
    by_organisation = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["state", "seen_at"], name="trial_stuck")]

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int:
        return (
            100 if self.state == self.State.DONE else int(100 * self.looked / self.whole) if self.whole else 0
        )


class TrialFinding(models.Model):
    """One card a trial would have issued; somebody may mark that it looks wrong."""

    run = models.ForeignKey(TrialRun, on_delete=models.CASCADE, related_name="findings")
    number = models.CharField(max_length=28, blank=True)
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=120)
    sentence = models.CharField(max_length=300)
    occurred_at = models.DateTimeField()
    looks_wrong = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["run", "organisation", "id"], name="trial_finding")]


class ScoreFormula(models.Model):
    """A published formula: weights as data, the strength of the pull towards the mean, since when."""

    version = models.PositiveIntegerField(unique=True)
    weights = models.JSONField()
    strength = models.PositiveIntegerField(default=20)
    clause = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=80)

    @property
    def value(self) -> Formula:
        return Formula(version=self.version, weights=dict(self.weights), strength=self.strength)


class ScoreRound(models.Model):
    """The scores of one month in one division: computed, published for objection, final."""

    class State(models.TextChoices):
        COMPUTED = "computed", "已计算，未公示"
        PUBLISHED = "published", "公示中，可提异议"
        FINAL = "final", "已生效"

    month = models.DateField("月份的第一天")
    division = models.CharField(max_length=12)
    formula = models.ForeignKey(ScoreFormula, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPUTED)
    means = models.JSONField(default=dict)
    computed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    objections_until = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "division"], name="round_once")]

    @property
    def key(self) -> str:
        return f"{self.division}:{self.month:%Y-%m}"


class Score(models.Model):
    """One organisation's, or one post's, score with the inputs it was computed from."""

    round = models.ForeignKey(ScoreRound, on_delete=models.CASCADE, related_name="scores")
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    post = models.CharField("岗位", max_length=60, blank=True)
    inputs: Any = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    low = models.DecimalField(max_digits=6, decimal_places=2)
    high = models.DecimalField(max_digits=6, decimal_places=2)
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "organisation", "post"], name="score_once")]
        indexes = [models.Index(fields=["round", "post", "rank"], name="score_rank")]


class Objection(models.Model):
    """A department objects to its published score; the answer stays beside it."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="objections")
    text = models.TextField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["score", "-id"], name="objection_score")]
