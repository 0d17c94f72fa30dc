"""Builds the AWS infrastructure that OpenShift asks the user to bring, and takes it away again."""

__version__ = "0.1.0"
