"""The policy language: what a service promises, as values that remember where they were written. Pure."""
