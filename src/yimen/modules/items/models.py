"""Items, versions of their standards, where items came from and went, and the search table."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yimen.foundation.params.api import Reference
from yimen.modules.items.content import ITEM_TYPE_LABELS, ItemType, StandardContent
from yimen.modules.items.states import ITEM_STATE_LABELS, STANDARD_STATE_LABELS, ItemState, StandardState

TYPES = [(kind.value, label) for kind, label in ITEM_TYPE_LABELS.items()]
CODE_LENGTH = 64
"""The Guangdong form has 31 characters; forms of other provinces seen have up to 55."""


class Item(Reference):
    """One item of government service (政务服务事项) as one organisation handles it (实施事项)."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    base_code = models.CharField(max_length=CODE_LENGTH, blank=True, default="", db_index=True)
    slug = models.SlugField(max_length=64, unique=True, null=True, blank=True)
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=20, choices=TYPES)
    organisation = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="items")
    division = models.ForeignKey("orgs.Division", on_delete=models.PROTECT, related_name="items")
    state = models.CharField(
        max_length=12,
        choices=[(s.value, label) for s, label in ITEM_STATE_LABELS.items()],
        default=ItemState.ACTIVE,
    )
    suspended_reason = models.CharField(max_length=500, blank=True, default="")
    suspended_clause = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    current = models.ForeignKey(
        "items.Standard", null=True, blank=True, on_delete=models.SET_NULL, related_name="current_of"
    )
    popularity = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("code",)
        indexes = (
            models.Index(fields=["organisation", "state", "code"], name="item_organisation"),
            models.Index(fields=["division", "state", "code"], name="item_division"),
            models.Index(fields=["type", "state", "code"], name="item_type"),
            models.Index(fields=["name"], name="item_name"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ItemState]), name="item_state_known"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """For scopes of grants, which are prefixes of division codes."""
        return self.division.code

    @property
    def type_label(self) -> str:
        return ITEM_TYPE_LABELS[ItemType(self.type)]

    @property
    def state_label(self) -> str:
        return ITEM_STATE_LABELS[ItemState(self.state)]


class Standard(Reference):
    """One version of an item's standard; immutable once published, and pinned by every case accepted under it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="standards")
    version = models.PositiveIntegerField()
    state = models.CharField(
        max_length=12,
        choices=[(s.value, label) for s, label in STANDARD_STATE_LABELS.items()],
        default=StandardState.DRAFT,
    )
    revision = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author_name = models.CharField(max_length=100, blank=True, default="")
    editors = models.JSONField(default=list)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewer_name = models.CharField(max_length=100, blank=True, default="")
    review_opinion = models.TextField(blank=True, default="")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by_name = models.CharField(max_length=100, blank=True, default="")
    change_note = models.TextField(blank=True, default="")
    imported = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Copies for lists and statistics, so that neither opens the content.
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=20, choices=TYPES)
    legal_amount = models.PositiveIntegerField(default=0)
    legal_unit = models.CharField(max_length=16, default="working_day")
    promised_amount = models.PositiveIntegerField(default=0)
    promised_unit = models.CharField(max_length=16, default="working_day")
    visits = models.PositiveSmallIntegerField(default=0)
    instant = models.BooleanField(default=False)
    online_depth = models.CharField(max_length=4, default="I")
    for_person = models.BooleanField(default=False)
    for_entity = models.BooleanField(default=False)

    class Meta:
        ordering = ("item_id", "version")
        indexes = (
            models.Index(fields=["state", "valid_from"], name="standard_due"),
            models.Index(fields=["state", "updated_at"], name="standard_recent"),
            models.Index(fields=["item", "valid_from"], name="standard_period"),
        )
        constraints = (
            models.UniqueConstraint(fields=["item", "version"], name="standard_version_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state="published", valid_to__isnull=True),
                name="standard_one_open_end",
            ),
            models.UniqueConstraint(
                fields=["item", "valid_from"],
                condition=Q(state__in=["published", "retired"]),
                name="standard_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=["draft", "returned", "in_review", "approved"]),
                name="standard_one_in_work",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="standard_period_runs",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"

    @property
    def parsed(self) -> StandardContent:
        """The content as a value; raises pydantic.ValidationError for an imported one that is not complete."""
        return StandardContent.model_validate(self.content)

    @property
    def state_label(self) -> str:
        return STANDARD_STATE_LABELS[StandardState(self.state)]


class Lineage(models.Model):
    """One step in the life of items: what became of what, when, why and by which clause (append only)."""

    class Kind(models.TextChoices):
        ADD = "add", "新增"
        CANCEL = "cancel", "取消"
        SPLIT = "split", "拆分"
        MERGE = "merge", "合并"
        ADJUST = "adjust", "调整"
        TRANSFER = "transfer", "划转"
        SUSPEND = "suspend", "暂停"
        RESUME = "resume", "恢复"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="went_to"
    )
    to_item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="came_from"
    )
    on = models.DateField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, default="")
    clause = models.CharField(max_length=300, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class SearchEntry(models.Model):
    """What search knows of one item; ``words`` are the tokens, among them filters (``search.tokens``).

    SQLite keeps an FTS5 table beside it by triggers; PostgreSQL a GIN index over it (first migration).
    """

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    name = models.CharField(max_length=300, db_index=True)
    words = models.TextField()
    popularity = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
