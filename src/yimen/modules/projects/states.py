"""States and kinds of projects, stages, reviews and sessions, with the words for them (pure)."""

from enum import StrEnum


class Track(StrEnum):
    """How the items of a stage run: all that can at once, or one after the other as before."""

    PARALLEL = "parallel"
    SERIAL = "serial"


class ProjectState(StrEnum):
    REGISTERED = "registered"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    ENDED = "ended"


class StageState(StrEnum):
    WAITING = "waiting"
    UNDER_WAY = "under_way"
    PASSED = "passed"


class ReviewState(StrEnum):
    """Of a pre-review."""

    REQUESTED = "requested"
    PASSED = "passed"
    FAILED = "failed"


class SessionState(StrEnum):
    CALLED = "called"
    TOLD = "told"
    CANCELLED = "cancelled"


TRACK_LABELS = {Track.PARALLEL: "并联办理", Track.SERIAL: "逐项办理（原方式）"}
PROJECT_LABELS = {
    ProjectState.REGISTERED: "已登记",
    ProjectState.UNDER_WAY: "办理中",
    ProjectState.FINISHED: "已全部办结",
    ProjectState.ENDED: "已终止",
}
STAGE_STATE_LABELS = {
    StageState.WAITING: "未开始",
    StageState.UNDER_WAY: "办理中",
    StageState.PASSED: "已通过",
}
REVIEW_LABELS = {
    ReviewState.REQUESTED: "预审中",
    ReviewState.PASSED: "预审通过",
    ReviewState.FAILED: "预审未通过",
}
SESSION_LABELS = {
    SessionState.CALLED: "已召集",
    SessionState.TOLD: "已出具意见",
    SessionState.CANCELLED: "已取消",
}
SESSION_KINDS = {
    "site_inspection": "联合踏勘",
    "drawing_review": "联合审图",
    "acceptance": "联合验收",
}
PROCEDURES = {"public_notice": "公示", "hearing": "听证", "expert_review": "专家评审"}
INVESTMENTS = {"enterprise": "企业投资", "government": "政府投资"}
APPROVALS = {"filing": "备案", "verification": "核准", "approval": "审批"}
PROJECT_KINDS = {
    "housing": "房屋建筑（住宅）",
    "public": "房屋建筑（学校、医院等公共建筑）",
    "factory": "工业厂房、仓库",
    "line": "道路、管线等线性工程",
    "small": "小型社会投资项目",
}
CODE_TYPES = {"housing": "01", "public": "01", "factory": "01", "line": "01", "small": "01"}
TERM_OUTCOMES = {"passed": "通过", "rectify": "整改后再验"}
EVENT_KIND = "project"
"""Subject kind of a project's chain in the trace."""
