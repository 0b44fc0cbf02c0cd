"""The service's own stores. Effectful, but for ``memory``, which is what every step means."""
