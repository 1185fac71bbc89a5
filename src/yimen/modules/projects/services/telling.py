"""Tell the owner what was decided about the project, in the platform and by every channel that is set up."""

from datetime import datetime

from yimen.foundation.notices import api as notices
from yimen.modules.projects.models import Project


def tell_owner(project: Project, kind: str, title: str, body: str, occasion: object, at: datetime) -> None:
    """Send one message about a project; the same occasion again sends nothing.

    Args:
        kind: stable English name of the act.
        title: leaves the platform as a text message, so it names neither project nor enterprise.
        occasion: what tells this message from others of the kind, such as the session's number.
    """
    notices.notify(
        entity=project.owner,
        title=title,
        body=f"{project.name}：{body}",
        link=f"/projects/{project.code}/",
        kind=f"project_{kind}",
        text=f"【一门】您的工程项目：{title}。详情请登录政务服务大厅查看。",
        key=f"project:{project.code}:{kind}:{occasion}",
        at=at,
    )
