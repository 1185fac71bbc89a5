"""Signing in and out and what people change of their own sign-in: in the trace of their account.

Of residents only what changes how one signs in is kept, not when they come and go: nobody has to know that.
"""

import time
from typing import Any

from allauth.account.signals import password_changed, password_set, user_logged_in, user_logged_out
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in as session_begun
from django.dispatch import receiver
from django.http import HttpRequest

from yimen.foundation.identity.models import Account
from yimen.foundation.identity.pages.adapters import sign_in_name
from yimen.foundation.identity.services.journal import ACCOUNT, record
from yimen.foundation.identity.services.tokens import revoke_tokens
from yimen.foundation.identity.session import begin
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.addresses import client_address
from yimen.kernel.clock import now


def _note(account: Account, act: str, note: str = "") -> None:
    own = Actor(account_id=account.pk, name=account.display_name or account.username)
    record(ACCOUNT, account.username, act, actor=own, at=now(), note=note)


@receiver(session_begun)
def _session_begins(request: HttpRequest, **_: Any) -> None:
    begin(request.session, time.time())


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Account, **_: Any) -> None:
    if user.kind == Account.Kind.STAFF:
        _note(user, "sign_in", client_address(request))


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Account | None, **_: Any) -> None:
    if user is not None and user.kind == Account.Kind.STAFF:
        _note(user, "sign_out", client_address(request))


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str = "", **_: Any) -> None:
    """Told once a lock, only of names that exist: what somebody types is not kept."""
    typed = sign_in_name(request, {"username": username})
    if account := Account.objects.filter(username=typed).first():
        record(
            ACCOUNT, account.username, "locked_out", actor=PLATFORM, at=now(), note=client_address(request)
        )


@receiver([password_changed, password_set])
def _password_changed(user: Account, **_: Any) -> None:
    """Applications that hold a token of this person have to ask again."""
    revoke_tokens(user)
    _note(user, "change_password")


@receiver(authenticator_added)
def _factor_added(user: Account, authenticator: Any, **_: Any) -> None:
    _note(user, "add_second_factor", str(authenticator.type))


@receiver(authenticator_removed)
def _factor_removed(user: Account, authenticator: Any, **_: Any) -> None:
    _note(user, "remove_second_factor", str(authenticator.type))


@receiver(authenticator_reset)
def _factor_reset(user: Account, authenticator: Any, **_: Any) -> None:
    _note(user, "reset_second_factor", str(authenticator.type))
