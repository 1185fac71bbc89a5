"""A tiny district for tests of the whole: the cast of the demonstration, four of its standards, two deciding departments.

Made once a module inside one transaction that is rolled back at its end (``standing_district``), or for a test that
needs committed rows (``make_district`` under ``transaction=True``).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import yaml
from django.db import transaction
from django.test import Client

from yimen.foundation.documents import api as documents
from yimen.foundation.files import api as files
from yimen.foundation.identity import api as identity
from yimen.foundation.identity.models import Account, LegalEntity, Person
from yimen.foundation.identity.services.seeding import seed_roles
from yimen.foundation.orgs.models import Organisation
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.clock import travel_to
from yimen.modules.cases.services.intake import hand_in
from yimen.modules.items.content import StandardContent
from yimen.modules.items.rules import compose_item_code
from yimen.modules.items.services.items import NewItem
from yimen.modules.items.services.publishing import adopt
from yimen.site.demo import cases as demo_cases
from yimen.site.demo import invent, seed, standards
from yimen.site.demo.cast import CAST, REVIEW_POSTS, Member

MADE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""When the district came to be."""
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""The Monday morning on which stories begin."""
FOOD, SIGN, TRADER, STREET = "food-business-new", "signboard", "sole-trader-setup", "street-occupation"
"""Two officers with tolerance and promise · joint opinion · on the spot · an ordinary permit of twenty days."""
SLUGS = (FOOD, SIGN, TRADER, STREET)
DEPARTMENTS = ("scjgj", "cgj", "zrzyj", "wglj", "zsj")
STAFF = (
    Member("scjgj-li", "李核查", "", "reviewer", "organisation:scjgj", REVIEW_POSTS),
    Member("cgj-shen", "城管审查", "", "reviewer", "organisation:cgj", REVIEW_POSTS),
    Member("cgj-cha", "城管核查", "", "reviewer", "organisation:cgj", REVIEW_POSTS),
    Member("cgj-zhang", "城管负责", "", "department_head", "organisation:cgj", ("head",)),
    Member("zrzyj-shen", "规自审查", "", "reviewer", "organisation:zrzyj", REVIEW_POSTS),
    Member("wglj-shen", "文旅审查", "", "reviewer", "organisation:wglj", REVIEW_POSTS),
    Member("hong", "洪窗口", "", "window_clerk", "centre:town-01"),
    Member("wang", "王居民", ""),
)
BORN = {"lin": (1990, 1, 1), "wu": (1978, 6, 1), "wang": (1985, 5, 5)}


@dataclass
class Answer:
    """What a REST call gave back."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        """The machine name of a problem."""
        found: str = self.body.get("code", "")
        return found


@dataclass
class Caller:
    """A member of the cast with a token; cookies never, CSRF enforced."""

    token: str
    client: Client = field(
        default_factory=lambda: Client(enforce_csrf_checks=True, raise_request_exception=False)
    )

    def send(self, method: str, path: str, body: Any = None, key: str = "", **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key:
            headers["Idempotency-Key"] = key
        more.setdefault("content_type", "application/json")
        response = self.client.generic(
            method, path if path.startswith("/health") else f"/api/v1{path}",
            identity_free_json(body), headers=headers, **more,
        )  # fmt: skip
        return answer_of(response)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None, key: str = "") -> Answer:
        return self.send("POST", path, body, key)

    def act(self, number: str, act: str, key: str = "", **taken: Any) -> Answer:
        return self.post(f"/cases/{number}/acts", {"act": act, **taken}, key)


def identity_free_json(body: Any) -> bytes:
    """The bytes of a body: given as they are, or as JSON (lone surrogates escaped as JSON allows)."""
    import json

    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def answer_of(response: Any) -> Answer:
    import json

    text = response.content if not response.streaming else b"".join(response.streaming_content)
    is_json = "json" in response.headers.get("Content-Type", "")
    return Answer(response.status_code, json.loads(text) if is_json and text else text, response.headers)


@dataclass
class District:
    """The district's handles."""

    codes: dict[str, str]
    scan: dict[str, str] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)

    def account(self, username: str) -> Account:
        return Account.objects.select_related("person").get(username=username)

    def actor(self, username: str, at: datetime = AT, channel: str = "window") -> Actor:
        return identity.actor_of(self.account(username), at, channel)

    def person(self, username: str) -> Person:
        person = self.account(username).person
        assert person is not None
        return person

    def caller(self, username: str = "", lifetime: timedelta = timedelta(days=300)) -> Caller:
        """With a fresh token; "" is a stranger without one."""
        return Caller(identity.issue_token(self.account(username), MADE, lifetime) if username else "")

    def page(self, username: str = "", **options: Any) -> Client:
        """A browser in which this member is signed in; "" is a stranger's."""
        client = Client(raise_request_exception=False, **options)
        if username:
            client.force_login(
                self.account(username), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    def standard(self, slug: str, at: datetime = AT) -> Any:
        from yimen.modules.items import api as items

        return items.current(self.codes[slug], at.date())

    def answers(self, *slugs: str, **changes: Any) -> dict[str, Any]:
        """One form for these items, filled with the dictionary's own examples."""
        values: dict[str, Any] = {}
        for slug in slugs:
            values |= demo_cases.answers(self.standard(slug))
        return {k: v for k, v in (values | changes).items() if v is not None}

    def file_of(self, username: str, more: bytes = b"") -> str:
        """The digest of a one-page scan that this member handed in."""
        return files.store(f"{username}.pdf", io.BytesIO(_page() + more), self.actor(username), AT).digest

    def materials(
        self, username: str, *slugs: str, form: dict[str, Any], paper: bool = False
    ) -> list[dict[str, Any]]:
        """Everything these items ask for, as a file of this member or as paper taken at the window."""
        from yimen.modules.cases import api as cases

        digest = "" if paper else self.file_of(username)
        codes: dict[str, None] = {}
        for slug in slugs:
            content = self.standard(slug).content
            facts = {**form, "applicant_kind": "person"}
            codes |= dict.fromkeys(m.code for m in cases.required_materials(content, facts))
        return [{"requirement": c, **({"paper": True} if paper else {"file": digest})} for c in codes]

    def application(
        self, username: str, *slugs: str, form: dict[str, Any] | None = None, **changes: Any
    ) -> dict[str, Any]:
        """A complete body of ``POST /applications``: a resident for himself, a clerk for Lin."""
        values = self.answers(*slugs) | (form or {})
        clerk = username in ("chen", "hong")
        body: dict[str, Any] = {
            "items": [self.codes[slug] for slug in slugs],
            "form": values,
            "materials": self.materials(username, *slugs, form=values, paper=clerk),
        }
        if clerk:
            lin = self.person("lin")
            body |= {
                "channel": "window",
                "centre": "lanjiang" if username == "chen" else "town-01",
                "applicant": {
                    "kind": "person",
                    "name": lin.name,
                    "id_number": lin.id_number,
                    "phone": lin.phone,
                },
            }
        return body | changes

    def handed_in(
        self, username: str = "lin", *slugs: str, at: datetime = AT, **changes: Any
    ) -> dict[str, Any]:
        """An application that was received: the answer of the call."""
        with travel_to(at):
            done = self.caller(username).post(
                "/applications", self.application(username, *(slugs or (STREET,)), **changes)
            )
        assert done.status == 201, done.body
        found: dict[str, Any] = done.body
        return found

    def case(self, username: str = "lin", *slugs: str, **changes: Any) -> str:
        """The number of the first case of such an application."""
        number: str = self.handed_in(username, *slugs, **changes)["cases"][0]["number"]
        return number


def make_district() -> District:
    """Make the district in the current test database."""
    forget()
    seed_roles()
    plan = seed._plan()
    plan["towns"] = plan["towns"][:2]
    plan["organisations"] = [o for o in plan["organisations"] if o["code"] in DEPARTMENTS]
    seed._make_divisions(plan)
    seed._make_organisations(plan, MADE)
    seed._make_centres(plan)
    for member in (*CAST, *STAFF):
        seed._make_member(member, "!", MADE)
    _make_people()
    return District(codes=_publish())


def forget() -> None:
    """What the process remembers by row number belongs to another database."""
    hand_in.merged_form.cache_clear()
    demo_cases._signed.cache_clear()


@contextmanager
def standing_district() -> Iterator[District]:
    """The district inside a transaction that is rolled back."""
    with transaction.atomic():
        yield make_district()
        transaction.set_rollback(True)
    forget()


def _make_people() -> None:
    people = {}
    for serial, (username, born) in enumerate(BORN.items(), 901):
        account = Account.objects.get(username=username)
        people[username] = identity.find_or_register_person(
            account.display_name, invent.id_number(date(*born), serial), f"1990000{serial:04d}", MADE
        )
        Account.objects.filter(pk=account.pk).update(person=people[username])
    owner = identity.find_or_register_person(
        "何老板", invent.id_number(date(1970, 3, 9), 950), "19900000950", MADE
    )
    shop = identity.find_or_register_entity(
        "粤海市澜江区甲乙丙餐饮有限公司",
        invent.credit_code(800),
        MADE,
        phone="19910009999",
        legal_representative=owner,
    )
    identity.grant_representation(
        agent=people["wu"], principal_entity=shop, actor=PLATFORM, at=MADE, note="法定代表人授权"
    )


def shop() -> LegalEntity:
    """The enterprise for which Wu acts."""
    return LegalEntity.objects.get(uscc=invent.credit_code(800))


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[str, dict[str, Any], StandardContent], ...]:
    found = []
    for name in ("scjgj", "cgj"):
        document = yaml.load((standards.FOLDER / f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        for entry in document["standards"]:
            if entry["slug"] in SLUGS:
                content = StandardContent.model_validate(document.get("defaults", {}) | entry["content"])
                found.append((name, entry, content))
    return tuple(found)


def _publish() -> dict[str, str]:
    codes = dict(Organisation.objects.values_list("code", "uscc"))
    author, reviewer = (
        identity.actor_of(Account.objects.get(username=u), MADE, "window") for u in ("wen", "fang")
    )
    published = {}
    for organisation, entry, content in _entries():
        code = compose_item_code(
            codes[organisation], content.level, entry["source"], content.type, entry["serial"], entry["sub"]
        )
        new = NewItem(code=code, organisation=organisation, content=content, slug=entry["slug"])
        adopt(new, MADE.date(), author, reviewer, MADE)
        published[entry["slug"]] = code
    return published


@lru_cache(maxsize=1)
def _page() -> bytes:
    return documents.render_pdf(
        "notice",
        {
            "organisation": "澜江区政务服务中心",
            "title": "测试材料",
            "paragraphs": ["测试用。"],
            "date": "2026-01-05",
            "demo": True,
        },
    )
