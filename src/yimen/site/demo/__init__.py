"""The demonstration district: 澜江区 of 粤海市, fictional, deterministic, marked on every page."""
