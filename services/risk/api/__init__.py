"""What the risk service answers over HTTP, beside what every service does."""
