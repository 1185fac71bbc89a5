from yimen.kernel.apps import HouseConfig


class TraceConfig(HouseConfig):
    name = "yimen.foundation.trace"
    label = "trace"
    default = True
