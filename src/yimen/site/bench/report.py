"""A measurement as a table for people."""

from typing import Any

HIDDEN = {"sql", "statuses", "refused"}


def table(report: dict[str, Any]) -> str:
    """Machine and versions, then a block for each figure."""
    lines = [f"{name:<14}{value}" for name, value in {**report["machine"], **report["versions"]}.items()]
    lines.append(f"{'database':<14}{report['database']}")
    for name, figures in report["benches"].items():
        lines += ["", f"== {name}"]
        lines += [_line(figure) for figure in figures]
    return "\n".join(lines)


def _line(figure: dict[str, Any]) -> str:
    told = [
        f"{_words(name)} {_plain(value)}" for name, value in figure.items() if name not in {"figure", *HIDDEN}
    ]
    return f"{figure['figure']:<26}" + " · ".join(told)


def _words(name: str) -> str:
    return name.removesuffix("_ms").replace("_", " ") + (" (ms)" if name.endswith("_ms") else "")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
