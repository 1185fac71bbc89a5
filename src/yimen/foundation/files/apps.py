from yimen.kernel.apps import HouseConfig


class FilesConfig(HouseConfig):
    name = "yimen.foundation.files"
    label = "files"
    default = True
