"""What jikim does, one verb a file: each joins the pure rooms with a store, the ledger and the clock's answer. Effectful."""
