"""Nobody takes the whole server: calls of one token, one session and one address are paced.

``YIMEN_API_RATE`` (calls a second and token, default 500; 0 = no pacing at all).
"""

import math
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from yimen.kernel.addresses import client_address
from yimen.kernel.errors import TooMany
from yimen.kernel.pacing import Buckets, Pace
from yimen.portals.openapi.problems import problem_response

API = "/api/"
TOO_MANY = 429
CHECKED = ("/health/",)
GUEST_API, GUEST, SESSION = Pace(20, 400), Pace(40, 600), Pace(20, 300)
BURST_SECONDS = 4
FROM_ONE_ADDRESS = 4
"""An address may ask as much as so many tokens: an office is many people behind one address."""
BUCKETS = Buckets()
PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>请求太频繁</title>'
    "<h1>请求太频繁</h1><p>{}</p></html>"
)
"""Drawn without the frame of the other pages, which would cost as much as the page that was asked for."""


class Pacing:
    """Answers 429 with ``Retry-After`` before anything is looked up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        rate = float(settings.API_RATE)
        self.token = Pace(rate, rate * BURST_SECONDS)
        self.address = Pace(rate * FROM_ONE_ADDRESS, rate * FROM_ONE_ADDRESS * BURST_SECONDS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.token.rate <= 0 or request.path.startswith(CHECKED):
            return self.get_response(request)
        wait = self._wait(request, time.monotonic())
        return _told(request, wait) if wait else self.get_response(request)

    def _wait(self, request: HttpRequest, moment: float) -> float:
        address = client_address(request)
        if wait := BUCKETS.take(("address", address), self.address, moment):
            return wait
        if token := request.META.get("HTTP_AUTHORIZATION", ""):
            return BUCKETS.take(("token", hash(token)), self.token, moment)
        if session := request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""):
            return BUCKETS.take(("session", hash(session)), SESSION, moment)
        if request.path.startswith(API):
            return BUCKETS.take(("guest-api", address), GUEST_API, moment)
        return BUCKETS.take(("guest", address), GUEST, moment)


def _told(request: HttpRequest, wait: float) -> HttpResponseBase:
    refusal = TooMany("请求太频繁，请稍等一下再试。", would_pass=f"{math.ceil(wait)}秒以后再试。")
    response: HttpResponseBase = (
        problem_response(refusal)
        if request.path.startswith(API)
        else HttpResponse(PAGE.format(refusal.would_pass), status=TOO_MANY)
    )
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response
