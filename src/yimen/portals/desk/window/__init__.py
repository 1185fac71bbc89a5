"""One person at the window: what was taken so far, kept on the server until it is handed in."""
