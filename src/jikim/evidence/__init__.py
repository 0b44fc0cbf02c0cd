"""Evidence: the append-only record of what was done, and the proofs that nobody changed it since. Pure.

Entries (``entry``) are canonical JSON. Their hashes are the leaves of a Merkle tree (``merkle``) whose root
is signed as a checkpoint (``checkpoint``, ``note``). ``seal`` appends a batch, ``export`` writes and
verifies the file that stands alone, ``proof`` does the same for one entry. No clock, no randomness, no
files: the private key and every instant are passed in.
"""
