"""The five services. None of them imports another: they meet on Kafka topics only."""
