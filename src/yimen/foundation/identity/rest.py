"""``GET /me``: who the bearer of this token or session is."""

from django.http import HttpRequest
from ninja import Router, Schema

from yimen.foundation.identity.models import LegalEntity, Person
from yimen.kernel.access import actor_of_request
from yimen.kernel.errors import NotAllowed

router = Router(tags=["identity"])


class RepresentedOut(Schema):
    uscc: str
    name: str


class PersonOut(Schema):
    name: str
    id_number: str
    real_name_level: int


class MeOut(Schema):
    """Who is acting; a person's number is masked (个人信息保护法第五十一条)."""

    name: str
    channel: str
    person: PersonOut | None
    entities: list[RepresentedOut]
    principals: list[str]
    organisation: int | None
    posts: list[str]
    grants: list[str]


@router.get("", response=MeOut, summary="当前身份")
def me(request: HttpRequest) -> MeOut:
    """Who the caller is, for whom he may act, and which grants he holds."""
    actor = actor_of_request(request)
    if not actor.signed_in:
        raise NotAllowed("请先登录，或在请求头带上有效的令牌。", code="sign_in_first")
    wanted = set(actor.principal_ids) | ({actor.person_id} if actor.person_id else set())
    people = {row.pk: row for row in Person.objects.filter(pk__in=wanted)}
    own = people.get(actor.person_id or 0)
    return MeOut(
        name=actor.name,
        channel=actor.channel,
        person=PersonOut(name=own.name, id_number=own.masked_id_number, real_name_level=own.real_name_level)
        if own
        else None,
        entities=[
            RepresentedOut(uscc=row.uscc, name=row.name)
            for row in LegalEntity.objects.filter(pk__in=actor.entity_ids).order_by("uscc")
        ],
        principals=[people[key].masked_name for key in sorted(actor.principal_ids) if key in people],
        organisation=actor.organisation_id,
        posts=sorted(actor.posts),
        grants=sorted(actor.grants),
    )
