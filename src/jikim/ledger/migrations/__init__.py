"""Steps from any older ledger to the newest, run by ``jikim.ledger.upgrading``. Effectful."""
