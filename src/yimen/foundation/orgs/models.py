"""Divisions, organisations, service centres and posts, each with the period in which it exists."""

from datetime import date

from django.db import models
from django.db.models import Q

from yimen.foundation.orgs.rules import BEFORE_RECORDS, prefix_of
from yimen.foundation.params.api import Reference


class Division(Reference):
    """An administrative division (行政区划) of one of five levels.

    The code has twelve digits (province 440000000000, village 440113001001); the digits that count are a
    prefix of 2, 4, 6, 9 or 12, so that "below" is a string prefix.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1, "省级"
        CITY = 2, "市级"
        COUNTY = 3, "县级"
        TOWN = 4, "镇街"
        VILLAGE = 5, "村社区"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=200, blank=True, default="")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField(default=BEFORE_RECORDS)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=["parent", "code"], name="division_parent_code"),)
        constraints = (
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="division_level"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="division_period",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits that count: rows below this division have codes that begin with it."""
        return prefix_of(self.code)

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class DivisionChange(models.Model):
    """A code that went over into another one (撤并、更名、升格): old papers keep resolving."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", "更名"
        UPGRADED = "upgraded", "撤县（市）设区"
        MERGED = "merged", "撤并"
        SPLIT = "split", "析置"
        RECODED = "recoded", "换码"
        STATISTICAL = "statistical", "统计用码"

    old_code = models.CharField(max_length=12)
    new_code = models.CharField(max_length=12)
    on = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("on", "old_code")
        constraints = (
            models.UniqueConstraint(fields=["old_code", "new_code", "on"], name="division_change_once"),
        )

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


class Organisation(Reference):
    """A government, department, street office, centre body or public institution."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "人民政府"
        DEPARTMENT = "department", "部门"
        STREET = "street", "镇街"
        CENTRE_BODY = "centre_body", "政务服务机构"
        PUBLIC_INSTITUTION = "public_institution", "事业单位"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True, default="")
    uscc = models.CharField(max_length=18, blank=True, default="", db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DEPARTMENT)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="organisations")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField(default=BEFORE_RECORDS)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    phone = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=["division", "code"], name="organisation_division"),)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class OrganisationName(models.Model):
    """A former name: a paper of that day shows the name of that day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.DateField()

    class Meta:
        ordering = ("organisation_id", "until")

    def __str__(self) -> str:
        return self.name


class Centre(Reference):
    """A service centre (政务服务中心) or a service station with windows."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="centres")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="centres"
    )
    address = models.CharField(max_length=200, blank=True, default="")
    hours = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    valid_from = models.DateField(default=BEFORE_RECORDS)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (岗位) of an organisation, perhaps at a centre: what a step is given to, never a person."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("organisation_id", "code")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "code"], name="post_code_in_organisation"),
        )

    def __str__(self) -> str:
        return self.name
