from yimen.kernel.apps import HouseConfig


class OrgsConfig(HouseConfig):
    name = "yimen.foundation.orgs"
    label = "orgs"
    default = True
