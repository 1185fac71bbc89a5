from yimen.kernel.apps import HouseConfig


class CalendarConfig(HouseConfig):
    name = "yimen.foundation.calendar"
    label = "calendar"
    default = True
