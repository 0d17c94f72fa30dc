"""What runs cost, counted. `make bench` runs all of them."""
