"""Every benchmark: our figure beside a hand-written floor or a peer, measured in the same run."""
