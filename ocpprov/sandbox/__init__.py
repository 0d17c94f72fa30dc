"""A stand-in for AWS on this machine: moto, with the manners of AWS put in front of it."""
