"""liteCam, a made-up shop for a screen recorder: buyers without an account, companies and their people, paper.

Its tables have foreign keys, and its archive is on another PostgreSQL server.
"""
