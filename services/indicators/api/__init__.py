"""What the indicators service answers over HTTP, beside what every service does."""
