"""What runs cost, counted. `make bench` runs all of them, and keeps their figures in history.jsonl."""
