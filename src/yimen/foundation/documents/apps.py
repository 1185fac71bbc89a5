from yimen.kernel.apps import HouseConfig


class DocumentsConfig(HouseConfig):
    name = "yimen.foundation.documents"
    label = "documents"
    default = True
