"""What the address of the inbox says: tab, item, centre, words, day of receipt, page."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q

from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid
from yimen.portals.desk.lists.tabs import BY_KEY, TABS, Tab

LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Everything odd in an address counts as not said.

    Args:
        q: case or application number, an identity number or credit code (exact), or an enterprise's name.
        received: day of receipt.
        mine: only what the actor handed in.
    """

    tab: str = "open"
    item: str = ""
    centre: str = ""
    q: str = ""
    received: date | None = None
    mine: bool = False
    page: int = 1

    @property
    def chosen(self) -> Tab:
        return BY_KEY[self.tab]

    @property
    def narrowed(self) -> bool:
        return bool(self.item or self.centre or self.q or self.received or self.mine)

    def query(self, **changes: object) -> str:
        """The address's query string; nothing that is the default."""
        own = replace(self, **changes) if changes else self  # type: ignore[arg-type]
        said = {
            "tab": own.tab if own.tab != TABS[0].key else "",
            "item": own.item,
            "centre": own.centre,
            "q": own.q,
            "received": own.received.isoformat() if own.received else "",
            "mine": "1" if own.mine else "",
            "page": str(own.page) if own.page > 1 else "",
        }
        return urlencode({key: value for key, value in said.items() if value})

    def conditions(self, actor: Actor) -> Q:
        """All but the tab, as one condition on cases."""
        wanted = Q()
        if self.item:
            wanted &= Q(item__code=self.item)
        if self.centre:
            wanted &= Q(centre__code=self.centre)
        if self.received:
            start = datetime.combine(self.received, time(), tzinfo=CHINA)
            wanted &= Q(received_at__gte=start, received_at__lt=start + timedelta(days=1))
        if self.mine:
            wanted &= Q(application__account_id=actor.account_id)
        return wanted & matching(self.q) if self.q else wanted


def read_filters(get: Mapping[str, str]) -> Filters:
    """Read an address's query, forgivingly."""
    get = {name: text.replace("\x00", "") for name, text in get.items()}
    tab, page = get.get("tab", ""), get.get("page", "")
    return Filters(
        tab=tab if tab in BY_KEY else TABS[0].key,
        item=get.get("item", "")[:64],
        centre=get.get("centre", "")[:60],
        q=get.get("q", "").strip()[:LONGEST],
        received=_day(get.get("received", "")),
        mine=get.get("mine", "") == "1",
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def matching(words: str) -> Q:
    """Cases that a search means: number, identity number, credit code, enterprise, or a person's whole name."""
    text = words.strip().replace("\x00", "")
    if not text:
        return Q()
    compact = "".join(text.split()).upper()
    found = Q(number__startswith=compact) | Q(application__entity__name__icontains=text)
    if applicant := applicant_of(compact):
        found |= applicant
    if 2 <= len(text) <= 50 and not text.isascii():
        found |= Q(application__person__in=identity.people_named(text).values("pk"))
    return found


def applicant_of(number: str) -> Q | None:
    """The cases of whoever has exactly this identity number or credit code; ``None`` when it is neither.

    One identity number in about thirty is a right credit code as well, by the chance of its check character: both are tried.
    """
    found: Q | None = None
    with suppress(Invalid):
        found = Q(application__entity__uscc=identity.check_uscc(number))
    try:
        person = identity.person_with_number(identity.check_id_number(number))
    except Invalid:
        return found
    if person is None:
        return found
    own = Q(application__person=person)
    return own if found is None else own | found
