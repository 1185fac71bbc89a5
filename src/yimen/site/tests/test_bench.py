"""What a measurement does to the environment and how it asks; never how fast it was."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from yimen.site.bench import machine, report
from yimen.site.bench.ground import own_store
from yimen.site.bench.load import drive


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    paths: list[str] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        body = b"x" * 70_000
        self.send_response(404 if self.path == "/none" else 200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[int]:
    _Answer.paths.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


def _request(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_the_load_client_sends_each_request_once_and_counts_every_answer(server: int) -> None:
    paths = ["/a", "/chunked", "/none", "/b", "/c"]
    plan = {"port": server, "concurrency": 2, "seconds": 30, "requests": [_request(p) for p in paths]}
    result = drive(plan)
    assert sorted(_Answer.paths) == sorted(paths)
    assert result["statuses"] == {"200": 4, "404": 1}
    assert result["requests"] == 5
    assert result["refused"].startswith("xxx")


def test_a_measurement_never_sees_the_operators_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_DATA", "/operator")
    monkeypatch.setenv("YIMEN_MASTER_KEY", "ab" * 32)
    monkeypatch.setenv("YIMEN_DATABASE", "postgresql://operator@127.0.0.1:1/operator")
    with own_store(postgresql=False):
        folder = os.environ["YIMEN_DATA"]
        assert folder != "/operator"
        assert os.path.isdir(folder)
        assert not {"YIMEN_DATABASE", "YIMEN_MASTER_KEY"} & os.environ.keys()
    assert not os.path.exists(folder)
    assert os.environ["YIMEN_DATA"] == "/operator"
    assert os.environ["YIMEN_DATABASE"].endswith("/operator")


def test_a_report_names_machine_versions_and_figures() -> None:
    figures = {
        "rest": [{"figure": "submit", "concurrency": 8, "per_second": 1.5, "p95_ms": 2.0, "sql": ["x"]}]
    }
    found = {
        "machine": machine.machine(),
        "versions": machine.versions(),
        "database": "SQLite",
        "benches": figures,
    }
    text = report.table(found)
    for told in ("processor", "Django", "granian", "commit", "SQLite", "== rest", "p95 (ms) 2.0"):
        assert told in text
    assert "sql" not in text.splitlines()[-1]
