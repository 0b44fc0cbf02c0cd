"""CaseNote: a search service for court decisions in PostgreSQL, with partitioned logs and log files.

Its clauses were published by a real service (``as-published.yaml``) and are mended here (``policy.yaml``).
"""
