"""The General Data Protection Regulation of the European Union: a small pack beside the Korean one. Pure."""
