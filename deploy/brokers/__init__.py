"""The brokers that this project can start by itself: one embedded, one Apache Kafka.

Both speak the Kafka protocol over TCP and have the same few methods, so whoever starts one (the
local runner, the tests, the benchmarks) need not know which it is.
"""

from deploy.brokers.apache import ApacheKafka
from deploy.brokers.embedded import EmbeddedBroker
from deploy.brokers.process import Broker, BrokerFailed

__all__ = ["ApacheKafka", "Broker", "BrokerFailed", "EmbeddedBroker"]
