"""Reads of orgs: divisions as they stood on a day, organisations, centres, posts."""

from collections.abc import Iterable
from copy import copy
from datetime import date

from django.db.models import Q, QuerySet

from yimen.foundation.orgs.models import Centre, Division, DivisionChange, Organisation, Post
from yimen.foundation.orgs.rules import ancestor_codes, full_code, prefix_of
from yimen.foundation.params.api import Kept
from yimen.kernel.errors import NotFound

LONGEST_CHAIN = 20


def _standing(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def division_with_code(code: str) -> Division:
    """The division of a code of 2, 4, 6, 9 or 12 digits, standing or abolished.

    Raises:
        NotFound: no such code was ever known here.
    """
    division = Division.objects.filter(code=full_code(code)).first()
    if division is None:
        raise NotFound(f"没有代码为“{code}”的行政区划。")
    return division


def division_named(code: str, on: date) -> str:
    """The full name (广东省广州市番禺区) of the division that a code stands for on a day."""
    division = resolve_division(code, on)
    return division.full_name or division.name


def resolve_division(code: str, on: date) -> Division:
    """The division that answers for a code on a day; an abolished code leads to its successor.

    A code split over several successors leads to the first of them by code; ``successors_of`` gives all.

    Raises:
        NotFound: the code was never known, or was abolished without a known successor.
    """
    seen: set[str] = set()
    code = full_code(code)
    while len(seen) < LONGEST_CHAIN:
        division = Division.objects.filter(code=code).first()
        if division is not None and division.exists_on(on):
            return division
        seen.add(code)
        following = _following(code, on)
        if following is None or following in seen:
            break
        code = following
    raise NotFound(f"行政区划代码“{code}”在{on.year}年{on.month}月{on.day}日没有对应的区划，请改用现行代码。")


def _following(code: str, on: date) -> str | None:
    """The code that followed; a part below an abolished county follows the county."""
    chain = [code, *ancestor_codes(code)]
    changes = {
        c.old_code: c.new_code
        for c in DivisionChange.objects.filter(old_code__in=chain, on__lte=on).order_by("on", "-new_code")
    }
    return next((changes[step] for step in chain if step in changes), None)


def successors_of(code: str) -> list[DivisionChange]:
    """What became of an abolished code."""
    return list(DivisionChange.objects.filter(old_code=full_code(code)).order_by("on", "new_code"))


def ancestors(code: str) -> list[Division]:
    """The divisions above, the nearest first (one statement)."""
    return list(Division.objects.filter(code__in=ancestor_codes(code)).order_by("-code"))


def divisions_under(code: str, on: date | None = None, level: int | None = None) -> QuerySet[Division]:
    """All divisions below one ("" = the country), by code; only those standing on a day, only of one level."""
    prefix = prefix_of(code)
    found = Division.objects.filter(code__startswith=prefix)
    if code:
        found = found.exclude(code=full_code(code))
    if on is not None:
        found = found.filter(_standing(on))
    if level is not None:
        found = found.filter(level=level)
    return found.order_by("code")


def divisions_matching(words: str) -> QuerySet[Division]:
    """Divisions by part of the name or beginning of the code."""
    return Division.objects.filter(Q(name__contains=words) | Q(code__startswith=words)).order_by(
        "level", "code"
    )


def organisation_with_code(code: str) -> Organisation:
    """The organisation of a code, standing or dissolved.

    Raises:
        NotFound: there is none.
    """
    found = Organisation.objects.filter(code=code).select_related("division", "parent").first()
    if found is None:
        raise NotFound(f"没有代码为“{code}”的机构。")
    return found


def organisations(division: str = "", on: date | None = None) -> QuerySet[Organisation]:
    """Organisations in a division and all below it, by code; only those standing on a day."""
    found = Organisation.objects.select_related("division", "parent").order_by("code")
    if division:
        found = found.filter(division__code__startswith=prefix_of(division))
    return found.filter(_standing(on)) if on is not None else found


def organisation_and_below(organisation_id: int) -> list[int]:
    """The ids of an organisation and of all below it in the tree, one statement a level."""
    found, level = [organisation_id], [organisation_id]
    while level and len(found) < 10_000:
        level = list(
            Organisation.objects.filter(parent_id__in=level)
            .exclude(pk__in=found)
            .values_list("pk", flat=True)
        )
        found += level
    return found


def organisation_name_on(organisation: Organisation, on: date) -> str:
    """The name an organisation had on a day."""
    former = organisation.former_names.filter(until__gt=on).order_by("until").first()
    return former.name if former else organisation.name


def centre_with_code(code: str) -> Centre:
    """The service centre of a code.

    Raises:
        NotFound: there is none.
    """
    found = _centres.many([code], _centres_of)
    if not found:
        raise NotFound(f"没有代码为“{code}”的政务服务中心。")
    return copy(found[code])  # whoever edits it must not edit what others are given


def _centres_of(codes: list[str]) -> dict[str, Centre]:
    rows = Centre.objects.using("default").select_related("division", "organisation")
    return {centre.code: centre for centre in rows.filter(code__in=codes)}


_centres: Kept[str, Centre] = Kept()


def centres(division: str = "", on: date | None = None) -> QuerySet[Centre]:
    """Service centres in a division and all below it, by code."""
    found = Centre.objects.select_related("division", "organisation").order_by("code")
    if division:
        found = found.filter(division__code__startswith=prefix_of(division))
    return found.filter(_standing(on)) if on is not None else found


def posts_of(organisation_id: int) -> QuerySet[Post]:
    """The posts of an organisation that still exist."""
    return (
        Post.objects.filter(organisation_id=organisation_id, valid_to__isnull=True)
        .select_related("centre")
        .order_by("code")
    )


def post_with_code(organisation_code: str, code: str) -> Post:
    """A post by its organisation's code and its own.

    Raises:
        NotFound: there is none.
    """
    found = (
        Post.objects.filter(organisation__code=organisation_code, code=code)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise NotFound(f"机构“{organisation_code}”没有代码为“{code}”的岗位。")
    return found


def organisations_with_codes(codes: Iterable[str]) -> dict[str, Organisation]:
    """Those of these codes that exist, in one statement."""
    return {found.code: found for found in Organisation.objects.filter(code__in=set(codes))}


def organisations_matching(words: str, division: str = "", on: date | None = None) -> QuerySet[Organisation]:
    """Organisations by part of the name or code, in a division and all below it."""
    found = organisations(division, on)
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=words)
        )
    return found


def organisations_above(organisation: Organisation) -> list[Organisation]:
    """The organisations above one, the highest first."""
    chain: list[Organisation] = []
    step = organisation.parent
    while step is not None and step not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(step)
        step = step.parent
    return chain[::-1]


def children_of(division: Division | None) -> QuerySet[Division]:
    """The divisions directly below one; the provinces for ``None``."""
    return Division.objects.filter(parent=division).order_by("code")
