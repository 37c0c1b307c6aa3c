#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`telltale run` with more packets than it can take, a reader of events that is stuck, brokers that are away, connections
that never ask and a storm of scrapes, all at once: packets go on being analysed, every figure closes at every moment, it
ends in time. The load is a capture that DPDK's net_pcap plays from memory without end. TELLTALE_LOAD_SECONDS makes it
longer."""
import os
import socket
import threading
import time

from sensor_runs import SANITIZED, Checks, crashed, scratch, start, write_file
from service_runs import ENDS_WITHIN_S, Service, check_identities

SECONDS = float(os.environ.get("TELLTALE_LOAD_SECONDS", 4 if SANITIZED else 8))
SCRAPERS = 6
SILENT = 40  # connections that never ask
LEAST_SCRAPES = SECONDS * (2 if SANITIZED else 20)
WORKERS = (1, 2)

CONFIG = """taps:
  - name: up
    ports: ['net_pcap0,rx_pcap={capture},infinite_rx=1']
workers: {workers}
dpdk: {{buffers: 20000}}
metrics: {{port: 0}}
events: {pipe}
kafka: {{brokers: ['127.0.0.1:1']}}
store: {{events: 1000, size: 1MiB}}
service: {{health_interval: 1s}}
tracking: {{interval: 1s}}
"""


def scrape(service, until, scraped):
    while time.monotonic() < until:
        try:
            scraped.append(service.metrics())
        except OSError as error:  # a server that is busy may refuse; one that is gone is found by what follows
            scraped.append(error)
            time.sleep(0.01)


def silent_clients(port, count):
    return [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]


def check_load(programs, checks, folder, capture, workers):
    name = f"{workers} workers"
    pipe = os.path.join(folder, f"pipe-{workers}")
    os.mkfifo(pipe)
    path = write_file(os.path.join(folder, f"load-{workers}.yaml"),
                      CONFIG.format(capture=capture, workers=workers, pipe=pipe).encode())
    service = Service(programs, path)
    silent = silent_clients(service.port, SILENT)
    scraped, until = [], time.monotonic() + SECONDS
    threads = [threading.Thread(target=scrape, args=(service, until, scraped)) for _ in range(SCRAPERS)]
    for thread in threads:
        thread.start()
    seen = []
    while time.monotonic() < until:
        metrics = service.metrics()
        check_identities(checks, name, metrics)
        seen.append(metrics.sum("telltale_packets_analysed_total"))
        time.sleep(0.5)
    for thread in threads:
        thread.join()
    answers = [answer for answer in scraped if not isinstance(answer, OSError)]
    for metrics in answers[:: max(1, len(answers) // 50)]:
        check_identities(checks, f"{name}, in the storm", metrics)
    metrics = service.metrics()
    check_identities(checks, f"{name}, after it", metrics)
    checks.that(len(answers) > LEAST_SCRAPES, f"{name}: {len(answers)} scrapes were answered")
    checks.that(all(before < after for before, after in zip(seen, seen[1:])), f"{name}: analysing stood still: {seen}")
    checks.that(metrics.sum("telltale_events_dropped_total") > 0, f"{name}: a full store drops, and says so")
    checks.equal(service.get("/-/ready")[0], 503, f"{name}: not ready")
    print(f"{name}: {seen[-1] / SECONDS:,.0f} packets/s, {len(answers)} scrapes, "
          f"{metrics.sum('telltale_packets_dropped_total'):,.0f} packets dropped, "
          f"{metrics.sum('telltale_records_dropped_total'):,.0f} records dropped, "
          f"{metrics.sum('telltale_events_dropped_total'):,.0f} events dropped")
    done, seconds = service.end()
    checks.equal((done.status, crashed(done)), (1, ""), f"{name}: the end: {done.err[-300:]}")
    checks.that(seconds < ENDS_WITHIN_S, f"{name}: it took {seconds:.1f} s to end")


def main():
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        capture, _ = programs.generate(folder, "office-day", packets=10_000)
        for workers in WORKERS:
            check_load(programs, checks, folder, capture, workers)
    checks.finish()


if __name__ == "__main__":
    main()
