"""Folders of files: walked, looked at, and rid of what must go, without ever leaving them. Effectful."""
