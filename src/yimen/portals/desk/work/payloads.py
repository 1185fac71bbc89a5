"""From the small form of an act to what the act takes."""

import re
from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from yimen.kernel.errors import Invalid
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms

Payload = dict[str, Any]
FORM_PREFIX = "v-"
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def payload_of(name: str, case: cases.Case, post: QueryDict) -> Payload:
    """What the act takes, from its posted form.

    Raises:
        Invalid: something is left open that the page itself can tell.
    """
    reader = READERS.get(name)
    return reader(case, post) if reader else _note(case, post)


def _text(post: QueryDict, name: str) -> str:
    return str(post.get(name) or "").strip()


def _note(case: cases.Case, post: QueryDict) -> Payload:
    note = _text(post, "note")
    return {"note": note} if note else {}


def _correction(case: cases.Case, post: QueryDict) -> Payload:
    missing, wrong = [], {}
    for code in post.getlist("missing"):
        reason = _text(post, f"reason-{code}")
        if len(reason) < 2:
            wrong[f"reason-{code}"] = "请写明缺什么、哪里不对、怎样才对。"
        missing.append({"requirement": str(code)[:41], "reason": reason})
    if not missing:
        wrong["missing"] = "请勾选要补正的内容，一次说全。"
    if wrong:
        raise Invalid("有几处要补充。", fields=wrong)
    return {"missing": missing}


def _refusal(case: cases.Case, post: QueryDict) -> Payload:
    names = ("clause", "reason", "would_pass")
    told = {
        "clause": "请写明依据哪部法律的哪一条。",
        "reason": "请写明为什么不予受理。",
        "would_pass": "请写明怎样才能受理，或者该去哪里办。",
    }
    payload = {name: _text(post, name) for name in names}
    _need(payload, told)
    return payload


def _pass(case: cases.Case, post: QueryDict) -> Payload:
    payload = {"opinion": _text(post, "opinion"), "step": _text(post, "step")}
    _need(payload, {"opinion": "请写审查意见。"})
    return payload


def _return(case: cases.Case, post: QueryDict) -> Payload:
    payload = {"to": _text(post, "to"), "reason": _text(post, "reason")}
    _need(payload, {"to": "请选择退回到哪个环节。", "reason": "请写明退回的原因。"})
    return payload


def _suspend(case: cases.Case, post: QueryDict) -> Payload:
    code = _text(post, "procedure")
    _need({"procedure": code}, {"procedure": "请选择要启动的程序。"})
    known = next((p for p in case.published.content.special_procedures if p.code == code), None)
    clause = _text(post, "clause") or (known.clause if known else "行政许可法第四十五条")
    payload: Payload = {"procedure": code, "clause": clause, "document": _text(post, "document")}
    if note := _text(post, "note"):
        payload["note"] = note
    if days := _text(post, "days"):
        payload["days"] = _days(days)
    return payload


def _extend(case: cases.Case, post: QueryDict) -> Payload:
    payload: Payload = {"days": _text(post, "days"), "reason": _text(post, "reason")}
    _need(payload, {"days": "请填写延长几个工作日。", "reason": "请写明延长的理由，理由会告知申请人。"})
    payload["days"] = _days(str(payload["days"]))
    allowed = cases.extension_of(case.published.content.legal_limit)
    if payload["days"] > allowed.days:
        raise Invalid("", fields={"days": f"依法最多延长{allowed.days}个工作日。"}, clause=allowed.clause)
    return payload


def _decide(case: cases.Case, post: QueryDict) -> Payload:
    outcome = _text(post, "outcome")
    _need({"outcome": outcome}, {"outcome": "请选择准予还是不予。"})
    payload = {"outcome": outcome, "reason": _text(post, "reason")}
    if outcome == "refused":
        payload |= {"clause": _text(post, "clause"), "would_pass": _text(post, "would_pass")}
        told = {
            "reason": "不予的，请写明理由。",
            "clause": "请写明依据。",
            "would_pass": "请告诉申请人怎样才能通过。",
        }
        _need(payload, told)
    return payload


def _deliver(case: cases.Case, post: QueryDict) -> Payload:
    payload = {name: _text(post, name) for name in ("way", "receiver", "reference")}
    wrong = {"way": "请选择送达方式。"}
    if payload["way"] == "window":
        wrong["receiver"] = "请写明谁领取的。"
    if payload["way"] == "courier":
        wrong["reference"] = "请填写邮件编号。"
    _need(payload, wrong)
    return payload


def _check_promise(case: cases.Case, post: QueryDict) -> Payload:
    payload = {"outcome": _text(post, "outcome"), "note": _text(post, "note")}
    _need(payload, {"outcome": "请选择核查结果。"})
    return payload


def _terminate(case: cases.Case, post: QueryDict) -> Payload:
    payload = {"clause": _text(post, "clause"), "reason": _text(post, "reason")}
    _need(payload, {"clause": "请写明依据。", "reason": "请写明终止的原因。"})
    return payload


def materials_of(post: QueryDict) -> list[Payload]:
    """Materials brought later: paper by a tick, scans by their digests."""
    taken: list[Payload] = []
    for name in post:
        kind, _sep, code = name.partition(":")
        if kind == "f" and code:
            digests = [str(d) for d in post.getlist(name) if DIGEST.fullmatch(str(d))]
            taken += [{"requirement": code[:41], "file": digest} for digest in digests[:20]]
        elif kind == "p" and code and not any(m["requirement"] == code for m in taken):
            taken.append({"requirement": code[:41], "paper": True})
    scanned = {m["requirement"] for m in taken if "file" in m}
    return [m for m in taken if "file" in m or m["requirement"] not in scanned]


def _revoke(case: cases.Case, post: QueryDict) -> Payload:
    payload = {"clause": _text(post, "clause"), "reason": _text(post, "reason")}
    told = {"clause": "请写明依据哪部法律的哪一条撤销。", "reason": "请写明为什么撤销。"}
    _need(payload, told)
    return payload


def _supply(case: cases.Case, post: QueryDict) -> Payload:
    materials = materials_of(post)
    if not materials:
        raise Invalid("", fields={"materials": "请勾选收到的纸质材料，或者上传扫描件。"})
    return {"materials": materials}


def _correct(case: cases.Case, post: QueryDict) -> Payload:
    definition = form_of_application(case)
    values = forms.posted_values(definition, post, FORM_PREFIX) if post.get("has_form") else {}
    before = case.application.form
    changed = {code: value for code, value in values.items() if before.get(code) != value}
    materials = materials_of(post)
    if not materials and not changed:
        raise Invalid("", fields={"materials": "请至少补交一项材料，或者更正申请表。"})
    return {"materials": materials, "form": changed}


def form_of_application(case: cases.Case) -> forms.FormDefinition:
    """The one form of all items of the case's application."""
    siblings = case.application.cases.order_by("id").values_list("standard_id", flat=True)
    return cases.merged_form(tuple(siblings))


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 1000):
        raise Invalid("", fields={"days": "请填写工作日数，例如 10。"})
    return int(text)


def _need(payload: Payload, told: dict[str, str]) -> None:
    wrong = {name: sentence for name, sentence in told.items() if len(str(payload.get(name) or "")) < 1}
    if wrong:
        raise Invalid("有几处要补充。", fields=wrong)


READERS: dict[str, Callable[[cases.Case, QueryDict], Payload]] = {
    "request_correction": _correction,
    "refuse_acceptance": _refusal,
    "pass_step": _pass,
    "return_step": _return,
    "suspend": _suspend,
    "extend": _extend,
    "decide": _decide,
    "deliver": _deliver,
    "check_promise": _check_promise,
    "terminate": _terminate,
    "revoke": _revoke,
    "supply": _supply,
    "correct": _correct,
}
