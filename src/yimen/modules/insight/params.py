"""What differs by place: how small a count may be told in public."""

from yimen.foundation.params import api as params

LEAST_TOLD = params.declare(
    "insight.least_told",
    5,
    "对外公布的统计数最小值，少于它的不显示（件）",
    "个人信息保护法第四条；政府信息公开条例第十五条",
)
