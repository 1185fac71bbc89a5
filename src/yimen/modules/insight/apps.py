from yimen.kernel.apps import HouseConfig


class InsightConfig(HouseConfig):
    name = "yimen.modules.insight"
    label = "insight"
    default = True
