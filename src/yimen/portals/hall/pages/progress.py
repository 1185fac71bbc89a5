"""Where is my matter, for somebody without an account: number and the last four digits of the phone."""

import hmac
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yimen.foundation.identity import api as identity
from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import now
from yimen.kernel.errors import TooMany
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.portals.hall import rates
from yimen.portals.hall.pages.reading import address_of, text_of
from yimen.portals.hall.standing import standing_of

NOT_FOUND = "没有查到。请核对申请编号（收件凭证右上角）和申请时留的手机号后四位；也可以拨打窗口电话询问。"
PER_ADDRESS, PER_NUMBER = 30, 8
AN_HOUR = 3600


@require_http_methods(["GET", "POST"])
@access(PUBLIC)
def progress(request: HttpRequest) -> HttpResponse:
    """Ask and answer on one page; POST so that neither number nor digits lie in an address."""
    values = {"number": text_of(request, "number", 40).upper(), "digits": text_of(request, "digits", 8)}
    context: dict[str, Any] = {"values": values, "errors": {}, "nav_current": "hall:progress"}
    if request.method == "GET":
        return render(request, "hall/progress.html", context)
    errors = _wrong(values)
    if errors:
        return render(request, "hall/progress.html", context | {"errors": errors}, status=422)
    at = now()
    try:
        rates.count(f"progress.from.{address_of(request)}", PER_ADDRESS, AN_HOUR, at)
        asked = identity.keyed_hash(values["number"], "hall.progress")[:32]
        rates.count(f"progress.of.{asked}", PER_NUMBER, AN_HOUR, at)
    except TooMany as refusal:
        return render(request, "hall/progress.html", context | {"errors": {"": refusal.message}}, status=429)
    found = find(values["number"], values["digits"])
    if found is None:
        return render(request, "hall/progress.html", context | {"errors": {"": NOT_FOUND}}, status=404)
    rows = list(found.cases.select_related("item", "organisation").order_by("id"))
    for row in rows:
        row.application = found
    clocks = deadlines.clocks_of("case", [row.number for row in rows])
    lines = [{"case": row, "standing": standing_of(row, clocks[row.number], at)} for row in rows]
    return render(request, "hall/progress.html", context | {"found": found, "lines": lines})


def _wrong(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    if len(values["number"]) < 8:
        errors["number"] = "请填写申请编号，印在收件凭证右上角。"
    if not (len(values["digits"]) == 4 and values["digits"].isascii() and values["digits"].isdigit()):
        errors["digits"] = "请填写手机号的后四位数字，例如 8000。"
    return errors


def find(number: str, digits: str) -> cases.Application | None:
    """The application when the digits fit a phone left with it; a case number leads to its application."""
    plain = number.rsplit("-", 1)[0] if number.count("-") and number.rsplit("-", 1)[1].isdigit() else number
    rows = cases.Application.objects.select_related("person", "entity", "agent").exclude(state="draft")
    for candidate in dict.fromkeys((number, plain)):
        found = rows.filter(number=candidate).first()
        if found is not None:
            phones = [party.phone for party in (found.person, found.entity, found.agent) if party]
            fits = [hmac.compare_digest(phone[-4:].encode(), digits.encode()) for phone in phones if phone]
            return found if any(fits) else None
    return None
