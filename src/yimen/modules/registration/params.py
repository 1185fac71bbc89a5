"""What differs by place: the range of codes, terms of reservation and of temporary premises."""

from yimen.foundation.params import api as params

CODE_PREFIX = params.declare(
    "registration.code_prefix", "MAY", "本平台使用的主体标识码号段（前三位）", "GB 32100-2015；GB 11714-1997"
)
RESERVED_MONTHS = params.declare(
    "registration.reserved_months", 2, "企业名称保留期（月）", "企业名称登记管理规定第十八条第一款"
)
PREMISES_MONTHS = params.declare(
    "registration.premises_months",
    24,
    "临时经营场所证明最长有效期（月）",
    "市场主体登记管理条例第十一条第三款",
)
RENEWAL_DAYS = params.declare(
    "registration.renewal_days", 30, "临时经营场所证明到期前多少日可以申请延续", "行政许可法第五十条第一款"
)
