"""Take over a checked set of standards: created, reviewed and published at once, with two different persons named."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yimen.foundation.orgs.api import Organisation, organisation_with_code, organisations
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict
from yimen.kernel.events import announce
from yimen.modules.items.canonical import parse_content
from yimen.modules.items.events import ItemCreated, StandardActivated, StandardPublished
from yimen.modules.items.models import Item, Lineage, Standard
from yimen.modules.items.services.acting import SUBJECT, day_of, lineage_row, require
from yimen.modules.items.services.drafting import refuse_author, refuse_findings
from yimen.modules.items.services.indexing import entry_of, write_entries
from yimen.modules.items.services.items import NewItem, new_draft, refuse_taken, unsaved_item
from yimen.modules.items.states import MACHINE, WRITE, StandardState

OPINION = "内容完整，依据充分，同意发布。"
CHUNK = 500
S = StandardState


def adopt_many(
    news: Sequence[NewItem], valid_from: date, author: Actor, reviewer: Actor, at: datetime
) -> list[Standard]:
    """Create, review and publish many items in one transaction and a few statements, however many they are.

    The checks and the trace are those of the long way (create, submit, approve, publish); nobody is asked to review what
    is reviewed already.

    Args:
        valid_from: may be a day gone by, so that a demonstration has a past; on a day to come ``activate_due`` switches.
        author, reviewer: two persons; what each does is checked against his grants.

    Raises:
        Invalid: a code or a content is wrong.
        NotFound: unknown organisation.
        Conflict: a code or a slug is taken, or stands twice in the set.
        NotAllowed: a grant is missing, or the reviewer is the author.
        NotPossible: findings that block publishing remain.
    """
    owners = _owners(news)
    standards = []
    for new in news:
        content = parse_content(new.content)
        item = unsaved_item(new, content, owners[new.organisation], at)
        require(author, WRITE, item)
        standards.append(new_draft(item, content, 1, author, at))
    refuse_taken([standard.item for standard in standards])
    for standard in standards:
        _pass(standard, author, reviewer)
        _publish(standard, valid_from, reviewer, at)
    try:
        with transaction.atomic():
            _store(standards, author, reviewer, at)
    except IntegrityError as error:
        raise Conflict("有事项的代码或者简称刚刚被使用，请核对后再来。") from error
    return standards


def _owners(news: Sequence[NewItem]) -> dict[str, Organisation]:
    codes = {new.organisation for new in news}
    found = {organisation.code: organisation for organisation in organisations().filter(code__in=codes)}
    return found | {code: organisation_with_code(code) for code in codes - found.keys()}


def _pass(standard: Standard, author: Actor, reviewer: Actor) -> None:
    """The steps on the way to being published, each by whoever takes it."""
    MACHINE.check("submit", S.DRAFT, author, standard.item)
    refuse_findings(parse_content(standard.content))
    MACHINE.check("approve", S.IN_REVIEW, reviewer, standard.item)
    refuse_author(standard, reviewer)
    MACHINE.check("publish", S.APPROVED, reviewer, standard.item)


def _publish(standard: Standard, valid_from: date, reviewer: Actor, at: datetime) -> None:
    standard.state, standard.valid_from = S.PUBLISHED, valid_from
    standard.reviewer_id = standard.published_by_id = reviewer.account_id
    standard.reviewer_name = standard.published_by_name = reviewer.name[:100]
    standard.review_opinion = OPINION
    standard.submitted_at = standard.reviewed_at = standard.published_at = at


def _store(standards: Sequence[Standard], author: Actor, reviewer: Actor, at: datetime) -> None:
    items = Item.objects.bulk_create([standard.item for standard in standards], batch_size=CHUNK)
    Standard.objects.bulk_create(standards, batch_size=CHUNK)
    valid = [s for s in standards if s.valid_from and s.valid_from <= day_of(at)]
    for standard in valid:
        standard.item.current = standard
    Item.objects.bulk_update([standard.item for standard in valid], ["current"], batch_size=CHUNK)
    Lineage.objects.bulk_create(
        [lineage_row(Lineage.Kind.ADD, author, at, to_item=item) for item in items], batch_size=CHUNK
    )
    write_entries([entry_of(standard.item, standard.content) for standard in standards])
    trace.save([event for standard in standards for event in _chain(standard, author, reviewer, at)])
    for standard in standards:
        _announce(standard, at)


def _chain(standard: Standard, author: Actor, reviewer: Actor, at: datetime) -> Iterator[trace.Event]:
    item, head = standard.item, trace.Head()
    told: dict[str, Any] = {"version": standard.version, "digest": standard.digest}
    since = standard.valid_from.isoformat() if standard.valid_from else ""
    acts: tuple[tuple[str, Actor, str, str, str, dict[str, Any]], ...] = (
        ("create_item", author, "", item.state, "", {"name": item.name}),
        ("submit_standard", author, S.DRAFT, S.IN_REVIEW, "", told),
        ("approve_standard", reviewer, S.IN_REVIEW, S.APPROVED, OPINION, told),
        ("publish_standard", reviewer, S.APPROVED, S.PUBLISHED, "",
         {**told, "valid_from": since, "standard_id": standard.pk}),
    )  # fmt: skip
    for act, actor, before, after, note, data in acts:
        event, head = trace.prepare(
            SUBJECT,
            item.code,
            act,
            actor,
            at,
            head,
            from_state=before,
            to_state=after,
            clause="国办函〔2016〕108号" if before else "",
            note=note,
            data=data,
        )
        yield event


def _announce(standard: Standard, at: datetime) -> None:
    item = standard.item
    announce(ItemCreated(at=at, item_code=item.code, item_id=item.pk))
    if standard.valid_from is None:
        return
    announce(
        StandardPublished(
            at=at,
            item_code=item.code,
            item_id=item.pk,
            standard_id=standard.pk,
            version=standard.version,
            valid_from=standard.valid_from,
        )
    )
    if item.current_id == standard.pk:
        announce(
            StandardActivated(
                at=at, item_code=item.code, item_id=item.pk, standard_id=standard.pk, version=standard.version
            )
        )
