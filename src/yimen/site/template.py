"""An empty store with all its tables, made once at installation: a new SQLite store begins as its copy.

Making the tables of a new store takes Django several seconds, because it draws every model anew after each step; copying a file
takes none. The template is bound to the migrations it was made from: any other set of migrations does not find it.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path

PRODUCT = Path(__file__).resolve().parent.parent
FOLDER = Path(sys.prefix) / "yimen-store"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "yimen.site.settings"}
MAKE_TABLES = "from yimen.site import store; store.open_store(); store.migrate()"


def template_path() -> Path:
    """Where the template of exactly these migrations lies, whether it is there or not."""
    digest = hashlib.sha256(sys.version.encode())
    site_packages = next(Path(sys.prefix).glob("lib/python3*/site-packages"), PRODUCT)
    for library in sorted(path.name for path in site_packages.glob("*.dist-info")):
        digest.update(library.encode())
    for path in sorted(PRODUCT.glob("*/*/migrations/*.py")):
        digest.update(f"{path.relative_to(PRODUCT)}\n".encode() + path.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:32]}.sqlite3"


def copy_to(store: Path) -> bool:
    """Begin a store that does not exist yet as a copy of the template; false when there is none.

    The copy appears whole, and never in the place of a store that somebody else began at the same moment.
    """
    template = template_path()
    if store.exists() or not template.exists():
        return False
    store.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=store.parent, prefix=f".{store.name}-")
    os.close(handle)
    try:
        shutil.copyfile(template, partial)
        with suppress(FileExistsError):
            os.link(partial, store)
    finally:
        os.unlink(partial)
    return True


def make() -> None:
    """Make the template if it is missing; a folder that cannot be written to is left alone."""
    template = template_path()
    if template.exists() or not os.access(sys.prefix, os.W_OK):
        return
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if k != "YIMEN_DATABASE"} | {
            "YIMEN_DATA": folder,
            **SETTINGS,
        }
        subprocess.run([sys.executable, "-c", MAKE_TABLES], env=environment, check=True)
        made = Path(folder) / "empty.sqlite3"
        with closing(sqlite3.connect(Path(folder) / "yimen.sqlite3")) as connection:
            connection.execute("VACUUM INTO ?", [str(made)])
        for old in FOLDER.glob("*.sqlite3"):
            old.unlink()
        shutil.copyfile(made, template)


if __name__ == "__main__":
    make()
