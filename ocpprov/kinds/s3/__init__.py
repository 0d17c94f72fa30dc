"""Simple Storage Service: the bucket for the ignition files, its policy, and the file."""
