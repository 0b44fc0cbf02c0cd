"""Findings about a policy: the rules that make them, and the reports that show them. Pure."""
