"""How the sign-in library is fitted to the house: words, where to go after sign-in, sealed second factors, keys."""

import base64
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import PrivateKey
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from axes.handlers.proxy import AxesProxyHandler
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from yimen.foundation.identity.models import Account
from yimen.foundation.identity.params import SECOND_FACTOR
from yimen.foundation.identity.queries import china_day
from yimen.foundation.identity.sealing import seal_text, unseal_text
from yimen.foundation.identity.services.accounts import check_password
from yimen.foundation.params import api as params
from yimen.kernel.access import actor_of_request
from yimen.kernel.addresses import client_address
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid

KEY_BITS = 2048
SECOND_FACTOR_OWED = "second_factor_owed"


def sign_in_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name of a sign-in attempt, the same for small and capital letters (counts failures)."""
    typed = (credentials or {}).get("username") or request.POST.get("login") or ""
    if not typed and getattr(request, "user", None) is not None and request.user.is_authenticated:
        typed = request.user.get_username()
    return str(typed).strip().lower()[:60]


def second_factor_required(account: Any) -> bool:
    """Must this account have a second factor: staff, while the parameter is on, never in demonstration mode."""
    if settings.DEMO or not settings.IDENTITY_SECOND_FACTOR or account.kind != Account.Kind.STAFF:
        return False
    return bool(params.value(SECOND_FACTOR.code, on=china_day(now())))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a user name; residents sign up on the platform's own page."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对，请核对大小写后重新输入。"),
        "incorrect_password": _("当前密码不对，请重新输入。"),
        "enter_current_password": _("请输入现在使用的密码。"),
        "too_many_login_attempts": _("登录尝试过于频繁，请稍后再试；忘记密码请联系系统管理员或到窗口办理。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
        "account_inactive": _("账户已停用，请联系系统管理员。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Note in the session that staff must set up a second factor before anything else."""
        if second_factor_required(user) and not is_mfa_enabled(user):
            request.session[SECOND_FACTOR_OWED] = True
        return super().post_login(request, user, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Tries of an address that is locked for this name do not count against the name: nobody shuts another out alone."""
        if AxesProxyHandler.is_allowed(request, credentials):
            super().pre_authenticate(request, **credentials)

    def clean_password(self, password: str, user: Any = None) -> str:
        """The same sentences as everywhere else when a new password is too weak."""
        try:
            return check_password(password, user)
        except Invalid as wrong:
            raise ValidationError(wrong.message) from wrong

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for the first second factor right after signing in: the password was typed a moment ago."""
        request = context.request
        if app == "allauth.mfa" and request.session.get(SECOND_FACTOR_OWED):
            records = get_authentication_records(request, request.user)
            last = max((record.get("at", 0) for record in records), default=0)
            if now().timestamp() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "127.0.0.1"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go where they work, everybody else to the hall."""
        grants = actor_of_request(request).grants
        for portal in ("desk", "console"):
            if any(grant.startswith(f"{portal}:") for grant in grants):
                try:
                    return reverse(f"{portal}:home")
                except NoReverseMatch:
                    continue
        return str(settings.LOGIN_REDIRECT_URL)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The secret of a second factor lies sealed like personal data."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("动态口令不对：请填写验证器上现在显示的6位数字，并核对手机时间。"),
    }

    def get_totp_issuer(self) -> str:
        return "一门"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff who must have a second factor cannot take their own away; an administrator helps who lost it."""
        return not second_factor_required(authenticator.user)

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal_text(text, "second-factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_text(base64.b64decode(encrypted_text), "second-factor")


@lru_cache(maxsize=4)
def signing_key(data: Path) -> str:
    """The RSA key (PEM) that signs identity tokens; made at first use, kept with the other keys of the installation.

    Several machines must sign with one key: ``YIMEN_OIDC_KEY`` gives it, as PEM or as base64 of that.
    """
    if given := os.environ.get("YIMEN_OIDC_KEY", ""):
        return given if given.startswith("-----") else base64.b64decode(given).decode()
    path = data / "keys" / "oidc.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        waiting = path.with_suffix(f".{os.getpid()}")
        handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        try:
            os.link(waiting, path)
        except FileExistsError:
            pass  # another process was first; its key holds
        finally:
            waiting.unlink()
    return path.read_text()


class OidcAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """The platform as OpenID Connect provider: its key, its words, the real-name level as a claim."""

    scope_display = {
        "openid": _("知道您是谁（账户编号）"),
        "profile": _("您的显示名称和实名等级"),
        "email": _("您的电子邮箱"),
        "api": _("以您的名义使用一门平台办事"),
    }

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        return [PrivateKey(pem=signing_key(settings.DATA))]

    def get_claims(
        self, purpose: Any, user: Any, client: Any, scopes: Any, email: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_claims(purpose, user, client, scopes, email=email, **kwargs)
        if "profile" in scopes and getattr(user, "person", None) is not None:
            claims["real_name_level"] = user.person.real_name_level
        return claims
