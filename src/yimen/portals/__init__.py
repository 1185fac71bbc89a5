"""The rooms people enter: hall (public), desk (windows and departments), console (managers), openapi, ui."""
