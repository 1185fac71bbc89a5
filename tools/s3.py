"""An S3-compatible store of the tests' own: moto's server as a process on loopback, its objects in memory."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tools.postgres import free_port

BUCKET = "yimen"


@contextmanager
def server() -> Iterator[str]:
    """Start the store, make a bucket, and yield the address that ``YIMEN_FILES`` wants."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _make_bucket(f"http://127.0.0.1:{port}/{BUCKET}", process)
        yield f"s3://{BUCKET}?endpoint=http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(30)


def _make_bucket(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="PUT"), timeout=30).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the store did not start")
