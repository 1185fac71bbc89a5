"""The letter of authority taken at the window (授权委托书): who may act for the applicant from now on, in what, until when.

It is registered together with the hand-in: only then both parties are registered and the items are known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yimen.foundation.files import api as files
from yimen.foundation.identity import api as identity
from yimen.foundation.identity.permissions import REPRESENTATION_REGISTER
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid
from yimen.modules.cases import api as cases
from yimen.portals.desk.window.sitting import Sitting

THESE, ALL = "these", "all"
SCOPES = ((THESE, "只限这次办的事项"), (ALL, "申请人的全部事项"))
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """What the clerk says of the letter.

    Args:
        scope: ``these`` items of this sitting only, or ``all`` matters.
        until: the last day the letter names as typed, "" = until taken back.
        scan: digest of the scanned letter.
    """

    scope: str = THESE
    until: str = ""
    scan: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day of the authority.

        Raises:
            ValueError: what was typed is no day.
        """
        return date.fromisoformat(self.until) if self.until else None

    @property
    def words(self) -> str:
        return dict(SCOPES)[self.scope]


def may_register(actor: Actor) -> bool:
    """May this clerk register authorities?"""
    return actor.may(REPRESENTATION_REGISTER)


def typed(post: Mapping[str, Any], scans: list[str]) -> dict[str, Any]:
    """What the open step says of a letter, for keeping; nothing where the step did not ask.

    Args:
        scans: what was uploaded for it; the last one counts.
    """
    if not post.get("mandate_asked"):
        return {}
    scope = str(post.get("mandate_scope") or "")
    good = [digest for digest in scans if DIGEST.fullmatch(str(digest))]
    held = {
        "on": bool(post.get("mandate")),
        "scope": scope if scope in dict(SCOPES) else THESE,
        "until": str(post.get("mandate_until") or "")[:10],
        "scan": good[-1] if good else "",
    }
    return {"mandate": held}


def mandate_of(sitting: Sitting) -> Mandate | None:
    """The letter that is to be registered; ``None`` when none was taken or nobody stands in for the applicant."""
    held = sitting.values.get("mandate")
    if not isinstance(held, Mapping) or not held.get("on") or not sitting.by_agent:
        return None
    return Mandate(
        scope=str(held.get("scope") or THESE), until=str(held.get("until") or ""), scan=str(held.get("scan") or "")
    )  # fmt: skip


def shown(sitting: Sitting) -> dict[str, Any]:
    """What the page says of the letter."""
    held = sitting.values.get("mandate")
    kept = dict(held) if isinstance(held, Mapping) else {}
    scan = str(kept.get("scan") or "")
    found = files.usable_files([scan], sitting.actor) if scan else {}
    return {
        "asked": may_register(sitting.actor) and sitting.agent is not None,
        "on": bool(kept.get("on")),
        "scope": kept.get("scope") or THESE,
        "until": kept.get("until") or "",
        "scans": list(found.values()),
        "scopes": SCOPES,
        "taken": mandate_of(sitting),
    }


def problems(sitting: Sitting) -> dict[str, str]:
    """What has to be changed before the letter can be registered, by control."""
    mandate = mandate_of(sitting)
    if mandate is None:
        return {}
    wrong = {}
    if not mandate.scan or not files.usable_files([mandate.scan], sitting.actor):
        wrong["mandate_scan"] = "请扫描授权委托书（多页扫成一个文件），再登记委托。"
    try:
        last = mandate.last_day
    except ValueError:
        wrong["mandate_until"] = "请按 2026-12-31 这样填写日期，长期委托可以不填。"
    else:
        if last is not None and last < sitting.at.astimezone(CHINA).date():
            wrong["mandate_until"] = "委托书已经过期，不能登记；请让申请人重新出具。"
    return wrong


def register(sitting: Sitting, application: cases.Application) -> str:
    """Register the authority of whoever stands at the window (民法典第一百六十五条), in the transaction of the hand-in.

    Returns:
        What to tell the clerk, "" when no letter was taken.

    Raises:
        Invalid: letter or term does not fit any more.
        NotAllowed: the clerk may not register authorities.
    """
    mandate = mandate_of(sitting)
    agent = application.agent
    if mandate is None or agent is None:
        return ""
    if wrong := problems(sitting):
        raise Invalid("授权委托书还没有登记好，请回到“谁来办”修改。", fields=wrong)
    last = mandate.last_day
    try:
        identity.grant_representation(
            agent=agent,
            actor=sitting.actor,
            at=sitting.at,
            principal_person=application.person,
            principal_entity=application.entity,
            scope=[s.code for s in sitting.standards] if mandate.scope == THESE else [],
            valid_to=last + timedelta(days=1) if last else None,
            evidence=mandate.scan,
            note=f"窗口登记，申请 {application.number}",
        )
    except Conflict:
        return "同样的委托已经在有效期内，没有重复登记。"
    return f"已登记委托：代办人以后可以在网上替申请人办（{mandate.words}）。"
