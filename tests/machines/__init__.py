"""More than one machine, as far as one machine can show it: real brokers, stores, replicas and servers on loopback."""
