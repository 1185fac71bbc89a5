"""Several machines sign identity tokens with one key, given by the environment."""

import base64
from pathlib import Path

import pytest

from yimen.foundation.identity.pages.adapters import signing_key


def test_the_key_of_the_environment_is_used_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = signing_key(tmp_path / "one")
    for number, given in enumerate((made, base64.b64encode(made.encode()).decode())):
        monkeypatch.setenv("YIMEN_OIDC_KEY", given)
        assert signing_key(tmp_path / f"other{number}") == made
        assert not (tmp_path / f"other{number}").exists()
