"""The command line of the product: ``yimen COMMAND``; the names are the public contract."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = {
    "up": "run everything: store, demonstration district, pages, background work",
    "worker": "run one more background worker",
    "migrate": "bring the store's tables up to this version",
    "account": "make the first administrators of an empty store",
    "deadline": "due day of a limit, explained; --batch for JSON lines",
    "items": "import, lint or export item standards",
    "entities": "take over registrations of market entities",
    "trace": "verify the chains, seals and states",
    "files": "check the sealed files, or copy them into a shared store",
    "figures": "recount the figures from the raw events",
    "province": "load, export or score by a synthetic province",
    "demo": "a bearer token for a member of the demonstration cast",
    "openapi": "print the OpenAPI document",
    "bench": "measure, with machine and versions",
    "soak": "kill the product at random and prove that nothing is lost",
    "backup": "write the whole store into one file",
    "restore": "fill an empty store from a backup",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="yimen",
        description="一门: government services through one door.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<10}{what}" for name, what in COMMANDS.items())
        + "\n  test      all checks of this checkout (only in a checkout)",
    )
    parser.add_argument("command", choices=[*COMMANDS, "help"], metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    arguments = list(sys.argv[1:] if argv is None else argv)
    chosen = parser.parse_args(arguments or ["help"])
    if chosen.command == "help":
        parser.print_help()
        return 0
    os.umask(0o077)  # what is written here is for the account that serves, and for nobody else of the machine
    rest = _take_store(chosen.rest)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yimen.site.settings")
    module = importlib.import_module(f"yimen.site.commands.{chosen.command}")
    code: int = module.run(rest)
    return code


def _take_store(arguments: list[str]) -> list[str]:
    """``--data DIR`` is every command's: it names the store before anything is loaded."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data", type=Path)
    known, rest = parser.parse_known_args(arguments)
    if known.data:
        os.environ["YIMEN_DATA"] = str(known.data.resolve())
    return rest


if __name__ == "__main__":
    sys.exit(main())
