"""Everything that writes the register."""
