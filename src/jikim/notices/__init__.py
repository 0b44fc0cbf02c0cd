"""Who must be told what, and by when. Pure."""
