"""``yimen openapi``: print the OpenAPI document."""

import json
from collections.abc import Sequence

from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    from yimen.portals.openapi.site import api

    print(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, default=str))
    return 0
