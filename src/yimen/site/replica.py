"""Reads on a streaming replica of PostgreSQL (``YIMEN_REPLICA``): which pages, which tables, and when not.

A page is read there when all of this holds: it is named here; its reader has not written for ``PINNED_SECONDS``; the replica
answers and is at most ``MOST_BEHIND`` behind. Who somebody is and what they may do is always asked of the primary, and so is
everything that is not a table of ``TABLES`` (settings, calendars, published standards: a process keeps those for a while and must not
keep an old one), and everything inside a transaction. A replica that fails in the middle of a page is left alone for a while and the page is
made again from the primary.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections, models
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from yimen.kernel.access import actor_of_request
from yimen.kernel.errors import Refusal
from yimen.kernel.reading import begin, may_be_old, old_while_read, reads_may_be_old
from yimen.portals.openapi.problems import status_of
from yimen.portals.ui.errors import refusal_page

log = structlog.get_logger()
PRIMARY, REPLICA = "default", "replica"
ASKED_EVERY = 2.0
KNOWN_FOR = 4.0
"""What was found out of the replica holds no longer than this."""
MOST_BEHIND = 3.0
PINNED_SECONDS = 10
"""More than ``KNOWN_FOR`` and ``MOST_BEHIND`` together: who wrote something reads it."""
PIN = "yimen_pin"
SAFE = ("GET", "HEAD")

PAGES = frozenset((
    "hall:home", "hall:search", "hall:things", "hall:thing", "hall:centres", "hall:about", "hall:help",
    "items:list", "items:suggest", "items:item", "items:changes", "items:form", "items:guide",
    "registration:search", "registration:entity", "registration:qr",
    "supervision:scores", "supervision:score", "insight:figures", "insight:board",
    "console:home", "console:promises", "console:promise", "console:cases", "console:case_export", "console:time",
    "console:trace", "console:readings", "console:seals",
    "registration_console:list", "projects_console:list", "projects_console:export",
    "supervision_console:cards", "supervision_console:losing", "supervision_console:losing_export",
    "supervision_console:evaluation", "supervision_console:scores", "supervision_console:round",
    "insight_console:dashboard", "insight_console:export", "insight_console:report", "insight_console:report_file",
))  # fmt: skip
"""By the names of their addresses; no page on which somebody acts."""

TABLES = frozenset((
    "cases.application", "cases.case", "cases.caselink", "cases.material",
    "deadlines.clock", "trace.event", "trace.seal", "issuing.document", "items.searchentry",
    "insight.contribution", "insight.casecell", "insight.itemcell", "insight.hourcell", "insight.movecell", "insight.standingcell",
    "supervision.card", "supervision.cardevidence", "supervision.scoreround", "supervision.score", "supervision.objection",
    "registration.marketentity", "registration.searchentry", "registration.entityevent", "registration.abnormalentry",
    "registration.cancellationnotice",
    "projects.project", "projects.stage", "projects.stageitem", "projects.stageapplication",
))  # fmt: skip
"""The large ones, of which no process keeps anything."""


class Router:
    """Sends the reads of such pages over such tables to the replica; everything else stays where it is."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        if not reads_may_be_old() or model._meta.label_lower not in TABLES:
            return None
        return None if connections[PRIMARY].in_atomic_block else REPLICA

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        """Both are the same database, seen at two moments."""
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool | None:
        return False if database == REPLICA else None


class Watch:
    """What this process knows of the replica: asked every few seconds by whichever request comes first."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._asked_at = self._away_until = -KNOWN_FOR
        self._behind: float | None = None

    def is_well(self) -> bool:
        """May reads go there now?"""
        at = time.monotonic()
        if at < self._away_until:
            return False
        if at - self._asked_at >= ASKED_EVERY and self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        known = time.monotonic() - self._asked_at < KNOWN_FOR
        return known and self._behind is not None and self._behind <= MOST_BEHIND

    def failed(self) -> None:
        """A read there failed: leave it alone for a while."""
        self._away_until = time.monotonic() + KNOWN_FOR
        connections[REPLICA].close()

    def _ask(self) -> None:
        before = self._behind
        try:
            self._behind = seconds_behind()
        except DatabaseError as error:
            self._behind = None
            connections[REPLICA].close()
            log.warning("replica away", error=type(error).__name__)
        if before is not None and self._behind is not None and self._behind > MOST_BEHIND >= before:
            log.warning("replica is behind", seconds=round(self._behind, 1))
        self._asked_at = time.monotonic()


def seconds_behind() -> float | None:
    """How old what the replica shows is: 0 when it has all that the primary had when asked; None when it cannot say."""
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        [(written,)] = cursor.fetchall()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn, "
            "extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())",
            [written],
        )
        [(is_replica, has_all, age)] = cursor.fetchall()
    if not is_replica:
        return None
    return 0.0 if has_all else float(age) if age is not None else None


WATCH = Watch()


def replica_is_well() -> bool:
    """True also where there is none."""
    return not settings.REPLICA or WATCH.is_well()


class ReplicaMiddleware:
    """Stands innermost. Only there when ``YIMEN_REPLICA`` is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with may_be_old(False):
            response = self.get_response(request)
            old = reads_may_be_old()
        if old and isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = old_while_read(response.streaming_content)  # type: ignore[arg-type]
        if request.method not in SAFE:
            response.set_cookie(
                PIN, "1", max_age=PINNED_SECONDS, httponly=True, secure=settings.SECURE, samesite="Lax"
            )
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Whether this page may be old; who asks for it is found out first, on the primary."""
        match = request.resolver_match
        if request.method not in SAFE or PIN in request.COOKIES or not match or match.view_name not in PAGES:
            return
        if WATCH.is_well():
            _ = actor_of_request(request).signed_in
            begin()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The replica failed (or cancelled a read that stood in the way of its replay): make the page from the primary."""
        if not reads_may_be_old() or not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        log.warning("replica failed", error=type(exception).__name__)
        WATCH.failed()
        match = request.resolver_match
        assert match is not None
        with may_be_old(False):
            try:
                made: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            except Refusal as refusal:
                return refusal_page(request, refusal, status_of(refusal))
        return made
