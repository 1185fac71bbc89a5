"""Two doors to the same product: the application within this process, and HTTP to a server of its own."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from yimen.portals.openapi.services import HEADER
from yimen.site.soak.notes import GONE

WAIT = 90.0


@dataclass(frozen=True)
class Answered:
    """An answer, or that none came."""

    status: int
    body: dict[str, Any]


class Inside:
    """The whole application without a socket: a killed process is killed wherever it is."""

    def __init__(self) -> None:
        self._client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)

    def call(self, method: str, path: str, token: str, body: str = "", key: str = "") -> Answered:
        headers = {"Authorization": f"Bearer {token}"} | ({HEADER: key} if key else {})
        response = self._client.generic(method, path, body, "application/json", headers=headers)
        return Answered(response.status_code, _read(response.content))


class Outside:
    """HTTP with one kept connection; a broken one is told as ``GONE`` and made anew at the next call."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, token: str, body: str = "", key: str = "") -> Answered:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if key:
            headers[HEADER] = key
        try:
            self._line = self._line or http.client.HTTPConnection("127.0.0.1", self._port, timeout=WAIT)
            self._line.request(method, path, body.encode() or None, headers)
            response = self._line.getresponse()
            return Answered(response.status, _read(response.read()))
        except (OSError, http.client.HTTPException):
            if self._line is not None:
                self._line.close()
            self._line = None
            return Answered(GONE, {})


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {"text": content.decode(errors="replace")[:500]}
    return found if isinstance(found, dict) else {"list": found}
