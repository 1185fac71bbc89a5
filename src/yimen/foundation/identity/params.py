"""Parameters of identity."""

from yimen.foundation.params import api as params

SECOND_FACTOR = params.declare(
    "identity.staff_second_factor",
    True,
    "工作人员登录须有动态口令（第二重验证）；演示模式下不启用",
    "GB/T 22239-2019 身份鉴别：两种或两种以上组合的鉴别技术",
)
