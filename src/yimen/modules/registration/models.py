"""The register of market entities: who they are, the names they hold, what became of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yimen.foundation.params.api import Reference
from yimen.modules.registration.states import (
    ABNORMAL_REASONS,
    KIND_LABELS,
    LIVING,
    REPRESENTATIVE,
    STATE_LABELS,
    EntityKind,
    EntityState,
)


class CodeCounter(models.Model):
    """The next serial of organisation codes on SQLite; PostgreSQL has a sequence (second migration)."""

    next_serial = models.PositiveBigIntegerField(default=0)


class MarketEntity(models.Model):
    """A registered market entity (市场主体); its matters of registration are public (市场主体登记管理条例第八条、第三十五条).

    ``registry`` is the county-level division whose authority registered it; within one, names may not clash.
    ``code_disputed``: another name came with the same code, and who it belongs to is not settled.
    """

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=20, choices=[(k.value, label) for k, label in KIND_LABELS.items()])
    state = models.CharField(
        max_length=12,
        choices=[(s.value, label) for s, label in STATE_LABELS.items()],
        default=EntityState.ACTIVE,
    )
    registry = models.CharField(max_length=12)
    division = models.CharField(max_length=12)
    authority = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(
        "orgs.Organisation", null=True, on_delete=models.PROTECT, related_name="market_entities"
    )
    address = models.CharField(max_length=300, blank=True)
    representative = models.CharField(max_length=100, blank=True)
    capital = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    capital_note = models.CharField(max_length=60, blank=True)
    industry = models.CharField(max_length=5, blank=True)
    scope = models.TextField(blank=True)
    investors = models.JSONField(default=list)
    established_on = models.DateField()
    term_until = models.DateField(null=True)
    approved_on = models.DateField()
    ended_on = models.DateField(null=True)
    code_disputed = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="branches")
    legal_entity = models.OneToOneField(
        "identity.LegalEntity", null=True, on_delete=models.PROTECT, related_name="market_entity"
    )

    class Meta:
        indexes = [
            models.Index(fields=["registry", "state", "-id"], name="entity_registry"),
            models.Index(fields=["state", "-id"], name="entity_state"),
            models.Index(fields=["division", "-id"], name="entity_division"),
            models.Index(fields=["organisation", "state", "-id"], name="entity_organisation"),
            models.Index(fields=["industry"], name="entity_industry"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        return self.state in LIVING

    @property
    def state_label(self) -> str:
        return STATE_LABELS[EntityState(self.state)]

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[EntityKind(self.kind)]

    @property
    def representative_label(self) -> str:
        return REPRESENTATIVE[EntityKind(self.kind)]


class SearchEntry(models.Model):
    """What search knows of one entity: its name in pieces of two characters.

    SQLite keeps an FTS5 table beside it by triggers; PostgreSQL a GIN index over it (second migration).
    """

    entity = models.OneToOneField(
        MarketEntity, primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    words = models.TextField()


class HeldName(models.Model):
    """A name that is taken in a registry: by an entity, by a reservation, or by one given up within a year.

    Two constraints decide who comes first: one whole name a registry, and one trade name (``guard``) a registry and trade. Guards are
    null for names taken over from elsewhere, which may clash already, and where an officer allowed it (investors).
    """

    ENTITY, RESERVED, FORMER = "entity", "reserved", "former"
    KINDS = [(ENTITY, "已经登记"), (RESERVED, "他人申报、在保留期内"), (FORMER, "注销或者更名未满一年")]

    registry = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    brand = models.CharField(max_length=100)
    sound = models.CharField(max_length=400)
    trade = models.CharField(max_length=100, blank=True)
    trade_code = models.CharField(max_length=2, blank=True)
    guard = models.CharField(max_length=130, null=True, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    entity = models.ForeignKey(MarketEntity, null=True, on_delete=models.PROTECT, related_name="names")
    reserved_by = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    application = models.CharField(max_length=24, blank=True)
    promised = models.BooleanField(default=False)
    held_from = models.DateField()
    held_until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registry", "name"], name="held_name_once")]
        indexes = [
            models.Index(fields=["registry", "brand"], name="held_brand"),
            models.Index(fields=["registry", "sound"], name="held_sound"),
            models.Index(fields=["application"], condition=~Q(application=""), name="held_application"),
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="held_until"),
        ]


class EntityEvent(models.Model):
    """One line of an entity's history; never changed."""

    KINDS = [
        ("set_up", "设立登记"), ("change", "变更登记"), ("cancel", "注销登记"), ("revoke", "吊销营业执照"),
        ("list_abnormal", "列入经营异常名录"), ("delist", "移出经营异常名录"), ("publish_notice", "简易注销公告"),
        ("end_notice", "终止简易注销公告"), ("object", "对简易注销的异议"), ("premises", "核发临时经营场所证明"),
        ("dispute", "代码存疑"),
    ]  # fmt: skip

    entity = models.ForeignKey(MarketEntity, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=KINDS)
    at = models.DateTimeField()
    case_number = models.CharField(max_length=28, blank=True)
    changes = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    clause = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["entity", "at", "id"], name="entity_history")]


class AbnormalEntry(models.Model):
    """An entry on the list of abnormal operations (经营异常名录), and how it ended."""

    entity = models.ForeignKey(MarketEntity, on_delete=models.PROTECT, related_name="abnormal_entries")
    reason = models.CharField(max_length=20, choices=[(k, v[0]) for k, v in ABNORMAL_REASONS.items()])
    clause = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=120, blank=True)
    removal_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "reason"], condition=Q(removed_at=None), name="abnormal_reason_once"
            )
        ]
        indexes = [models.Index(fields=["-listed_at"], condition=Q(removed_at=None), name="abnormal_open")]


class CancellationNotice(models.Model):
    """The public notice before a simple cancellation: 20 days, then 20 days to apply (条例第三十三条).

    Days are calendar days by the wording of the law. ``starts_on`` is the day of publication, which is not counted
    (民法典第二百零一条); ``ends_on`` is the twentieth day after it, ``apply_until`` the twentieth after that.
    """

    RUNNING, OBJECTED, USED, ENDED = "running", "objected", "used", "ended"
    STATES = [(RUNNING, "公告中"), (OBJECTED, "有异议，待处理"), (USED, "已据此注销"), (ENDED, "已终止")]

    entity = models.ForeignKey(MarketEntity, on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=10, choices=STATES, default=RUNNING)
    starts_on = models.DateField()
    ends_on = models.DateField()
    apply_until = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=120)
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=Q(state__in=["running", "objected"]), name="notice_one_open"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="notice_runs"),
        ]
        indexes = [models.Index(fields=["state", "ends_on"], name="notice_state")]


class Objection(models.Model):
    """Somebody objects to a simple cancellation while its notice runs."""

    notice = models.ForeignKey(CancellationNotice, on_delete=models.PROTECT, related_name="objections")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    reason = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(max_length=120, blank=True)
    dismissal = models.CharField(max_length=500, blank=True)


class PremisesCertificate(models.Model):
    """A certificate of temporary premises (临时经营场所证明): stands for the proof of premises while it runs.

    Places may make premises easier to register (条例第十一条第三款); the longest term is a parameter. Renewal is a new certificate that
    follows the old one.
    """

    number = models.CharField(max_length=30, unique=True)
    holder = models.CharField(max_length=200)
    entity = models.ForeignKey(MarketEntity, null=True, on_delete=models.PROTECT, related_name="premises")
    address = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_until = models.DateField()
    issued_at = models.DateTimeField()
    case_number = models.CharField(max_length=28, blank=True)
    renews = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="renewed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="premises_period")
        ]
        indexes = [
            models.Index(fields=["valid_until"], name="premises_until"),
            models.Index(fields=["holder"], name="premises_holder"),
        ]


class Binding(Reference):
    """Which item means which act upon the register: data, so that no item needs code."""

    ACTS = [
        ("set_up", "设立"), ("change", "变更"), ("cancel", "注销"), ("premises", "核发或者延续临时经营场所证明"),
    ]  # fmt: skip

    item = models.OneToOneField("items.Item", on_delete=models.CASCADE, related_name="registration")
    act = models.CharField(max_length=10, choices=ACTS)
    kind = models.CharField(
        max_length=20, choices=[(k.value, label) for k, label in KIND_LABELS.items()], blank=True
    )


def change_row(item: str, before: Any, after: Any) -> dict[str, str]:
    """One line of a change: what was, what is."""
    return {"item": item, "from": str(before or ""), "to": str(after or "")}
