"""Example services, one package each: what a controller runs, and the promises it made about it."""
