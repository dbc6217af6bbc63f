"""The HTTP side: paths, bodies, statuses. What they mean is decided in handlers and domain."""
