"""Two web servers with nothing in common but the database, the file store and the keys serve one person as one."""

import json
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.machines import processes
from tests.machines.processes import rows, script, web_servers
from tools import s3
from yimen.foundation.files.tests.factories import png

pytestmark = pytest.mark.django_db

SOMEBODY = """
import json
from yimen.site import store
store.open_store()
from yimen.foundation.identity.tests.factories import resident
from yimen.modules.items.tests.factories import make_standard
standard = make_standard()
resident("lin", password="a-long-password-of-lin")
print(json.dumps([standard.code, standard.content.materials[0].code]))
"""


def token_of(page: requests.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]


def test_one_session_over_two_servers_with_data_folders_of_their_own(database: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        files = stack.enter_context(s3.server())
        more = {
            "YIMEN_DATABASE": database,
            "YIMEN_FILES": files,
            "AWS_ACCESS_KEY_ID": "k",
            "AWS_SECRET_ACCESS_KEY": "s",
        }
        given = [processes.environment(tmp_path / name, **more) for name in ("one", "two")]
        item, requirement = json.loads(script(SOMEBODY, given[0]))
        one, two = stack.enter_context(web_servers(given, tmp_path / "log"))
        lin = requests.Session()

        form = token_of(lin.get(f"{one}/accounts/login/"))
        said = {"login": "lin", "password": "a-long-password-of-lin", "csrfmiddlewaretoken": form}
        assert lin.post(f"{two}/accounts/login/", data=said, allow_redirects=False).status_code == 302
        for server in (one, two, one, two):
            me = lin.get(f"{server}/api/v1/me")
            assert me.status_code == 200 and me.json()["person"]["name"], me.text

        token = {"X-CSRFToken": lin.cookies["yimen_csrf"]}
        taken = lin.post(f"{one}/api/v1/files", files={"file": ("照片.png", png())}, headers=token)
        assert taken.status_code == 201, taken.text
        body = {"items": [item], "materials": [{"requirement": requirement, "file": taken.json()["digest"]}]}
        handed_in = lin.post(f"{two}/api/v1/applications", json=body, headers=token)
        assert handed_in.status_code == 201, handed_in.text
        [(key,)] = rows(database, "SELECT id FROM cases_material WHERE file_id IS NOT NULL")
        for server in (one, two):
            assert lin.get(f"{server}/my/files/{key}/").content == png()
    kept = [path for name in ("one", "two") for path in (tmp_path / name).rglob("*") if path.is_file()]
    assert [path for path in kept if path.parent.name in ("keys", "files", "incoming")] == []
