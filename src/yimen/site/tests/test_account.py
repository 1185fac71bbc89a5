"""Administrators whose password no other administrator may set are helped on the machine."""

import io

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from yimen.foundation.identity.tests.factories import staff
from yimen.foundation.trace import api as trace
from yimen.site.commands import account as command

pytestmark = pytest.mark.django_db


def test_an_administrator_is_helped_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    made = staff("an")
    TOTP.activate(made, generate_totp_secret())
    monkeypatch.setattr(command.store, "open_store", lambda: None)
    monkeypatch.setattr(command.sys, "stdin", io.StringIO("Xin-Mi-Ma-2026\n"))
    assert command.run(["password", "AN", "--forget-second-factor"]) == 0
    made.refresh_from_db()
    assert made.check_password("Xin-Mi-Ma-2026") and not made.authenticator_set.exists()
    acts = [event.act for event in trace.events_of("account", "an")]
    assert acts == ["reset_password", "reset_second_factor"]
    monkeypatch.setattr(command.sys, "stdin", io.StringIO("short\n"))
    assert command.run(["password", "an"]) == 1 and command.run(["password", "nobody"]) == 1
