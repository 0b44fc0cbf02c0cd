"""Rules on supervisory authorities (art. 77). Pure."""
