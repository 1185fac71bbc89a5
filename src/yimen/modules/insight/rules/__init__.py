"""What the figures are made of (pure): cubes, a case's share in them, periods, what may be told in public."""
