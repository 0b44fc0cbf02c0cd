"""PostgreSQL 15 and later as a store: how it says what is asked, and the only sessions that ask it. Effectful."""
