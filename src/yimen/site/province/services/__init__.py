"""What writes a province into a store."""
