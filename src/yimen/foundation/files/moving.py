"""Do the files lie where they should, and how they get from the folder of one machine into a store that many share."""

from collections.abc import Iterator
from dataclasses import dataclass

from yimen.foundation.files import vault
from yimen.foundation.files.errors import FileDamaged, FileMissing
from yimen.foundation.files.limits import key, root
from yimen.foundation.files.models import StoredFile
from yimen.foundation.files.places import Folder, place


@dataclass(frozen=True)
class Found:
    """What a check found: how many files are known, and the digests of those that are not there or not whole."""

    known: int
    missing: list[str]
    damaged: list[str]


def check_files(*, whole: bool = False) -> Found:
    """Compare the files that the database knows with what lies in their place.

    Args:
        whole: open and verify each one as well; reads all of them.

    Raises:
        FilesAway: the store of the files does not answer.
    """
    known = set(StoredFile.objects.values_list("digest", flat=True))
    missing = known - set(place().digests())
    damaged = [digest for digest in sorted(known - missing) if whole and not _is_whole(digest)]
    return Found(len(known), sorted(missing), damaged)


def _is_whole(digest: str) -> bool:
    try:
        vault.opened(place().open(digest), key(), digest).close()
    except (FileDamaged, FileMissing):
        return False
    return True


def copy_from_folder() -> Iterator[str]:
    """Copy what lies in the data folder into the place of this installation; safe to run again, and while it is used.

    Yields:
        The digest of each file that is there now; a damaged one is left out.
    """
    folder, target = Folder(root()), place()
    there = set(target.digests())
    for digest in folder.digests():
        if digest not in there:
            try:
                vault.opened(folder.open(digest), key(), digest).close()
            except FileDamaged:
                continue
            target.keep(vault.path_of(root(), digest), digest)
        yield digest
