"""YAML that unfolds, nests without end, or makes objects is not read."""

import pytest
import yaml

from yimen.kernel import yaml_text

BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{n}: &{n} [{', '.join(['*' + p] * 9)}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text", [BOMB, "[" * 500, "[" * 100 + "]" * 100, "!!python/object/apply:os.system [id]", "a: [", "a: *b"]
)
def test_what_harms_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        yaml_text.load(text)


def test_plain_values_are_read() -> None:
    assert yaml_text.load("名称: 开饭店\n步骤: [一, 二]\n天数: 3\n") == {
        "名称": "开饭店",
        "步骤": ["一", "二"],
        "天数": 3,
    }
    assert yaml_text.load('{"a": [1, {"b": null}]}') == {"a": [1, {"b": None}]}
