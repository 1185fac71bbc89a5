"""The door of authoring: catalogues in and out."""

from yimen.modules.authoring.queries.exporting import FORMATS, export
from yimen.modules.authoring.services.importing import Report, import_items
from yimen.modules.authoring.services.runs import queue_import, run_import

__all__ = ["FORMATS", "Report", "export", "import_items", "queue_import", "run_import"]
