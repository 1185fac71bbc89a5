"""``yimen up``: everything in one process tree on the embedded default."""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from yimen.kernel.outages import SENTENCES, outage_of

READY = b"ready"
CAST_LINES = "  {username:<8}{title}"


def run(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    began = time.monotonic()
    if not options.empty:
        os.environ.setdefault("YIMEN_DEMO", "1")
    _allow(options.host)
    _prepare(demo=not options.empty)
    _greet(options, time.monotonic() - began)
    _serve(options)
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="yimen up", description="Run the platform; Ctrl-C stops it.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--empty", action="store_true", help="no demonstration district")
    parser.add_argument(
        "--workers", type=int, default=0, help="web processes (default: 1 on SQLite, 2 on PostgreSQL)"
    )
    parser.add_argument(
        "--no-jobs", action="store_true", help="background work runs elsewhere (yimen worker)"
    )
    return parser.parse_args(arguments)


def _allow(host: str) -> None:
    """The address served on is a name the platform answers to."""
    if host not in ("127.0.0.1", "localhost") and "YIMEN_HOSTS" not in os.environ:
        os.environ["YIMEN_HOSTS"] = f"127.0.0.1,localhost,[::1],{'*' if host == '0.0.0.0' else host}"


def _prepare(*, demo: bool) -> None:
    """Make the store ready in a child, while this process loads the pages.

    A library that has drawn a paper, or a database connection, must not be carried over into the serving processes, which
    are forks of this one: so this one draws nothing and connects to nothing.
    """
    from yimen.site import store

    store.open_store()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_fill_store(write, demo=demo))
    os.close(write)
    import_module("yimen.site.urls")
    said = os.read(read, len(READY))
    os.close(read)
    if said != READY:
        os.waitpid(child, 0)
        sys.exit("The store could not be made ready; the lines above say why.")


def _fill_store(write: int, *, demo: bool) -> int:
    """Tables, reference data and the district; then tell, and go on with what nobody waits for."""
    from django.db import connections

    from yimen.site import store

    try:
        with store.by_one_at_a_time():
            _fill(demo=demo)
        print(f"Store: {store.describe()}", file=sys.stderr, flush=True)
        connections.close_all()
        os.write(write, READY)
        if demo:
            from yimen.site.demo import seed

            seed.make_the_rest()
    except KeyboardInterrupt:
        return 1
    except Exception as error:
        if outage := outage_of(error):
            print(f"{SENTENCES[outage]}（{str(error).strip()[:300]}）", file=sys.stderr, flush=True)
        else:
            traceback.print_exc()
        return 1
    return 0


def _fill(*, demo: bool) -> None:
    from yimen.site import store

    store.migrate()
    fresh = store.is_new()
    store.load_reference_data()
    _sweep()
    if demo and fresh:
        from yimen.site.demo import seed

        print("Making the demonstration district …", file=sys.stderr, flush=True)
        seed.make_the_whole()


def _sweep() -> None:
    """Uploads that broke off on this machine: the repeated duty sweeps only where a worker runs."""
    from yimen.foundation.files.api import sweep_incoming
    from yimen.kernel.clock import now

    sweep_incoming(now())


def _greet(options: argparse.Namespace, seconds: float) -> None:
    lines = [f"一门 Yimen — http://{options.host}:{options.port}/   (ready in {seconds:.1f} s)"]
    if not options.empty:
        from yimen.site.demo.cast import CAST

        lines += ["Demonstration cast, password of all: yimen"]
        lines += [CAST_LINES.format(username=m.username, title=m.title) for m in CAST]
    print("\n".join(lines), file=sys.stderr, flush=True)


def _serve(options: argparse.Namespace) -> None:
    from django.db import connection, connections

    embedded = connection.vendor == "sqlite"
    connections.close_all()
    server = Granian(
        "yimen.site.wsgi:application" if options.no_jobs else "yimen.site.embedded:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers or (1 if embedded else 2),
        blocking_threads=4,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve()
