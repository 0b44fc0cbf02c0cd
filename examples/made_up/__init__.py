"""Made-up people and the worlds they live in: what the lives of every example service are written with."""
