"""Pages: the public calculator (hall) and the working calendar of the console.

The console pages stand here and not in ``foundation.calendar``, because publishing a calendar first shows which open
clocks move, and the foundation may not know clocks.
"""
