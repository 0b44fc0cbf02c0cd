"""What becomes of each row and why: schedules, dispositions, plans and their explanation. Pure."""
