"""What somebody may do to an applied plan with plain boto3, made of whatever is live: things that a requirement doesn't
survive, and harmless ones."""
