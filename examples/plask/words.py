"""Words of the made-up people of Plask. Pure."""

OCCUPATIONS = ("animator", "student", "dancer", "teacher", "game developer")
NATIONALITIES = ("KR", "US", "JP", "VN", "FR")
TOPICS = ("dance", "sport", "film", "games", "robotics")
TITLES = ("walk cycle", "sword fight", "morning dance", "short film", "crowd scene")
ENQUIRIES = ("cannot export", "how do I retarget", "invoice wanted", "broken skeleton")
COMPLAINTS = ("charged twice", "lost my file", "refund is late", "wrong plan")
ABUSES = ("scraped the gallery", "shared one account", "uploaded spam")
