"""What themes do for lower folders: an application that names a theme is theirs to hand in.

What new versions of items did to a theme is computed when its author looks (``queries.changes``): an import of thousands of items
must not cost an event each.
"""

from yimen.modules.cases.api import register_composer
from yimen.modules.themes.services.handing_in import hand_in_by_theme

register_composer(hand_in_by_theme)
