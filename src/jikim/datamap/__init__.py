"""Where personal data lives: the data map, the schema it speaks of, and whether the two agree. Pure."""
