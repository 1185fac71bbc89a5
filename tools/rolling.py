"""``python -m tools.rolling``: two servers behind nginx are restarted one by one while clients go on; counts what failed.

Needs PostgreSQL and nginx. ``--old DIR`` is another checkout: the servers run its code first and this one's after their restart, as
in an upgrade. ``--drain`` takes a server out of nginx before it is stopped, as ``docs/how-to/operate.md`` says.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import requests

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
NGINX = "/usr/sbin/nginx"
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_max_body_size 160m;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream yimen {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://yimen;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout 2s;
      proxy_next_upstream error timeout;
    }}
  }}
}}
"""
PREPARE = """
import json
from yimen.site import store
store.open_store()
store.migrate()
store.load_reference_data()
from datetime import timedelta
from yimen.foundation.identity.api import issue_token
from yimen.foundation.identity.tests.factories import resident
from yimen.kernel.clock import now
from yimen.modules.items.tests.factories import make_standard
people = [issue_token(resident(), now(), timedelta(hours=6)) for _ in range(1200)]
print(json.dumps([make_standard().code, people]))
"""


class Server:
    """One of the two."""

    def __init__(self, folder: Path, given: dict[str, str]) -> None:
        self.port = postgres.free_port()
        self._folder, self._given = folder, given
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, checkout: Path) -> None:
        command = [
            sys.executable, "-m", "yimen.site.cli", "up", "--empty", "--no-jobs", "--workers", "1", "--port", str(self.port)
        ]  # fmt: skip
        environment = {
            **self._given,
            "YIMEN_DATA": str(self._folder),
            "PYTHONPATH": f"{checkout / 'src'}:{checkout}",
        }
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, cwd=checkout, stdout=log, stderr=log, start_new_session=True
            )
        for _ in range(600):
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=10).ok:
                    return
            time.sleep(0.1)
        raise SystemExit((self._folder / "log").read_text()[-2000:])

    def stop(self) -> float:
        """SIGTERM, as systemd does; how long it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        self._process.wait(60)
        return time.monotonic() - began

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


class Clients:
    """Some who read pages, some who hand applications in; each waits for its answer before it asks again."""

    def __init__(self, address: str, item: str, tokens: list[str]) -> None:
        self._address, self._item, self._tokens = address, item, tokens
        self._going = threading.Event()
        self._going.set()
        self.came: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._go, args=(n,)) for n in range(4)]

    def _go(self, number: int) -> None:
        session = requests.Session()
        while self._going.is_set():
            kind = "POST" if number % 2 and self._tokens else "GET"
            try:
                answer = self._ask(session, kind)
                self.came[f"{kind} {answer.status_code}"] += 1
            except requests.RequestException as error:
                self.came[f"{kind} {type(error).__name__}"] += 1
            time.sleep(0.02 if kind == "GET" else 0.15)

    def _ask(self, session: requests.Session, kind: str) -> requests.Response:
        if kind == "GET":
            return session.get(f"{self._address}/items/", timeout=60)
        body, headers = {"items": [self._item]}, {"Authorization": f"Bearer {self._tokens.pop()}"}
        return session.post(f"{self._address}/api/v1/applications", json=body, headers=headers, timeout=60)

    @contextlib.contextmanager
    def going(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._going.clear()
            for thread in self._threads:
                thread.join()


def configure(folder: Path, port: int, servers: list[Server], down: Server | None) -> None:
    lines = [
        f"server 127.0.0.1:{server.port} max_fails=1 fail_timeout=2s{' down' if server is down else ''};"
        for server in servers
    ]
    text = CONFIGURATION.format(folder=folder, servers=" ".join(lines), port=port)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.rolling")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--drain", action="store_true")
    parser.add_argument("--old", type=Path, default=ROOT)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yimen-rolling-")))
        folder.chmod(0o755)
        database = stack.enter_context(postgres.server())
        kept = {k: v for k, v in os.environ.items() if not k.startswith("YIMEN_")}
        given = {
            **kept, "DJANGO_SETTINGS_MODULE": "yimen.site.settings", "YIMEN_DATABASE": database,
            "YIMEN_MASTER_KEY": os.urandom(32).hex(),
        }  # fmt: skip
        servers = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            servers.append(Server(folder / name, given))
            stack.callback(servers[-1].kill)
        run(folder, servers, database, given, options, stack)


def run(
    folder: Path, servers: list[Server], database: str, given: dict[str, str], options: argparse.Namespace,
    stack: contextlib.ExitStack,
) -> None:  # fmt: skip
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE], cwd=ROOT, check=True, stdout=subprocess.PIPE,
        env={**given, "YIMEN_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
    )  # fmt: skip
    item, tokens = json.loads(prepared.stdout.splitlines()[-1])
    for server in servers:
        server.start(options.old)
    port = postgres.free_port()
    configure(folder, port, servers, None)
    nginx = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")])
    stack.callback(nginx.wait)
    stack.callback(nginx.terminate)
    clients = Clients(f"http://127.0.0.1:{port}", item, tokens)
    began, stops = time.monotonic(), []
    time.sleep(1)
    with clients.going():
        time.sleep(3)
        for _ in range(options.rounds):
            for server in servers:
                if options.drain:
                    configure(folder, port, servers, server)
                    nginx.send_signal(signal.SIGHUP)
                    time.sleep(1)
                stops.append(round(server.stop(), 2))
                server.start(ROOT)
                configure(folder, port, servers, None)
                nginx.send_signal(signal.SIGHUP)
                time.sleep(2)
    with psycopg.connect(database) as asked:
        [(stored,)] = asked.execute("SELECT count(*) FROM cases_application").fetchall()
    print(json.dumps({
        "restarts": len(stops), "seconds": round(time.monotonic() - began), "drained": options.drain, "answers": clients.came,
        "applications stored": stored, "seconds to stop": stops,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
