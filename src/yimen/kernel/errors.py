"""Refusals: the platform said no for a stated reason, and says what would pass.

A refusal is an anticipated answer to a person, never a bug. Pages show it, REST turns it into
problem+json (RFC 9457); the mapping to HTTP lives in one place, ``portals.openapi.problems``.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """The request was understood and is refused.

    Args:
        message: one sentence in the user's language: what is wrong and what would be right.
        code: stable machine name; default the class's own.
        clause: the legal basis, such as 行政许可法第三十二条.
        fields: field name to sentence, for errors that belong beside a field.
        would_pass: what the person can do so that the same request passes.
    """

    code = "refused"

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        clause: str = "",
        fields: Mapping[str, str] | None = None,
        would_pass: str = "",
    ) -> None:
        self.message = message or (self.__doc__ or "").strip().splitlines()[0]
        super().__init__(self.message)
        self.code = code or type(self).code
        self.clause = clause
        self.fields = dict(fields or {})
        self.would_pass = would_pass


class Invalid(Refusal):
    """填写的内容有误，请按提示修改后再提交。"""

    code = "invalid"


class NotFound(Refusal):
    """没有找到，或者您无权查看。"""

    code = "not_found"


class NotAllowed(Refusal):
    """您没有办理这一步的权限。"""

    code = "not_allowed"


class NotPossible(Refusal):
    """当前状态下不能办理这一步。"""

    code = "not_possible"


class Conflict(NotPossible):
    """别人刚刚办理过，内容已经变化，请查看最新情况后再办。"""

    code = "conflict"


class TooMany(Refusal):
    """操作过于频繁，请稍后再试。"""

    code = "too_many"


class Away(Refusal):
    """有一项服务暂时不可用，请稍后再试；已经提交的内容不受影响。"""

    code = "unavailable"
