"""A stand-in for AWS on this machine: moto, with middleware in front of it for what it lacks of AWS."""
