"""Law packs: what statutes demand, as data, and how a statute counts time. Pure."""
