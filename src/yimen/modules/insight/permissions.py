"""The grants that this module asks for."""

from yimen.foundation.identity.api import declare_grants

READ = "console:figure:read"
SIMULATE = "console:figure:simulate"

declare_grants({READ: "查看统计分析（本人范围内）", SIMULATE: "推演流程改变的效果"})
