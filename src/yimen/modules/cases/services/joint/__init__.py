"""Running one thing (一件事): what happens to one case of an application because of what was done upon another."""
