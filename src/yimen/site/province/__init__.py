"""The synthetic province: a made-up province of any size with planted faults, the same for the same seed.

``plan`` says how large; ``places``, ``catalogue`` and ``people`` what there is; ``drawing`` when and what happens; ``courses`` what
each case's record looks like; ``loading`` puts it into a store, ``exporting`` into plain files, ``scoring`` measures rules by it.
"""
