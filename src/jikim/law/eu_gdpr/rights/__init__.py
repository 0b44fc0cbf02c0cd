"""Rules on the rights of the person (arts. 12 and 15 to 22). Pure."""
