"""Rules on what people are told (arts. 12 to 14). Pure."""
