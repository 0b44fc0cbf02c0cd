"""Rules from the policy itself: what it promises binds, and so it may not say two things at once. Pure."""
