# SPDX-License-Identifier: Apache-2.0
"""The kinds of faults: each a function (rig, numbers) that lets one fault happen to a running rig, at a moment and for a
time that the random numbers say, and returns when the rig runs again. The docstring is for the plan's listing."""
import os
import random
import struct
import time

from rig import run_ip

KINDS = {}


def kind(function):
    KINDS[function.__name__.replace("_", "-")] = function
    return function


def wait(numbers, least, most):
    time.sleep(numbers.uniform(least, most))


def last(rig, numbers, least, most):
    time.sleep(rig.lasting_s or numbers.uniform(least, most))


@kind
def kill(rig, numbers):
    """kill -9 of the sensor while it runs; some of the times at any moment from its first instruction on"""
    if numbers.random() < 0.75:
        rig.sensor.until_it_answers()
    wait(numbers, 0, 3)
    rig.sensor.kill()
    rig.sensor.start()


@kind
def broker_restart(rig, numbers):
    """kill -9 of the broker, which is started again"""
    wait(numbers, 0, 2)
    rig.broker.kill()
    wait(numbers, 0, 1)
    rig.broker.start()


@kind
def broker_away(rig, numbers):
    """the broker is killed and stays away for a while"""
    rig.broker.kill()
    last(rig, numbers, 5, 20)
    rig.broker.start()


@kind
def broker_frozen(rig, numbers):
    """SIGSTOP of the broker, whose connections stay open"""
    wait(numbers, 0, 1)
    rig.broker.freeze()
    last(rig, numbers, 1, 15)
    rig.broker.thaw()


@kind
def network_cut(rig, numbers):
    """the link between sensor and broker is down"""
    wait(numbers, 0, 1)
    run_ip("-n", rig.behind, "link", "set", "kb", "down")
    last(rig, numbers, 1, 15)
    run_ip("-n", rig.behind, "link", "set", "kb", "up")


@kind
def disk_full(rig, numbers):
    """the outbox's disk is full"""
    wait(numbers, 0, 1)
    filler = os.path.join(rig.sensor.disk, "filler")
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass
    last(rig, numbers, 1, 8)
    os.unlink(filler)
    rig.sensor.until(lambda m: m.one("telltale_outbox_works") == 1)


@kind
def clock_step(rig, numbers):
    """the wall clock is set, up to two hours forward or back"""
    wait(numbers, 0, 2)
    offset_ns = int(numbers.uniform(-7200, 7200) * 1e9)
    with open(rig.environment["TELLTALE_CLOCK_FILE"], "r+b") as file:
        file.write(struct.pack("<q", offset_ns))
    wait(numbers, 1, 4)


def plan(wanted, seed):
    """The faults of a run in a random order: wanted is {kind: how often}."""
    order = [name for name, count in wanted.items() for _ in range(count)]
    numbers = random.Random(seed)
    numbers.shuffle(order)
    return order, numbers
