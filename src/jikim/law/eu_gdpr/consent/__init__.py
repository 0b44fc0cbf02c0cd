"""Rules on consent (art. 7). Pure."""
