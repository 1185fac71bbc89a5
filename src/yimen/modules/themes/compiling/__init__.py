"""The one-thing compiler: published standards in, one form, one set of materials, one plan, one date and their proof out (pure)."""
