"""Route 53 types."""
