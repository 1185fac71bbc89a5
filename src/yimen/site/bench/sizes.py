"""One measurement a size, each in a process of its own: the store is named before anything is loaded."""

import json
import os
import subprocess
import sys
from typing import Any


def each_size(sizes: list[int], rest: list[str]) -> list[dict[str, Any]]:
    """The whole measurement once a size, each in a process and a database of its own."""
    reports = []
    for size in sizes:
        command = [
            sys.executable,
            "-m",
            "yimen.site.cli",
            "bench",
            "growth",
            "--cases",
            str(size),
            "--json",
            *rest,
        ]
        ran = subprocess.run(command, env=os.environ, stdout=subprocess.PIPE, text=True, check=False)
        if ran.returncode:
            raise SystemExit(f"the measurement of {size:,} cases failed")
        reports.append(json.loads(ran.stdout))
    return reports
