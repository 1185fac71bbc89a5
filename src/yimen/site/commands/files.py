"""``yimen files check [--whole]`` and ``yimen files copy``: are all files there; from the folder into the shared store."""

import argparse
import sys
from collections.abc import Sequence

from yimen.site import store

MOST_SHOWN = 20


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="yimen files", description="The sealed files of this store.")
    kinds = parser.add_subparsers(dest="what", required=True)
    check = kinds.add_parser("check", help="is every file that the database knows in its place")
    check.add_argument("--whole", action="store_true", help="open and verify every one; reads all of them")
    kinds.add_parser("copy", help="copy the files of the data folder into the store of YIMEN_FILES")
    options = parser.parse_args(arguments)
    store.open_store()
    from yimen.foundation.files.api import FilesAway

    try:
        return _copy() if options.what == "copy" else check_files(whole=options.whole)
    except FilesAway:
        print("The store of YIMEN_FILES does not answer; the line above says why.", file=sys.stderr)
        return 1


def _copy() -> int:
    from django.conf import settings

    from yimen.foundation.files.api import copy_from_folder

    if not settings.FILES_STORE:
        print("YIMEN_FILES is not set: the files lie in the data folder and may stay there.", file=sys.stderr)
        return 1
    print(
        f"{sum(1 for _ in copy_from_folder())} files of the data folder are in the store; the folder was left as it is."
    )
    return check_files()


def check_files(*, whole: bool = False) -> int:
    """Say what is missing; the exit code."""
    from yimen.foundation.files import api as files

    found = files.check_files(whole=whole)
    print(
        f"{found.known} files known, {len(found.missing)} missing, {len(found.damaged)} damaged{'' if whole else ' (not opened)'}."
    )
    for digest in (found.missing + found.damaged)[:MOST_SHOWN]:
        print(f"  {digest}", file=sys.stderr)
    return 1 if found.missing or found.damaged else 0
