"""One thing (一件事): many items behind one form, one set of materials, one plan, one joint date."""
