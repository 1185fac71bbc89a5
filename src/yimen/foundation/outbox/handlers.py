"""Makes this folder the store of after-commit deliveries."""

from yimen.foundation.outbox.services import store
from yimen.kernel.events import use_outbox

use_outbox(store)
