"""The load client: one process, one thread, keep-alive connections, every request prepared beforehand.

Run as ``python -m yimen.site.bench.load``: reads one plan (JSON) from standard input, writes one result (JSON). It knows
nothing of Django, so that it costs the machine as little as possible beside the server it measures.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

CHUNK = 1 << 16
WAIT = 60.0


@dataclass
class Line:
    """One connection and the answer it is waiting for."""

    socket: socket.socket
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)


@dataclass
class Tally:
    """What came back."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: str = ""


def drive(plan: dict[str, Any]) -> dict[str, Any]:
    """Send the prepared requests for some seconds, or until there are no more.

    Args:
        plan: ``port``, ``concurrency``, ``seconds``, ``requests`` (text of whole HTTP/1.1 requests) and ``again``
            (start over at the end: for reads).
    """
    requests = [text.encode() for text in plan["requests"]]
    tally, sent = Tally(), 0
    with selectors.DefaultSelector() as waiting:
        began = time.perf_counter()
        ends = began + plan["seconds"]
        for _ in range(plan["concurrency"]):
            line = Line(socket.create_connection(("127.0.0.1", plan["port"]), timeout=WAIT))
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(line.socket, selectors.EVENT_READ, line)
            sent = _send(line, requests, sent)
        while waiting.get_map():
            for key, _ in waiting.select(WAIT) or _give_up(sent):
                line = key.data
                if not _receive(line, tally):
                    continue
                if time.perf_counter() < ends and (sent < len(requests) or plan.get("again")):
                    sent = _send(line, requests, sent)
                else:
                    waiting.unregister(line.socket)
                    line.socket.close()
        return _summary(tally, time.perf_counter() - began)


def _give_up(sent: int) -> list[Any]:
    raise SystemExit(f"no answer within {WAIT:.0f} s after {sent} requests")


def _send(line: Line, requests: list[bytes], sent: int) -> int:
    line.received.clear()
    line.began = time.perf_counter()
    line.socket.sendall(requests[sent % len(requests)])
    return sent + 1


def _receive(line: Line, tally: Tally) -> bool:
    """Take what has come; true when the answer is whole."""
    piece = line.socket.recv(CHUNK)
    if not piece:
        raise SystemExit("the server closed a connection")
    line.received += piece
    head = line.received.find(b"\r\n\r\n")
    if head < 0:
        return False
    if not _is_whole(line.received, head):
        return False
    tally.times.append(time.perf_counter() - line.began)
    status = int(line.received[9:12])
    tally.statuses[status] += 1
    if status >= 400 and not tally.refused:
        tally.refused = line.received[head + 4 :].decode(errors="replace")[:500]
    return True


def _is_whole(received: bytearray, head: int) -> bool:
    for name in received[:head].lower().split(b"\r\n")[1:]:
        if name.startswith(b"content-length:"):
            return len(received) >= head + 4 + int(name.split(b":", 1)[1])
        if name.startswith(b"transfer-encoding:"):
            return received.endswith(b"0\r\n\r\n")
    return True


def _summary(tally: Tally, seconds: float) -> dict[str, Any]:
    times = sorted(tally.times)

    def quantile(share: float) -> float:
        return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 2)

    return {
        "per_second": round(len(times) / seconds, 1),
        "p50_ms": quantile(0.5),
        "p95_ms": quantile(0.95),
        "p99_ms": quantile(0.99),
        "max_ms": round(times[-1] * 1000, 1),
        "requests": len(times),
        "seconds": round(seconds, 2),
        "statuses": {str(status): number for status, number in sorted(tally.statuses.items())},
        "refused": tally.refused,
    }


if __name__ == "__main__":
    json.dump(drive(json.load(sys.stdin)), sys.stdout)
