"""The first real run: the smallest plan on AWS itself, and what we believe of AWS asked of AWS. Never part of the
tests."""
