"""``yimen restore FILE [--replace]``: fill an empty store from a backup."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from yimen.kernel.clock import now
from yimen.site import store as stores
from yimen.site.backup import (
    BackupRefused,
    Store,
    is_empty,
    opened,
    put_in_place,
    store_of_environment,
)
from yimen.site.manifest import Manifest

KNOWN = (
    "import json, django; django.setup(); from django.db.migrations.loader import MigrationLoader; "
    "print(json.dumps(['.'.join(key) for key in MigrationLoader(None).disk_migrations]))"
)


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="yimen restore",
        description="Fill an empty store from a backup; every part is checked before anything is touched.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--replace",
        action="store_true",
        help="replace a store that is in use; the old one is moved aside (SQLite, files, keys)",
    )
    options = parser.parse_args(arguments)
    try:
        aside = _restore(options.file, store_of_environment(), replace=options.replace)
    except BackupRefused as refused:
        print(f"{refused}\nNothing was changed.", file=sys.stderr)
        return 1
    except OSError as failed:
        print(f"The store could not be put in place: {failed}.\nEverything was put back.", file=sys.stderr)
        return 1
    if aside:
        print(f"What was there before lies in {aside}; remove it when all is well.", file=sys.stderr)
    return _verify()


def _restore(archive: Path, store: Store, *, replace: bool) -> Path | None:
    if not archive.is_file():
        raise BackupRefused(f"There is no file {archive}.")
    if not replace and not is_empty(store):
        raise BackupRefused(
            f"The store in {store.data} is not empty. Restore into an empty one (--data), or say --replace."
        )
    with opened(archive, store) as (folder, manifest):
        _require_known(manifest, folder)
        return put_in_place(folder, store, now())


def _require_known(manifest: Manifest, folder: Path) -> None:
    """A store of a newer version has tables this one knows nothing of."""
    environment = {
        **os.environ,
        "YIMEN_DATA": str(folder),
        "YIMEN_DATABASE": "",
        "DJANGO_SETTINGS_MODULE": "yimen.site.settings",
    }
    asked = subprocess.run(
        [sys.executable, "-c", KNOWN], env=environment, capture_output=True, text=True, check=True
    )
    unknown = sorted(set(manifest.migrations) - set(json.loads(asked.stdout.splitlines()[-1])))
    if unknown:
        raise BackupRefused(
            f"The backup was made by a newer version ({unknown[0]} is not known here). Install that version and restore again."
        )


def _verify() -> int:
    """Bring the tables up to this version, then recompute every chain, seal and state."""
    stores.open_store()
    stores.migrate()
    from yimen.foundation.trace import api as trace

    broken = next(iter(trace.verify_all()), None)
    if broken:
        print(
            f"Restored, but the trace does not hold: {broken.subject} #{broken.sequence} {broken.why}",
            file=sys.stderr,
        )
        return 1
    from yimen.site.commands.files import check_files

    if check_files():
        print("Restored, but not every file is there; the lines above name them.", file=sys.stderr)
        return 1
    print(
        f"Restored: {stores.describe()}; {trace.recent_events().count()} events, every chain, seal and state agrees."
    )
    return 0
