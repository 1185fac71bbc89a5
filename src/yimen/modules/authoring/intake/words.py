"""How offices write types, units, channels, audiences and levels."""

from yimen.modules.items.content import ITEM_TYPE_LABELS, Audience, Channel, ItemType, Unit

SICHUAN_TYPES = {
    "1": ItemType.PERMIT,
    "5": ItemType.BENEFIT,
    "7": ItemType.CONFIRMATION,
    "8": ItemType.REWARD,
    "9": ItemType.ADJUDICATION,
    "10": ItemType.OTHER_POWER,
    "20": ItemType.PUBLIC_SERVICE,
}
TYPE_WORDS = {label: kind for kind, label in ITEM_TYPE_LABELS.items()} | {
    "其他职权": ItemType.OTHER_POWER,
    "其他": ItemType.OTHER_POWER,
    "其他类": ItemType.OTHER_POWER,
    "便民服务": ItemType.PUBLIC_SERVICE,
}
UNITS: dict[str, Unit] = {
    "工作日": "working_day",
    "个工作日": "working_day",
    "自然日": "calendar_day",
    "日历日": "calendar_day",
    "天": "calendar_day",
    "日": "calendar_day",
    "月": "month",
    "个月": "month",
    "年": "year",
    "小时": "hour",
    "工作小时": "working_hour",
    "working_day": "working_day",
    "calendar_day": "calendar_day",
    "month": "month",
    "year": "year",
    "hour": "hour",
    "working_hour": "working_hour",
}
CHANNELS: tuple[tuple[str, Channel], ...] = (
    ("网", "online"),
    ("线上", "online"),
    ("窗口", "window"),
    ("线下", "window"),
    ("现场", "window"),
    ("快递", "courier"),
    ("邮", "courier"),
    ("手机", "mobile"),
    ("移动", "mobile"),
    ("自助", "kiosk"),
)
AUDIENCE: tuple[tuple[str, Audience], ...] = (
    ("自然人", "person"),
    ("个人", "person"),
    ("企业", "enterprise"),
    ("法人", "enterprise"),
    ("事业", "institution"),
    ("社会组织", "social_organisation"),
    ("行政机关", "government"),
    ("其他", "other"),
)
LEVELS = (
    ("国", "state"),
    ("省", "province"),
    ("市", "city"),
    ("县", "county"),
    ("区", "county"),
    ("镇", "town"),
    ("街", "town"),
    ("村", "village"),
    ("社区", "village"),
)
