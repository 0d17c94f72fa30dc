"""Whether traffic gets from one place of a network to another, judged on values: nothing is sent, nothing is asked."""
