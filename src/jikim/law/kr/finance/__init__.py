"""Rules from the laws of finance and of other trades that few are in. Pure."""
