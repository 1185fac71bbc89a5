"""Contrast of the tokens: AA in the light set (4.5 text, 3 shapes), AAA in the high-contrast set (7)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static" / "ui" / "tokens.css").read_text("utf-8")
INK = (
    "ink",
    "ink-2",
    "ink-3",
    "action",
    "action-hover",
    "link",
    "link-visited",
    "seal",
    "soon",
    "done",
    "calm",
)
GROUNDS = ("page", "surface", "surface-sunk")
ON_OWN = (
    ("action", "action-soft"),
    ("seal", "seal-soft"),
    ("soon", "soon-soft"),
    ("done", "done-soft"),
    ("calm", "calm-soft"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-action", "action-active"),
    ("on-action", "seal"),
    ("rail-ink", "rail"),
    ("rail-ink", "rail-current"),
    ("rail-ink-2", "rail"),
    ("rail-ink-2", "rail-current"),
    ("ink", "action-soft"),
    ("ink-3", "action-soft"),
    ("ink", "soon-soft"),
    ("ink", "done-soft"),
    ("ink", "seal-soft"),
    ("action", "soon-soft"),
)


def _colours(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\n\}", TOKENS, re.S)
    assert block, selector
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", block.group(1)))


LIGHT = _colours(":root")
CONTRAST = LIGHT | _colours('[data-theme="contrast"]')


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [(ink, ground) for ink in INK for ground in GROUNDS] + list(ON_OWN)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_reads_in_the_light_set(ink: str, ground: str) -> None:
    assert ratio(LIGHT[ink], LIGHT[ground]) >= 4.5


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_reads_better_in_the_high_contrast_set(ink: str, ground: str) -> None:
    assert ratio(CONTRAST[ink], CONTRAST[ground]) >= 7


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colours", [LIGHT, CONTRAST], ids=["light", "contrast"])
def test_edges_of_controls_and_focus_are_seen(colours: dict[str, str], ground: str) -> None:
    assert ratio(colours["line-strong"], colours[ground]) >= 3
    assert ratio(colours["focus"], colours[ground]) >= 3


def test_large_type_makes_everything_larger() -> None:
    block = re.search(r'\[data-size="large"\]\s*\{(.*?)\n\}', TOKENS, re.S)
    assert block and "--root-size: 125%" in block.group(1)


def test_style_sheets_use_only_tokens_for_colour() -> None:
    """A colour written in a component would not follow the theme (the mark's own three colours excepted)."""
    allowed = {"#fff", "#ff7a6b", "#ffce73"}
    for name in ("base.css", "components.css", "forms.css", "layout.css"):
        text = (Path(__file__).parent.parent / "static" / "ui" / name).read_text("utf-8")
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text))
        assert found <= allowed, (name, found - allowed)


def test_every_token_used_exists() -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+):", TOKENS))
    for name in ("base.css", "components.css", "forms.css", "layout.css", "print.css"):
        text = (Path(__file__).parent.parent / "static" / "ui" / name).read_text("utf-8")
        used = set(re.findall(r"var\((--[a-z0-9-]+)", text))
        assert used <= defined | set(re.findall(r"(--[a-z0-9-]+):", text)), name
