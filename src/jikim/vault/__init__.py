"""Keys kept under keys: what a ledger stores of a secret means nothing without the key file beside it. Pure."""
