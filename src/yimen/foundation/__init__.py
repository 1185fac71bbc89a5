"""Who, where, when, what happened: the facts that every capability stands on."""
