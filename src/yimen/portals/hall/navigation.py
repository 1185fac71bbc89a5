"""What stands in the hall's navigation."""

from yimen.kernel.access import SIGNED_IN
from yimen.portals.ui import navigation
from yimen.portals.ui.navigation import FOOTER


def register() -> None:
    """Put the hall's entries in their order: on top what people come for, at the foot what they look up."""
    navigation.register("hall", "首页", "hall:home", order=0, icon="house")
    navigation.register("hall", "办什么事", "items:list", order=10, icon="search")
    navigation.register("hall", "一件事", "hall:things", order=15, icon="layers")
    navigation.register("hall", "我的办件", "hall:my", SIGNED_IN, order=20, icon="files")
    navigation.register("hall", "工程项目", "projects:list", SIGNED_IN, order=22, icon="building-2")
    navigation.register("hall", "消息", "messages:inbox", SIGNED_IN, order=25, icon="bell")
    navigation.register("hall", "查进度", "hall:progress", order=30, icon="search")
    navigation.register("hall", "查企业", "registration:search", order=35, icon="building-2", section=FOOTER)
    navigation.register("hall", "核验文书", "hall:verify", order=40, icon="shield-check", section=FOOTER)
    navigation.register("hall", "办事地点", "hall:centres", order=50, icon="map-pin", section=FOOTER)
    navigation.register(
        "hall", "办得怎么样", "insight:figures", order=55, icon="chart-column", section=FOOTER
    )
    navigation.register(
        "hall", "部门评分", "supervision:scores", order=55, icon="trending-up", section=FOOTER
    )
    navigation.register("hall", "帮助", "hall:help", order=60, icon="circle-help")
