"""The small parts that screens are made of. They show and report; what it means is decided elsewhere."""
