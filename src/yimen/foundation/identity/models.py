"""Accounts, persons, legal entities, roles and their delegation, acting for somebody."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from yimen.foundation.identity.sealing import seal_text, unseal_text
from yimen.kernel.masking import mask_id_number, mask_name, mask_phone


class Person(models.Model):
    """A natural person (自然人). Name, number and phone lie sealed; keyed hashes find them again.

    Created and changed by ``services.people`` only, which checks the number first.
    """

    class IdKind(models.TextChoices):
        RESIDENT_ID = "resident_id", "居民身份证"
        RESIDENCE_PERMIT = "residence_permit", "港澳台居民居住证"
        HK_MACAO_PERMIT = "hk_macao_permit", "港澳居民来往内地通行证"
        TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
        PASSPORT = "passport", "护照"

    class RealName(models.IntegerChoices):
        NONE = 0, "未实名"
        NUMBER_CHECKED = 1, "证件号码已校验"
        SEEN_AT_WINDOW = 2, "窗口已核对证件原件"

    id_kind = models.CharField(max_length=20, choices=IdKind.choices, default=IdKind.RESIDENT_ID)
    name_sealed = models.BinaryField()
    name_hash = models.CharField(max_length=64, db_index=True)
    id_number_sealed = models.BinaryField()
    id_number_hash = models.CharField(max_length=64)
    phone_sealed = models.BinaryField(default=b"", blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    real_name_level = models.PositiveSmallIntegerField(choices=RealName.choices, default=RealName.NONE)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["id_kind", "id_number_hash"], name="person_once"),)

    def __str__(self) -> str:
        return self.masked_name

    @property
    def name(self) -> str:
        return unseal_text(bytes(self.name_sealed), "name")

    @property
    def id_number(self) -> str:
        return unseal_text(bytes(self.id_number_sealed), "id_number")

    @property
    def phone(self) -> str:
        return unseal_text(bytes(self.phone_sealed), "phone") if self.phone_sealed else ""

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_id_number(self) -> str:
        return mask_id_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class LegalEntity(models.Model):
    """A legal person or other organisation (法人和非法人组织), known by its unified social credit code."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
        INSTITUTION = "institution", "事业单位"
        SOCIAL_ORGANISATION = "social_organisation", "社会组织"
        GOVERNMENT = "government", "行政机关"
        OTHER = "other", "其他组织"

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=24, choices=Kind.choices, default=Kind.ENTERPRISE)
    phone_sealed = models.BinaryField(default=b"", blank=True)
    legal_representative = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="entities_represented"
    )
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "legal entities"

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        return unseal_text(bytes(self.phone_sealed), "phone") if self.phone_sealed else ""

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    def seal_phone(self, phone: str) -> None:
        self.phone_sealed = seal_text(phone, "phone") if phone else b""


class AccountManager(BaseUserManager["Account"]):
    """Accounts are found without regard to the case of the user name."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """What signs in: a resident, a member of staff or a system. It holds no rights itself (see RoleGrant)."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", "个人"
        STAFF = "staff", "工作人员"
        SYSTEM = "system", "系统"

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RESIDENT)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    is_active = models.BooleanField(default=True)
    locked_reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = (models.Index(fields=["kind", "username"], name="account_kind_username"),)

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_staff(self) -> bool:
        """Never a Django administrator; staff of the platform have ``kind == "staff"``."""
        return False

    def get_full_name(self) -> str:
        return self.display_name


class PostHolding(models.Model):
    """Who holds a post, from when to when (half-open days)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey("orgs.Post", on_delete=models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["account", "valid_from"], name="holding_account"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="holding_period"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.post_id}"


class Role(models.Model):
    """A named bundle of grants: data, editable by the security administrator."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=200, blank=True, default="")
    grants = models.JSONField(default=list)
    built_in = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role given to an account over a scope (empty fields do not restrict), perhaps with the right to pass it on.

    ``derived_from`` are the grants it was delegated from: revoking one of them revokes it too (逐级授权).
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="role_grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="role_grants")
    division = models.ForeignKey(
        "orgs.Division", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    centre = models.ForeignKey(
        "orgs.Centre", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    may_delegate = models.BooleanField(default=False)
    granted_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    derived_from = models.ManyToManyField("self", symmetrical=False, related_name="derived", blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("-granted_at", "-id")
        indexes = (models.Index(fields=["account", "revoked_at"], name="rolegrant_account"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="rolegrant_period"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role_id} → {self.account_id}"


class Representation(models.Model):
    """A person acts for another person or for a legal entity (民法典第一百六十一条至第一百六十五条).

    ``scope`` lists item codes; an empty list means all matters. ``evidence`` is the digest of the letter of
    authority where it was given on paper.
    """

    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="representations")
    principal_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="represented_by"
    )
    principal_entity = models.ForeignKey(
        LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="represented_by"
    )
    scope = models.JSONField(default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=64, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    granted_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-granted_at", "-id")
        indexes = (models.Index(fields=["agent", "revoked_at"], name="representation_agent"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(principal_person__isnull=True) ^ Q(principal_entity__isnull=True),
                name="representation_one_principal",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="representation_period",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agent_id} → {self.principal_person_id or self.principal_entity_id}"

    def is_valid_on(self, day: date) -> bool:
        return (
            self.revoked_at is None
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
        )
