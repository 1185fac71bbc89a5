"""The product under kills: its own server, workers and database are killed at random, and what is left is proved."""
