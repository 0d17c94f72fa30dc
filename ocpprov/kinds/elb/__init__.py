"""Classic load balancing."""
