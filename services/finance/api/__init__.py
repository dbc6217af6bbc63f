"""What the finance service answers over HTTP, beside what every service does."""
