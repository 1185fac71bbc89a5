"""``yimen backup FILE``: the whole store into one file, consistent while running."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from yimen.kernel.clock import now
from yimen.site.backup import BackupRefused, store_of_environment, write_backup


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="yimen backup",
        description="Write the whole store (database, files, keys) into one new file. The platform may go on running.",
        epilog="The file holds the keys of the store: keep it like them.",
    )
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        manifest = write_backup(store_of_environment(), options.file, now())
    except BackupRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as failed:
        print(f"The backup could not be written: {failed}. Nothing was left behind.", file=sys.stderr)
        return 1
    size = options.file.stat().st_size
    print(f"{options.file}: {len(manifest.members)} parts, {size / 2**20:.1f} MiB, mode 600.")
    if manifest.files:
        print(
            f"The files are not in it: they lie in {manifest.files} and are backed up there.", file=sys.stderr
        )
    print("It holds the keys of the store: keep it where only you can read it.", file=sys.stderr)
    return 0
