"""Accounts and posts: made by the system administrator or by a resident who signs up."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from yimen.foundation.identity.events import AccountCreated, AccountLocked, AccountUnlocked
from yimen.foundation.identity.grants import Family, families_of
from yimen.foundation.identity.models import Account, LegalEntity, Person, PostHolding
from yimen.foundation.identity.numbers import check_person_name, check_phone
from yimen.foundation.identity.permissions import ACCOUNT_MANAGE
from yimen.foundation.identity.queries import china_day, grants_valid_on
from yimen.foundation.identity.services.journal import ACCOUNT, record
from yimen.foundation.identity.services.people import check_person, find_or_register_person, known_person
from yimen.foundation.identity.services.tokens import revoke_tokens
from yimen.foundation.orgs.api import Post
from yimen.kernel.actor import PLATFORM, Actor, Scope
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce
from yimen.kernel.masking import mask_name


def check_username(text: str) -> str:
    """A user name is 3 to 40 letters, digits, dots, hyphens or underscores; letters are kept small.

    Raises:
        Invalid: it is not, or it is taken.
    """
    username = text.strip().lower()
    if not re.fullmatch(r"[\w.-]{3,40}", username) or re.fullmatch(r"\d{15,18}x?", username):
        sentence = "用户名应为3至40位字母、数字、点、横线或下划线，且不要用证件号码。"
        raise Invalid(sentence, fields={"username": sentence})
    if Account.objects.filter(username__iexact=username).exists():
        sentence = f"用户名“{username}”已被使用，请换一个。"
        raise Invalid(sentence, fields={"username": sentence})
    return username


PASSWORD_SENTENCES = {
    "password_too_short": "密码太短，至少要{min_length}位。",
    "password_too_similar": "密码与用户名或姓名太相近，请换一个。",
    "password_too_common": "这个密码太常见，容易被猜到，请换一个。",
    "password_entirely_numeric": "密码不能全是数字，请加上字母或符号。",
}


def password_sentence(error: ValidationError) -> str:
    """Every rule a password breaks, in Chinese."""
    told = [
        PASSWORD_SENTENCES[one.code].format_map(one.params or {})
        if one.code in PASSWORD_SENTENCES
        else str(one.message)
        for one in error.error_list
    ]
    return "".join(told)


def check_password(password: str, account: Account | None, field: str = "password") -> str:
    """Check a new password against the rules in the settings.

    Raises:
        Invalid: with every rule it breaks.
    """
    try:
        validate_password(password, account)
    except ValidationError as error:
        sentence = password_sentence(error)
        raise Invalid(sentence, fields={field: sentence}) from error
    return password


def _require_reach(actor: Actor, account: Account, at: datetime) -> None:
    if actor == PLATFORM:
        return
    scopes = actor.scopes(ACCOUNT_MANAGE)
    if Scope() in scopes:
        return
    day = china_day(at)
    holdings = PostHolding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), account=account)
    posts = [h.post for h in holdings.select_related("post__organisation__division")]
    if scopes and not posts and not grants_valid_on(day).filter(account=account).exists():
        return
    if not any(_reaches(scope, post) for scope in scopes for post in posts):
        raise NotAllowed(f"您不能管理账户{account}，请由其所在地的系统管理员办理。")


def _reaches(scope: Scope, post: Post) -> bool:
    organisation = post.organisation
    return (
        organisation.division.code.startswith(scope.division)
        and scope.organisation_id in (None, organisation.pk)
        and scope.centre_id in (None, post.centre_id)
    )


@transaction.atomic
def create_account(
    *,
    username: str,
    actor: Actor,
    at: datetime,
    kind: str = Account.Kind.STAFF,
    display_name: str = "",
    password: str | None = None,
    person: Person | None = None,
    check_strength: bool = True,
) -> Account:
    """Create an account; without a password it cannot sign in with one (systems).

    Raises:
        NotAllowed: the actor may not manage accounts.
        Invalid: the user name or the password is wrong.
    """
    if actor != PLATFORM and not actor.may(ACCOUNT_MANAGE):
        raise NotAllowed("账户由系统管理员维护。")
    account = Account(
        username=check_username(username),
        display_name=display_name.strip(),
        kind=kind,
        person=person,
        created_at=at,
    )
    if password and check_strength:
        check_password(password, account)
    account.set_password(password)
    account.save()
    record(ACCOUNT, account.username, "create_account", actor=actor, at=at, note=account.get_kind_display())
    announce(AccountCreated(at=at, account_id=account.pk, kind=account.kind, actor_id=actor.account_id))
    return account


@transaction.atomic
def sign_up_resident(
    *,
    username: str,
    password: str,
    name: str,
    id_number: str,
    phone: str,
    at: datetime,
    id_kind: str = "resident_id",
    also_wrong: Mapping[str, str] | None = None,
) -> Account:
    """Sign up a resident with a real name (level 1: the number is checked, the face is not).

    Whether a number is registered is only asked when everything else is right, and told in one sentence for every
    reason: nobody finds out about a number without leaving an account behind. Who is registered already
    proves to be that person by knowing the telephone on record; otherwise name and number, which many people know, would open
    their matters. Where none is on record of somebody with matters, a window looks at the document and the person first.

    Args:
        also_wrong: what the page found wrong itself (field to sentence), told together with the rest.

    Raises:
        Invalid: everything that is wrong, at once; or the person has an account already, or is registered otherwise.
    """
    wrong = dict(also_wrong or {})
    account = Account(kind=Account.Kind.RESIDENT, created_at=at, display_name=mask_name(name.strip())[:60])
    for check in (
        lambda: setattr(account, "username", check_username(username)),
        lambda: check_password(password, account),
    ):
        try:
            check()
        except Invalid as error:
            wrong |= error.fields
    if not phone.strip():
        wrong["phone"] = "请填写手机号码，办理进度会通知到这个号码。"
    try:
        check_person(name, id_number, phone, at, id_kind)
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(fields=wrong)
    account.person = person = _person_signing_up(name, id_number, phone, at, id_kind)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise Conflict(
            "用户名刚刚被别人使用，请换一个。", fields={"username": "刚刚被别人使用，请换一个。"}
        ) from error
    own = Actor(account_id=account.pk, name=account.display_name, person_id=person.pk)
    record(ACCOUNT, account.username, "sign_up", actor=own, at=at)
    announce(AccountCreated(at=at, account_id=account.pk, kind=account.kind, actor_id=account.pk))
    return account


def _person_signing_up(name: str, id_number: str, phone: str, at: datetime, id_kind: str) -> Person:
    known = known_person(id_number, id_kind)
    fits = known is None or (
        known.name == check_person_name(name)
        and _knows_phone(known, check_phone(phone))
        and not known.accounts.filter(kind=Account.Kind.RESIDENT).exists()
    )
    if not fits:
        sentence = (
            "用这些信息不能注册：可能已经有账户，请直接登录；也可能与登记的姓名或手机号码不一致。"
            "忘记用户名或密码、更改了姓名或手机号码、登记时没有留手机号码的，请持证件到窗口办理。"
        )
        raise Invalid(sentence, fields={"id_number": sentence})
    return find_or_register_person(name, id_number, phone, at, id_kind=id_kind)


def _knows_phone(known: Person, phone: str) -> bool:
    """Is it the one on record? Without one, only somebody whom others merely named (as their agent) signs up unseen."""
    if known.phone:
        return known.phone == phone
    was_seen = known.real_name_level >= Person.RealName.SEEN_AT_WINDOW
    return not was_seen and not LegalEntity.objects.filter(legal_representative=known).exists()


@transaction.atomic
def lock_account(account: Account, *, actor: Actor, at: datetime, reason: str) -> Account:
    """Deactivate an account: it cannot sign in, its tokens end, its sessions act as a stranger at once.

    Raises:
        NotAllowed: out of the actor's scope.
        NotPossible: it is locked already, or is the actor's own.
        Invalid: no reason was given.
    """
    _require_reach(actor, account, at)
    if account.pk == actor.account_id:
        raise NotPossible("不能停用自己的账户，请由另一名系统管理员办理。")
    if not account.is_active:
        raise NotPossible(f"账户{account}已经停用。")
    if not reason.strip():
        raise Invalid("请填写停用原因。", fields={"reason": "请填写停用原因，审计时要看。"})
    account.is_active, account.locked_reason = False, reason.strip()[:200]
    account.save(update_fields=["is_active", "locked_reason"])
    revoke_tokens(account)
    record(ACCOUNT, account.username, "lock_account", actor=actor, at=at, note=reason)
    announce(AccountLocked(at=at, account_id=account.pk, reason=reason, actor_id=actor.account_id))
    return account


@transaction.atomic
def unlock_account(account: Account, *, actor: Actor, at: datetime) -> Account:
    """Activate an account again.

    Raises:
        NotAllowed: out of the actor's scope.
        NotPossible: it is not locked.
    """
    _require_reach(actor, account, at)
    if account.is_active:
        raise NotPossible(f"账户{account}没有停用。")
    account.is_active, account.locked_reason = True, ""
    account.save(update_fields=["is_active", "locked_reason"])
    record(ACCOUNT, account.username, "unlock_account", actor=actor, at=at)
    announce(AccountUnlocked(at=at, account_id=account.pk, actor_id=actor.account_id))
    return account


def _require_no_other_administrator(actor: Actor, account: Account, at: datetime) -> None:
    """Who could set the password of another administrator would be that administrator, and the three would be one."""
    if actor == PLATFORM:
        return
    rows = grants_valid_on(china_day(at)).filter(account=account).select_related("role")
    if families_of(grant for row in rows for grant in row.role.grants) - {Family.SYSTEM}:
        raise NotAllowed(
            f"{account}是安全管理员或审计管理员，系统管理员不能替其设密码。",
            clause="GB/T 22239-2019 8.1.4.2",
            would_pass="请在服务器上执行 yimen account password 重设。",
        )


@transaction.atomic
def reset_password(account: Account, password: str, *, actor: Actor, at: datetime) -> Account:
    """Set a new password for somebody who lost it; every session and every token of the account ends.

    Raises:
        NotAllowed: out of the actor's scope, or a security or audit administrator's.
        Invalid: the password is weak.
    """
    _require_reach(actor, account, at)
    _require_no_other_administrator(actor, account, at)
    check_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    revoke_tokens(account)
    record(ACCOUNT, account.username, "reset_password", actor=actor, at=at)
    return account


@transaction.atomic
def forget_second_factor(account: Account, *, actor: Actor, at: datetime) -> int:
    """Take the second factor of somebody who lost it away, so that a new one is set up at the next sign-in; how many."""
    gone: int = Authenticator.objects.filter(user=account).delete()[0]
    if gone:
        record(ACCOUNT, account.username, "reset_second_factor", actor=actor, at=at)
    return gone


@transaction.atomic
def assign_post(
    account: Account,
    post: Post,
    *,
    actor: Actor,
    at: datetime,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> PostHolding:
    """Put an account into a post.

    Raises:
        NotAllowed: the post is out of the actor's scope.
        NotPossible: the account is no staff, the post is closed, or it holds the post already.
    """
    if actor != PLATFORM and not any(_reaches(scope, post) for scope in actor.scopes(ACCOUNT_MANAGE)):
        raise NotAllowed(f"您不能安排{post.organisation.name}的岗位，请由该机构所在地的系统管理员办理。")
    start = valid_from or china_day(at)
    if account.kind == Account.Kind.RESIDENT:
        raise NotPossible("个人账户不能任职，请为工作人员另建账户。")
    if post.valid_to is not None and post.valid_to <= start:
        raise NotPossible(f"岗位“{post.name}”已撤销，请另选岗位。")
    running = PostHolding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=start), account=account, post=post
    )
    if running.exists():
        raise Conflict(f"{account}已在岗位“{post.name}”任职。")
    holding = PostHolding.objects.create(account=account, post=post, valid_from=start, valid_to=valid_to)
    record(
        ACCOUNT,
        account.username,
        "assign_post",
        actor=actor,
        at=at,
        note=f"{post.organisation.label} {post.name}",
    )
    return holding


@transaction.atomic
def end_post(holding: PostHolding, *, actor: Actor, at: datetime) -> PostHolding:
    """End a holding today.

    Raises:
        NotAllowed: the post is out of the actor's scope.
    """
    post = holding.post
    if actor != PLATFORM and not any(_reaches(scope, post) for scope in actor.scopes(ACCOUNT_MANAGE)):
        raise NotAllowed(f"您不能安排{post.organisation.name}的岗位。")
    holding.valid_to = max(china_day(at), holding.valid_from)
    holding.save(update_fields=["valid_to"])
    record(
        ACCOUNT,
        holding.account.username,
        "end_post",
        actor=actor,
        at=at,
        note=f"{post.organisation.label} {post.name}",
    )
    return holding
