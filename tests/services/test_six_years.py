"""Every service through six years: a sweep each quarter, and nothing left where it may not be."""
