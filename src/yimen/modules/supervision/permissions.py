"""The grants that this module asks for."""

from yimen.foundation.identity.api import declare_grants
from yimen.modules.supervision.states import ANSWER, ANSWER_READ, JUDGE, RULES, SCORE, WATCH

declare_grants(
    {
        ANSWER_READ: "查看发给本部门的监察牌和评分",
        ANSWER: "说明监察牌的情况、提交证据、申诉，对评分提出异议",
        WATCH: "查看辖区内的监察牌、规则、失时账、评分和实施评估",
        JUDGE: "认定、复核、撤销监察牌",
        RULES: "编写、试跑、启用监察规则",
        SCORE: "计算、公示评分，答复异议",
    }
)

__all__ = ["ANSWER", "ANSWER_READ", "JUDGE", "RULES", "SCORE", "WATCH"]
