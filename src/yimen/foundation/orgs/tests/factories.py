"""Places for tests: a small invented district."""

from datetime import date

from yimen.foundation.orgs.models import Centre, Division, Organisation, Post
from yimen.foundation.orgs.rules import full_code, level_of
from yimen.foundation.orgs.services.divisions import DivisionRow, save_divisions

NAMES = {
    "44": "广东省",
    "4401": "广州市",
    "440199": "示范区",
    "440198": "邻区",
    "440199001": "桥头街道",
    "440199001001": "东岸社区",
}


def division(code: str = "440199", name: str = "", **fields: object) -> Division:
    """A division with all above it."""
    wanted = [full_code(code[:length]) for length in (2, 4, 6, 9, 12) if length <= len(code.rstrip("0")) + 1]
    wanted = [*dict.fromkeys(step for step in wanted if level_of(step) < level_of(code)), full_code(code)]
    trimmed = {full_code(short): words for short, words in NAMES.items()}
    save_divisions(DivisionRow(code=step, name=trimmed.get(step, f"区划{step}")) for step in wanted)
    made = Division.objects.get(code=full_code(code))
    changes = {"name": name, **fields} if name else fields
    if changes:
        Division.objects.filter(pk=made.pk).update(**changes)
        made.refresh_from_db()
    return made


def organisation(code: str = "scjgj", name: str = "示范区市场监督管理局", **fields: object) -> Organisation:
    """An organisation of the invented district."""
    fields.setdefault("division", None)
    place = fields.pop("division") or division()
    made, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "division": place, **fields}
    )
    return made


def centre(code: str = "qzwzx", name: str = "示范区政务服务中心", **fields: object) -> Centre:
    """A service centre of the invented district."""
    place = fields.pop("division", None) or division()
    made, _ = Centre.objects.get_or_create(code=code, defaults={"name": name, "division": place, **fields})
    return made


def post(code: str = "spk", name: str = "审批科", **fields: object) -> Post:
    """A post of an organisation."""
    owner = fields.pop("organisation", None) or organisation()
    made, _ = Post.objects.get_or_create(organisation=owner, code=code, defaults={"name": name, **fields})
    return made


LONG_AGO = date(2000, 1, 1)
