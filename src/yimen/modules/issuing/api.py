"""The door of issuing."""

from yimen.modules.issuing.models import Document
from yimen.modules.issuing.papers import Occasion, register_results
from yimen.modules.issuing.queries import documents_of, readable_document, verified
from yimen.modules.issuing.services import issue_for_act, issue_receipt

__all__ = [
    "Document",
    "Occasion",
    "documents_of",
    "issue_for_act",
    "issue_receipt",
    "readable_document",
    "register_results",
    "verified",
]
