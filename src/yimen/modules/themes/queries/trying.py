"""A version tried before it is published, as if it were."""

from datetime import date

from yimen.modules.themes.models import ThemeVersion
from yimen.modules.themes.queries.published import PublishedTheme


def as_published(row: ThemeVersion, on: date) -> PublishedTheme:
    """The version as the public would get it on a day, whatever its state; its theme comes with its organisation."""
    return PublishedTheme(
        theme_id=row.theme_id,
        version_id=row.pk,
        code=row.theme.code,
        version=row.version,
        content=row.parsed,
        digest=row.digest,
        organisation_code=row.theme.organisation.code,
        organisation_name=row.theme.organisation.name,
        division_code=row.theme.division.code,
        pins=row.pins,
        headline=row.headline,
        valid_from=row.valid_from or on,
    )
