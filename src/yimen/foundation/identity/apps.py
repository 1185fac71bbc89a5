from yimen.kernel.apps import HouseConfig


class IdentityConfig(HouseConfig):
    name = "yimen.foundation.identity"
    label = "identity"
    default = True
