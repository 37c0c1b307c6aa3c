# SPDX-License-Identifier: Apache-2.0
"""A real Kafka for Python tests: brokers of one folder and one range of ports, by the script `kafka` beside this file."""
import contextlib
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys

KAFKA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kafka")
TOPICS = tuple(f"telltale.{name}.v1" for name in ("device", "destination", "transfer", "alert", "health"))
PORTS_A_NODE = 5
MOST_NODES = 2
STARTS_WITHIN_S = 120


def missing():
    """Why no broker can be had here; empty: it can."""
    for tool in ("java", "javac", "mvn", "openssl", "flock", "setsid"):
        if not shutil.which(tool):
            return f"{tool} is missing"
    done = subprocess.run([KAFKA, "fetch"], capture_output=True, text=True, timeout=1000, check=False)
    return f"Kafka's jars cannot be had: {done.stderr[-500:]}" if done.returncode else ""


def free_ports(host="127.0.0.1", count=PORTS_A_NODE * MOST_NODES):
    """The first of some free ports, below those that the kernel gives away by itself."""
    for _ in range(100):
        first = random.SystemRandom().randrange(15_000, 32_000)
        with contextlib.ExitStack() as sockets:
            try:
                for port in range(first, first + count):
                    sockets.enter_context(socket.create_server((host, port)))
            except OSError:
                continue
        return first
    raise RuntimeError("no free ports")


class Broker:
    """Brokers that live in a folder. stop() at the end, or use it with `with`."""

    def __init__(self, folder, port=None, host="127.0.0.1", namespace=None, extra=None):
        """namespace: the network namespace that they and their readers run in; extra: further lines of server.properties."""
        self.folder, self.host, self.namespace = folder, host, namespace
        self.port = port or (19_092 if namespace else free_ports(host))
        self.environment = {"KAFKA_DIR": folder, "KAFKA_PORT": str(self.port), "KAFKA_HOST": host}
        if extra:
            os.makedirs(folder, exist_ok=True)
            self.environment["KAFKA_EXTRA"] = os.path.join(folder, "extra.properties")
            with open(self.environment["KAFKA_EXTRA"], "w", encoding="utf-8") as file:
                file.write(extra)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def address(self, node=1, offset=0):
        """offset: 0 plaintext, 2 TLS, 3 SASL, 4 SASL and TLS."""
        return f"{self.host}:{self.port + PORTS_A_NODE * (node - 1) + offset}"

    def path(self, name):
        """A file of $KAFKA_DIR/tls."""
        return os.path.join(self.folder, "tls", name)

    def command(self, *arguments):
        inside = ["ip", "netns", "exec", self.namespace] if self.namespace else []
        return [*inside, KAFKA, *map(str, arguments)]

    def run(self, *arguments, timeout=STARTS_WITHIN_S):
        """Returns the output of a command of the script; raises its error."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=timeout, check=False,
                              env={**os.environ, **self.environment})
        if done.returncode:
            raise RuntimeError(f"kafka {' '.join(map(str, arguments))}: {done.stderr[-2000:]}")
        return done.stdout

    def start(self, node=1):
        self.run("start", node)

    def stop(self):
        self.run("stop")

    def kill(self, *node):
        """SIGKILL; without a node all."""
        self.run("kill", *node)

    def freeze(self, *node):
        self.run("freeze", *node)

    def thaw(self, *node):
        self.run("thaw", *node)

    def topics(self, *names):
        """Makes topics, by default Telltale's; returns {name: partitions} of all there are."""
        return {name: int(count) for name, count in re.findall(r"^(\S+) (\d+)", self.run("topics", *names), re.MULTILINE)}

    def delete(self, *names):
        self.run("delete", *names)

    def tool(self, *arguments):
        return self.run("tool", *arguments)

    @contextlib.contextmanager
    def reading(self, *arguments):
        """A running reader: its standard output has records as JSON lines."""
        process = subprocess.Popen(self.command("read", *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, **self.environment}, start_new_session=True)
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.communicate()

    def records(self, *arguments):
        """Every record of all topics, or of those named: generated while they are read."""
        with self.reading(*arguments) as process:
            for line in process.stdout:
                yield json.loads(line)
            if process.wait(timeout=60):
                raise RuntimeError(f"kafka read: {process.stderr.read().decode()[-2000:]}")


if __name__ == "__main__":
    # Fetches what brokers need, before tests that have less time; 77 is CTest's SKIP_RETURN_CODE.
    if WHY := missing():
        print("skipped:", WHY)
    sys.exit(77 if WHY else 0)
