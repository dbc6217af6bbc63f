"""Apache Kafka on this machine: one node, KRaft, no container.

The jars come from Maven, by the versions in `pom.xml`, into an ignored folder, once. The node
listens on the loopback address only. Its data directory outlives it, so that a test or a developer
can stop it, kill it and start it again with everything it had acknowledged.

`python -m deploy.brokers` (or `make kafka`) runs one until Ctrl-C.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from deploy.brokers.ports import free_port
from deploy.brokers.process import Broker, BrokerFailed

JAVA = 17
"""The oldest Java that this Kafka's server runs on."""

POM = Path(__file__).parent / "pom.xml"
CACHE = Path(__file__).parents[2] / ".cache"
COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


class ApacheKafka(Broker):
    name: ClassVar[str] = "Apache Kafka"
    idempotent_producer: ClassVar[bool] = True
    durable: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 90.0

    def command(self) -> list[str]:
        libraries = jars()
        properties = self.data_dir / "server.properties"
        if not properties.exists():
            properties.write_text(_properties(self.port, free_port(), self.data_dir / "log"))
            self._format(libraries, properties)
        return [*self._java(libraries, heap="512m"), "kafka.Kafka", str(properties)]

    def _format(self, libraries: Path, properties: Path) -> None:
        cluster = "irf-" + hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:18]
        done = subprocess.run(
            [
                *self._java(libraries, heap="128m"),
                "kafka.tools.StorageTool",
                "format",
                "--cluster-id",
                cluster,
                "--config",
                str(properties),
                "--standalone",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            properties.unlink()  # so that the next start formats again
            raise BrokerFailed(f"Kafka could not format its storage: {done.stdout}{done.stderr}")

    def _java(self, libraries: Path, heap: str) -> list[str]:
        return [
            "java",
            f"-Xmx{heap}",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-cp",
            f"{libraries}/*",
        ]


def missing() -> list[str]:
    """What this machine lacks for Apache Kafka, in words that say how to get it."""
    lacks = []
    if (found := _java_version()) is None:
        lacks.append(f"Java {JAVA} or newer (Debian: apt-get install openjdk-{JAVA}-jre-headless)")
    elif found < JAVA:
        lacks.append(f"Java {JAVA} or newer: this machine's is {found}")
    if shutil.which("mvn") is None and not _cached().is_dir():
        lacks.append("Maven, which brings Kafka's jars (Debian: apt-get install maven)")
    return lacks


def jars() -> Path:
    """The folder that holds Kafka's jars; brought by Maven where they are not there yet."""
    folder = _cached()
    if folder.is_dir():
        return folder
    if lacks := missing():
        raise BrokerFailed("Apache Kafka needs " + "; and ".join(lacks))
    arriving = folder.with_suffix(f".{os.getpid()}")
    done = subprocess.run(
        [
            "mvn",
            "--batch-mode",
            "--quiet",
            "--strict-checksums",
            f"--file={POM}",
            COPY_DEPENDENCIES,
            "-DincludeScope=runtime",
            f"-DoutputDirectory={arriving}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(arriving, ignore_errors=True)
        raise BrokerFailed(f"Maven could not bring Apache Kafka: {done.stdout}{done.stderr}")
    try:
        arriving.rename(folder)  # all of it or nothing: a half-filled folder is never taken
    except OSError:
        shutil.rmtree(arriving)  # somebody else brought it meanwhile
    return folder


def _cached() -> Path:
    return CACHE / "kafka" / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]


def _java_version() -> int | None:
    if shutil.which("java") is None:
        return None
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr)
    return int(found[1]) if found else None


def _properties(port: int, controller_port: int, log_dir: Path) -> str:
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "listeners": f"BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"BROKER://127.0.0.1:{port}",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller_port}",
        "log.dirs": log_dir,
        # One node: nothing can be kept twice.
        "default.replication.factor": 1,
        "min.insync.replicas": 1,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        # A group starts at once, and a member that was killed is missed soon.
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # A node that was killed waits this long, at its start, for its former self to be given up.
        "broker.session.timeout.ms": 2000,
        "broker.heartbeat.interval.ms": 500,
        # Topics are made on purpose, with their partitions and compaction, never by a misspelling.
        "auto.create.topics.enable": "false",
        # State stays: what a topic holds goes by compaction, not by age.
        "log.retention.ms": -1,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
