"""What happened to themes; plain values only."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ThemeEvent(Event):
    """Something happened to one theme."""

    theme_code: str
    theme_id: int


@dataclass(frozen=True, kw_only=True)
class ThemePublished(ThemeEvent):
    """A version may be applied for from now on."""

    version: int


@dataclass(frozen=True, kw_only=True)
class ThemeSuspended(ThemeEvent):
    """The theme may not be applied for as a whole until it is resumed; its items still may."""

    reason: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class ThemeResumed(ThemeEvent):
    """The theme may be applied for again."""
