"""The law of the Republic of Korea: facts by topic, and rules by the law they come from. Pure."""
