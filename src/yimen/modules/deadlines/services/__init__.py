"""Acts on clocks; the only place that writes them."""
