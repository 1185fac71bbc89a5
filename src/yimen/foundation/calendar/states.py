"""The life of a calendar version."""

from enum import StrEnum


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return {"draft": "草稿", "published": "现行", "superseded": "已被替代"}[self.value]
