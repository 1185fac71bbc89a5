"""How the cost of main pages and calls grows with what is stored: the synthetic province at several sizes, open cases held equal.

Times are of real HTTP, one caller. Beside them stand the pages of the database that each call touches (``blocks``), read off the
plans of its statements: these do not depend on how busy the machine is, and show growth first.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yimen.foundation.identity.api import Account, Person, issue_token
from yimen.kernel.clock import now
from yimen.modules.cases.models import Case
from yimen.modules.deadlines.models import Clock
from yimen.modules.insight.models import Contribution
from yimen.modules.supervision.services.sweeping import sweep_clocks
from yimen.site.bench import board
from yimen.site.bench.calls import Call
from yimen.site.bench.clocks import open_many
from yimen.site.bench.rest import CEREMONY, _drive, _server
from yimen.site.province import catalogue
from yimen.site.province.plan import Plan
from yimen.site.province.scoring import score
from yimen.site.province.services.loading import load
from yimen.site.province.services.reference import RESIDENT

RECENT = 5000
"""Cases of the last forty days at every size: what is open stays the same while what is closed grows."""
BASE = catalogue.CLASSES * catalogue.PATTERN.index(catalogue.SIMPLE)
ITEM, OFFICE = f"YL001-{BASE:04d}", f"yl-001-{catalogue.department_of(BASE):02d}"
CLERK, REVIEWER, SUPERVISOR = "yl-001-window", f"{OFFICE}-1", "yl-supervisor"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST = 2000
Figures = list[dict[str, Any]]


@dataclass(frozen=True)
class Visit:
    """A page as a signed-in person's browser asks for it."""

    path: str
    cookie: str = ""

    def text(self) -> str:
        """The whole HTTP/1.1 request."""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n"


PAGES = (
    ("desk inbox", "/desk/cases/", REVIEWER),
    ("desk inbox, closed", "/desk/cases/?tab=done", REVIEWER),
    ("desk window", "/desk/", CLERK),
    ("console home", "/console/", SUPERVISOR),
    ("console cases", "/console/cases/", SUPERVISOR),
    ("console cases, open", "/console/cases/?state=open", SUPERVISOR),
    ("dashboard", "/console/figures/", SUPERVISOR),
    ("supervision", "/console/supervision/", SUPERVISOR),
    ("hall search", "/items/?q=%E9%A3%9F%E5%93%81%E7%BB%8F%E8%90%A5", ""),
    ("hall my", "/my/", RESIDENT),
)  # fmt: skip


def bench(cases: int, seconds: float, workers: int) -> Figures:
    """Load a province into this empty store and measure it."""
    began = perf_counter()
    done = load(Plan(cases=cases, recent=min(RECENT, cases)), say=_say)
    told = {
        "figure": "load", "cases": cases, "seconds": round(perf_counter() - began, 1), "events": done.events,
        "parts": [f"{name} {value}" for name, value in done.seconds.items()],
    }  # fmt: skip
    return [told, *_size(cases), *measure(cases, seconds, workers)]


def measure(cases: int, seconds: float, workers: int) -> Figures:
    """Measure a store that holds a province."""
    at = now()
    clerk, officer = (
        issue_token(Account.objects.get(username=name), at, timedelta(hours=6)) for name in (CLERK, REVIEWER)
    )
    visits = [(name, Visit(path, _cookie(username))) for name, path, username in PAGES]
    listing = Call("GET", "/api/v1/cases?size=20", officer)
    figures: Figures = [{"figure": "sweep", "cases": cases, **_sweep()}]
    if Contribution.objects.exists():
        figures.append({"cases": cases, **board.bench(at)})
    submissions = _submissions(clerk)

    def acceptances() -> list[Any]:
        rows = Case.objects.filter(item__code=ITEM, is_open=True, state="submitted").order_by("-id")
        numbers = rows.values_list("number", flat=True)[:MOST]
        return [
            Call("POST", f"/api/v1/cases/{n}/acts", officer, json.dumps({"act": "accept"})) for n in numbers
        ]

    def readings() -> list[Any]:
        rows = Case.objects.filter(organisation__code=OFFICE).order_by("-id")
        return [
            Call("GET", f"/api/v1/cases/{n}", officer) for n in rows.values_list("number", flat=True)[:500]
        ]

    kinds: list[tuple[str, Callable[[], list[Any]], bool]] = [
        ("submit", lambda: submissions, False), ("accept", acceptances, False), ("read", readings, True),
        ("list 20", lambda: [listing], True),
        *((name, lambda visit=visit: [visit], True) for name, visit in visits),
    ]  # fmt: skip
    connections.close_all()
    with _server(workers) as port:
        for name, prepare, again in kinds:
            _say(f"measuring {name} …")
            prepared = prepare()
            for visit in prepared[:1] * 2 if again else ():
                _drive(port, 1, 0.1, [visit], again=False)
            ran = _drive(port, 1, seconds, prepared, again)
            kept = ("p50_ms", "p95_ms", "requests", "statuses", "refused")
            figures.append({"figure": name, "cases": cases, **{k: ran[k] for k in kept}})
    touched = {"list 20": listing, "read": readings()[0], **dict(visits)}
    for figure in figures:
        if figure["figure"] in touched:
            figure.update(_touched(touched[figure["figure"]]))
    return figures


def _size(cases: int) -> Figures:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        [size] = cursor.fetchone()
    return [{"figure": "size", "cases": cases, "bytes": size, "bytes_a_case": round(size / cases)}]


def _sweep() -> dict[str, Any]:
    at = now()
    told: dict[str, Any] = {}
    for name in ("first", "again"):
        began = perf_counter()
        told[f"{name}_cards"] = sweep_clocks(at)
        told[f"{name}_s"] = round(perf_counter() - began, 3)
    return {**told, "p50_ms": round(told["again_s"] * 1000, 1), "p95_ms": round(told["again_s"] * 1000, 1)}


def _cookie(username: str) -> str:
    if not username:
        return ""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(Account.objects.get(username=username), backend=BACKEND)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def _submissions(token: str) -> list[Any]:
    people = Person.objects.order_by("-id")[:MOST]
    materials = [{"requirement": code, "paper": True} for code in catalogue.MATERIALS]
    bodies = (
        {
            "items": [ITEM], "applicant": {"kind": "person", "name": p.name, "id_number": p.id_number, "phone": "19900001234"},
            "form": {}, "materials": materials, "channel": "window", "centre": "yl-001",
        }
        for p in people
    )  # fmt: skip
    return [
        Call("POST", "/api/v1/applications", token, json.dumps(body, ensure_ascii=False)) for body in bodies
    ]


def _touched(visit: Any) -> dict[str, Any]:
    """Statements of one answer and the pages of the database they touch; the dearest one by name."""
    client = Client(HTTP_HOST="127.0.0.1")
    headers = (
        {"Authorization": f"Bearer {visit.token}"} if isinstance(visit, Call) else {"Cookie": visit.cookie}
    )
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(visit.path, headers=headers)
    asked = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(CEREMONY)]
    if connection.vendor != "postgresql":
        return {"statements": len(asked)}
    whole, dearest = 0, (0, "")
    for sql in asked:
        if sql.startswith("SELECT"):
            blocks = _blocks(sql)
            whole, dearest = whole + blocks, max(dearest, (blocks, sql))
    return {"statements": len(asked), "blocks": whole, "dearest_blocks": dearest[0], "sql": [dearest[1]]}


def _blocks(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + sql.replace("%", "%%"), [])
        [(plan,)] = cursor.fetchall()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def supervision(cases: int, clocks: int) -> Figures:
    """A sweep over very many open clocks, and how well each rule of the start set finds what was planted.

    Args:
        cases: size of the province.
        clocks: open ones to sweep over, once the rules have been scored.
    """
    load(Plan(cases=cases), figures=False, say=_say)
    found = score(say=_say)
    whole = {
        "figure": "all rules",
        "cases": cases,
        "seconds": found["seconds"],
        "findings": found["findings"],
    }
    names = ("planted", "found", "recall", "precision")
    rules = [{"figure": row["rule"], **{n: row[n] for n in names}} for row in found["rules"]]
    _say(f"making {clocks:,} open clocks …")
    open_many(clocks, now())
    running = Clock.objects.filter(state="running").count()
    return [{"figure": "sweep", "open_clocks": running, **_sweep()}, whole, *rules]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
