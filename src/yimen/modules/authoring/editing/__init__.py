"""The author's form over a standard: which fields, in which groups, and from what was posted back to a content (pure).

Everything that a content can say stands in the form. What a later version of the content may say besides is kept from the
stored row that a posted row came from (``_was``), so that nothing is lost by editing here instead of in the YAML tab.
"""

from yimen.modules.authoring.editing.fields import Group, Spec
from yimen.modules.authoring.editing.groups import GROUPS
from yimen.modules.authoring.editing.reading import (
    Posted,
    finished,
    from_post,
    rearranged,
    relocated,
    unknown_organisations,
)
from yimen.modules.authoring.editing.showing import Control, Row, Shown, shown

__all__ = [
    "GROUPS", "Control", "Group", "Posted", "Row", "Shown", "Spec", "finished", "from_post", "rearranged", "relocated",
    "shown", "unknown_organisations",
]  # fmt: skip
