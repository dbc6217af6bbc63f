"""How the IRF is put on machines: the local runner, brokers, the image, compose, dashboards."""
