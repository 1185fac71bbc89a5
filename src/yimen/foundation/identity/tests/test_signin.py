"""Signing in and up: lock-out in Chinese, second factor of staff, real names checked, nothing typed is lost."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from yimen.foundation.identity.api import find_or_register_person, lock_account
from yimen.foundation.identity.models import Account, Person
from yimen.foundation.identity.permissions import LOCKOUT_MANAGE
from yimen.foundation.identity.services.lockouts import locked_names, release_lockout
from yimen.foundation.identity.tests.factories import (
    AT,
    PASSWORD,
    account,
    acting,
    id_number,
    person,
    resident,
    staff,
)
from yimen.foundation.params import api as params
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import now
from yimen.kernel.errors import NotAllowed, NotPossible

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.foundation.identity.tests.urls")]
LOGIN, SIGN_UP = "/accounts/login/", "/accounts/signup/"


def with_own_templates(engines: list[dict], own: object) -> list[dict]:
    """The sign-in library ships pages of its own; ours stand before them (settings: IDENTITY_TEMPLATES)."""
    (engine,) = engines
    directories = [*dict.fromkeys([*engine["DIRS"], own])]
    return [{**engine, "DIRS": directories}]


@pytest.fixture(autouse=True)
def _quiet(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TEMPLATES = with_own_templates(settings.TEMPLATES, settings.IDENTITY_TEMPLATES)
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def test_a_resident_signs_in_and_comes_to_the_hall(client: Client) -> None:
    resident("lin", password=PASSWORD)
    assert client.get(LOGIN).status_code == 200
    answer = sign_in(client, "LIN")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_staff_come_to_where_they_work_when_no_second_factor_is_asked(client: Client, settings) -> None:
    settings.IDENTITY_SECOND_FACTOR = False
    made = staff("chen", ("desk:case:accept",))
    made.set_password(PASSWORD)
    made.save()
    assert sign_in(client, "chen").headers["Location"] == "/desk/"
    assert client.get("/desk/").content == b"window"


def test_a_wrong_password_is_told_in_chinese_and_the_name_stays(client: Client) -> None:
    resident("lin", password=PASSWORD)
    answer = sign_in(client, "lin", "wrong")
    page = answer.content.decode()
    assert "用户名或密码不对" in page
    assert 'value="lin"' in page
    assert "wrong" not in page


def test_five_wrong_passwords_lock_the_name_and_the_security_administrator_releases(client: Client) -> None:
    resident("lin", password=PASSWORD)
    for _ in range(4):
        assert sign_in(client, "lin", "wrong").status_code == 200
    locked = sign_in(client, "Lin", "wrong")
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    assert locked.headers["Retry-After"] == "900"
    assert sign_in(client, "lin").status_code == 429
    assert [row["username"] for row in locked_names(now())] == ["lin"]
    with pytest.raises(NotAllowed):
        release_lockout("lin", actor=acting(staff("root", ("console:account:manage",))), at=now())
    release_lockout("lin", actor=acting(staff("an", (LOCKOUT_MANAGE,))), at=now())
    assert sign_in(client, "lin").status_code == 302
    with pytest.raises(NotPossible):
        release_lockout("lin", actor=PLATFORM, at=now())


def test_another_name_from_the_same_address_is_not_locked(client: Client) -> None:
    resident("lin", password=PASSWORD)
    resident("wu", "吴海", password=PASSWORD)
    for _ in range(5):
        sign_in(client, "lin", "wrong")
    assert sign_in(client, "wu").status_code == 302


def test_a_deactivated_account_is_told_so_and_its_session_ends(client: Client) -> None:
    lin = resident("lin", password=PASSWORD)
    sign_in(client, "lin")
    lock_account(lin, actor=PLATFORM, at=AT, reason="本人申请")
    assert client.get("/").status_code == 302
    answer = sign_in(Client(), "lin")
    assert answer.status_code == 302 or "停用" in answer.content.decode()


def staff_with_password(username: str = "chen") -> Account:
    made = staff(username, ("desk:case:accept",))
    made.set_password(PASSWORD)
    made.save()
    return made


def test_staff_without_a_second_factor_see_only_its_enrolment(client: Client) -> None:
    staff_with_password()
    sign_in(client, "chen")
    answer = client.get("/desk/")
    assert answer.headers["Location"] == "/accounts/2fa/totp/activate/?required=1"
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "请先启用第二重验证" in page.content.decode()
    code = code_for(page.context["form"].secret)
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/desk/").content == b"window"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_is_asked_at_sign_in_and_lies_sealed(client: Client) -> None:
    made, secret = staff_with_password(), generate_totp_secret()
    TOTP.activate(made, secret)
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    answer = sign_in(client, "chen")
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/desk/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "动态口令不对" in wrong.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert client.get("/desk/").content == b"window"


def test_the_parameter_switches_the_second_factor_off(client: Client) -> None:
    params.set_value(
        "identity.staff_second_factor", False, valid_from=date(2020, 1, 1), actor=PLATFORM, at=AT
    )
    staff_with_password()
    sign_in(client, "chen")
    assert client.get("/desk/").content == b"window"


def test_demonstration_mode_asks_for_none_and_says_so(client: Client, settings) -> None:
    settings.DEMO = True
    staff_with_password()
    assert "不要求第二重验证" in client.get(LOGIN).content.decode()
    sign_in(client, "chen")
    assert client.get("/desk/").content == b"window"


FORM = {
    "name": "林晓燕",
    "id_kind": "resident_id",
    "id_number": id_number(21),
    "phone": "13800138000",
    "username": "lin.xy",
    "password": PASSWORD,
    "password2": PASSWORD,
    "agree": "1",
}


def test_a_resident_signs_up_with_a_real_name_and_is_signed_in(client: Client) -> None:
    page = client.get(SIGN_UP, {"next": "/desk/"})
    assert "不做人脸核验" in page.content.decode()
    answer = client.post(SIGN_UP, {**FORM, "next": "/desk/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    made = Account.objects.get(username="lin.xy")
    assert made.kind == Account.Kind.RESIDENT
    assert made.display_name == "林*燕"
    assert made.person.real_name_level == Person.RealName.NUMBER_CHECKED
    assert client.get("/").status_code == 200
    (event,) = trace.events_of("account", "lin.xy")
    assert event.act == "sign_up"


def test_everything_wrong_is_told_at_once_and_what_was_typed_stays(client: Client) -> None:
    bad = {
        **FORM,
        "name": "林<1>",
        "id_number": "44011319900101001",
        "phone": "138",
        "username": "林",
        "password2": "other",
        "agree": "",
    }
    answer = client.post(SIGN_UP, bad)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["errors"]) == {"name", "id_number", "phone", "username", "password2", "agree"}
    assert "应为18位，您填写了17位" in page
    for typed in ("林&lt;1&gt;", "44011319900101001", 'value="138"', 'value="林"'):
        assert typed in page
    assert PASSWORD not in page
    assert "<1>" not in page
    assert not Person.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "1234567890", "password2": "1234567890"}, "password"),
        ({"password": "short", "password2": "short"}, "password"),
        ({"phone": ""}, "phone"),
        ({"username": id_number(3)}, "username"),
        ({"id_kind": "passport", "id_number": "护照"}, "id_number"),
        ({"id_kind": "no-such-kind", "id_number": "1"}, "id_number"),
        ({"name": "\x00"}, "name"),
        ({"username": "x" * 500}, "username"),
    ],
)
def test_one_wrong_field_is_named(client: Client, change: dict[str, str], field: str) -> None:
    answer = client.post(SIGN_UP, {**FORM, **change})
    assert answer.status_code == 422
    assert set(answer.context["errors"]) == {field}
    assert all(sentence.isascii() is False for sentence in answer.context["errors"].values())


def test_an_empty_form_is_answered_clearly(client: Client) -> None:
    answer = client.post(SIGN_UP, {})
    assert answer.status_code == 422
    assert {"name", "id_number", "phone", "username", "agree"} <= set(answer.context["errors"])


def test_a_person_signs_up_once_and_a_name_is_taken_once(client: Client) -> None:
    client.post(SIGN_UP, FORM)
    again = Client().post(SIGN_UP, {**FORM, "username": "lin2"})
    assert "可能已经有账户" in again.context["errors"]["id_number"]
    taken = Client().post(SIGN_UP, {**FORM, "id_number": id_number(22), "username": "LIN.XY"})
    assert "已被使用" in taken.context["errors"]["username"]


def test_somebody_known_from_a_window_signs_up_to_his_own_record(client: Client) -> None:
    known = find_or_register_person("林晓燕", id_number(21), FORM["phone"], AT, real_name_level=2)
    client.post(SIGN_UP, FORM)
    assert Account.objects.get(username="lin.xy").person == known
    known.refresh_from_db()
    assert known.real_name_level == Person.RealName.SEEN_AT_WINDOW


def test_signing_up_leads_nowhere_else(client: Client) -> None:
    answer = client.post(SIGN_UP, {**FORM, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert client.get(SIGN_UP, {"next": "//evil.example"}).headers["Location"] == "/"


def test_too_many_sign_ups_are_refused(client: Client) -> None:
    statuses = [client.post(SIGN_UP, {}).status_code for _ in range(11)]
    assert statuses[:10] == [422] * 10
    assert statuses[10] == 429


def test_the_pages_of_the_account_open(client: Client) -> None:
    client.force_login(resident("lin", password=PASSWORD))
    for address in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "yimen" in page.content.decode() or "一门" in page.content.decode()
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/").status_code == 302


def test_a_password_is_changed(client: Client) -> None:
    resident("lin", password=PASSWORD)
    sign_in(client, "lin")
    new = "Xin-De-Mima-2026"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", form).status_code == 302
    weak = client.post(
        "/accounts/password/change/", {"oldpassword": new, "password1": "123", "password2": "123"}
    )
    assert "至少要10位" in weak.content.decode()
    assert sign_in(Client(), "lin", new).status_code == 302
    assert sign_in(Client(), "lin").status_code == 200


def test_choosing_whom_to_act_for(client: Client) -> None:
    lin, mother = resident("lin"), person("王桂芳")
    client.force_login(lin)
    from yimen.foundation.identity.api import grant_representation, revoke_representation

    row = grant_representation(agent=lin.person, principal_person=mother, actor=PLATFORM, at=AT)
    assert client.get("/").content == b"self"
    assert client.get("/me/representations/").status_code == 200
    client.post("/me/representations/act-for/", {"principal": f"person:{mother.pk}"})
    assert client.get("/").content.decode() == "王*芳"
    revoke_representation(row, actor=PLATFORM, at=AT)
    assert client.get("/").content == b"self"
    refused = client.post("/me/representations/act-for/", {"principal": f"person:{mother.pk}"})
    assert refused.status_code == 403
    assert client.post("/me/representations/act-for/", {"principal": "x:y"}).status_code == 403
    assert client.post("/me/representations/act-for/", {}).status_code == 302


def test_adding_and_revoking_an_agent(client: Client) -> None:
    lin = resident("lin")
    client.force_login(lin)
    bad = client.post("/me/representations/add/", {"name": "吴海", "id_number": "123", "valid_to": "soon"})
    assert bad.status_code == 422
    assert 'value="123"' in bad.content.decode()
    good = {"name": "吴海", "id_number": id_number(31), "phone": "", "scope": "440199-01，440199-02"}
    assert client.post("/me/representations/add/", good).status_code == 302
    row = lin.person.represented_by.get()
    assert row.scope == ["440199-01", "440199-02"]
    other = Client()
    other.force_login(resident("he", "何芳"))
    assert other.post(f"/me/representations/{row.pk}/revoke/").status_code == 404
    assert client.post(f"/me/representations/{row.pk}/revoke/").status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert client.post("/me/representations/999999999999999999999999/revoke/").status_code == 404


def test_an_account_without_a_person_is_told_what_to_do(client: Client) -> None:
    client.force_login(account("chen"))
    assert client.get("/me/representations/").status_code == 200
    answer = client.post("/me/representations/add/", {"name": "吴海", "id_number": id_number(31)})
    assert answer.status_code == 422
    assert "还没有实名" in answer.content.decode()
