"""The door of documents."""

from yimen.foundation.documents import papers
from yimen.foundation.documents.codes import (
    check_verification_code,
    qr_png,
    qr_svg,
    shown_code,
    verification_code,
)
from yimen.foundation.documents.fonts import missing_glyphs
from yimen.foundation.documents.papers import Paper, render_paper
from yimen.foundation.documents.rendering import render_pdf, render_pictures
from yimen.foundation.documents.wording import day_in_characters, day_text
from yimen.foundation.documents.writing import render_docx

__all__ = [
    "Paper",
    "check_verification_code",
    "day_in_characters",
    "day_text",
    "missing_glyphs",
    "papers",
    "qr_png",
    "qr_svg",
    "render_docx",
    "render_paper",
    "render_pdf",
    "render_pictures",
    "shown_code",
    "verification_code",
]
