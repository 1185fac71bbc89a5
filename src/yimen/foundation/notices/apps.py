from yimen.kernel.apps import HouseConfig


class NoticesConfig(HouseConfig):
    name = "yimen.foundation.notices"
    label = "notices"
    default = True
