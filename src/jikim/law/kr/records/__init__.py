"""Rules from the statutes that have records kept, and for how long. Pure."""
