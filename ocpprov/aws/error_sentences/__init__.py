"""What AWS means by its sentences, one file for each sort of service."""
