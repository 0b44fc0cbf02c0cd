"""jikim's own PostgreSQL: the evidence log, runs, what was imported, keys. Effectful.

One file per ledger. Each function takes a connection and says nothing about transactions: the operation that
calls it opens one (``engine.transaction``) around everything that must happen together. ``keys`` speaks to no
database, and whoever needs nothing else loads no driver.
"""
