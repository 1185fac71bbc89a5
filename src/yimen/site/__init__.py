"""Where everything meets: settings, root addresses, servers, command line."""
