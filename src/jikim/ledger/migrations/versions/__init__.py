"""One file per migration. A migration is never changed once released."""
