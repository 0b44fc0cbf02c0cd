"""What an auditor asks of a store and its archive, in statements of its own: none is a plan's. Effectful."""
