"""How a service runs: settings, clock, logs, health, metrics, the HTTP application."""
