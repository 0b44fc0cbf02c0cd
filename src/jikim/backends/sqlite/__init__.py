"""SQLite as a store: times, masks and JSON handed to it as functions, one writer at a time. Effectful."""
