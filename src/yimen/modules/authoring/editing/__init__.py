"""The author's form over a standard: which fields, in which groups, and from what was posted back to a content (pure).

What the form does not show (joint opinions of a step, validity of a result …) is kept from the stored row that a posted row came
from (``_was``), so that nothing is lost by editing here instead of in the YAML tab.
"""

from yimen.modules.authoring.editing.fields import GROUPS, Group, Spec
from yimen.modules.authoring.editing.reading import Posted, finished, from_post, rearranged
from yimen.modules.authoring.editing.showing import Control, Row, Shown, shown

__all__ = [
    "GROUPS", "Control", "Group", "Posted", "Row", "Shown", "Spec", "finished", "from_post", "rearranged", "shown",
]  # fmt: skip
