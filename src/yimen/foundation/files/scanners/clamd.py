"""ClamAV over its socket (clamd, command INSTREAM).

Switch on with ``FILES_SCANNERS = ["yimen.foundation.files.scanners.clamd.scan"]`` and
``FILES_CLAMD = "unix:/run/clamav/clamd.ctl"`` or ``"127.0.0.1:3310"``.
"""

import socket
from collections.abc import Iterable

from django.conf import settings

from yimen.foundation.files.errors import ScannerAway

TIMEOUT = 30.0
LONGEST_ANSWER = 4096


def connect(address: str) -> socket.socket:
    """Open the scanner's socket: ``unix:PATH`` or ``HOST:PORT``."""
    if address.startswith("unix:"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(TIMEOUT)
        link.connect(address.removeprefix("unix:"))
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def scan(chunks: Iterable[bytes]) -> str:
    """Send the content in pieces, each led by its length; read the verdict.

    Raises:
        ScannerAway: no connection, no answer in time, or an answer that is not a verdict.
    """
    try:
        with connect(getattr(settings, "FILES_CLAMD", "")) as link:
            link.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                link.sendall(len(chunk).to_bytes(4, "big") + chunk)
            link.sendall(bytes(4))
            answer = _answer(link)
    except (OSError, ValueError) as wrong:
        raise ScannerAway() from wrong
    verdict = answer.removeprefix("stream:").strip()
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerAway()


def _answer(link: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        piece = link.recv(LONGEST_ANSWER)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0").decode("utf-8", "replace").strip()
