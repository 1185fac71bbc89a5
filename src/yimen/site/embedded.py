"""The WSGI entry of ``yimen up``: pages and REST, and the background worker as a thread of the same process.

The thread is started here, in the serving process, and never in its parent: an SQLite connection must not be carried over a
fork. With a broker (``YIMEN_BROKER``) there is no such thread: ``yimen worker`` does the work.
"""

from yimen.foundation.outbox.api import is_distributed, start
from yimen.site.wsgi import application

__all__ = ["application"]

if not is_distributed():
    start()
