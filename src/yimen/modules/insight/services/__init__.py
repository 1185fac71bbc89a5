"""The only place of insight that writes: folding news into the cubes, recounting them, running experiments."""
