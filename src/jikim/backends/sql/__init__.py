"""Stores that speak SQL: reflect a schema, compile predicates, carry out steps in small transactions. Effectful."""
