"""What jikim does, one verb a file: joins the pure rooms with stores, the ledger and the time. Effectful."""
