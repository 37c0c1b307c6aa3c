#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The outbox on disks that fail, while a sensor runs: a file system that is full and then has room again, a disk that
returns I/O errors and then works, a file system that the kernel makes read-only. Capture goes on, one log line says when
the fault begins and one when it ends, and every event that was stored is delivered. In a mount namespace of its own: needs
root, and for two of the three loop devices."""
import os
import shutil
import signal
import subprocess
import sys
import time

from outputs import at
from run import check_end, check_events, config
from sensor_runs import Checks, events_in, scratch, skip, start
from service_runs import Service, check_identities

IN_NAMESPACE = "TELLTALE_MOUNT_NAMESPACE"
MIB = 1 << 20


def enter_namespace():
    """Starts itself again where mounts concern nobody else."""
    if os.environ.get(IN_NAMESPACE):
        return
    if os.geteuid() != 0 or not shutil.which("unshare") or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        skip("mounting needs root and unshare")
    os.execvpe("unshare", ["unshare", "-m", sys.executable, *sys.argv], {**os.environ, IN_NAMESPACE: "1"})


def mounted(*arguments):
    return subprocess.run(["mount", *arguments], check=False, stderr=subprocess.DEVNULL).returncode == 0


def fill(folder, leave):
    """Takes all room but `leave` bytes; returns the file that has it."""
    ballast = os.path.join(folder, "ballast")
    state = os.statvfs(folder)
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, state.f_bavail * state.f_frsize - leave))
    return ballast


class Run:
    """A sensor whose outbox is on the disk that fails, and whose reader is an events' file on another."""

    def __init__(self, programs, checks, folder, name, disk):
        self.programs, self.checks, self.name = programs, checks, name
        self.capture, self.truth = programs.generate(folder, "office-day", seed=4, packets=20_000)
        self.told, self.store = os.path.join(folder, f"{name}.events"), os.path.join(disk, "outbox.db")
        self.config = config(folder, self.capture, f"sensor_id: s1\nevents: {self.told}\nstore: {{path: {self.store}}}\n"
                                                   "service: {health_interval: 1s}\n", f"{name}.yaml")
        self.service = Service(programs, self.config)

    def analysed(self):
        """Capture goes on, whatever the disk does."""
        metrics = self.service.until(lambda m: m.sum("telltale_packets_analysed_total") == self.truth["frames"])
        self.checks.equal(metrics.sum("telltale_packets_analysed_total"), self.truth["frames"], f"{self.name}: packets")
        return metrics

    def check_broken(self, causes):
        metrics = self.service.until(lambda m: m.one("telltale_outbox_works") == 0)
        self.checks.equal(metrics.one("telltale_outbox_works"), 0, f"{self.name}: the fault is seen")
        metrics = self.analysed()
        seen = {cause for cause in ("disk_full", "io_error", "read_only", "other")
                if metrics.one("telltale_outbox_failures_total", cause=cause)}
        self.checks.that(seen and seen <= causes, f"{self.name}: causes {seen}, expected {causes}")
        check_identities(self.checks, self.name, metrics)
        time.sleep(2)
        self.check_lines(1, 0)

    def check_works(self):
        metrics = self.service.until(lambda m: m.one("telltale_outbox_works") == 1 and
                                     m.one("telltale_outbox_uncommitted_events") == 0)
        self.checks.equal(metrics.one("telltale_outbox_works"), 1, f"{self.name}: it works again")
        check_identities(self.checks, self.name, metrics)
        self.check_lines(1, 1)

    def check_lines(self, begun, ended):
        self.service.read_log()
        lines = [line for line in self.service.err.splitlines() if "outbox:" in line]
        self.checks.equal((sum("again" not in line for line in lines), sum("again" in line for line in lines)),
                          (begun, ended), f"{self.name}: lines at the begin and the end of the fault: {lines}")

    def check_stored(self, repeats=0):
        """The kept events have no gap, and all have reached the reader: once, but for `repeats` that a kill allows."""
        done = self.programs.run("events", "--store", self.store, "--limit", "0", "--format", "json")
        self.checks.equal((done.status, done.err), (0, ""), f"{self.name}: events")
        path = self.told + ".kept"
        with open(path, "wb") as file:
            file.write(done.out)
        kept, told = events_in(path), events_in(self.told)
        check_events(self.checks, self.name, kept)
        ids = [at(event, "event.id") for event in told]
        self.checks.that(len(ids) - len(set(ids)) <= repeats, f"{self.name}: {len(ids) - len(set(ids))} delivered twice")
        self.checks.equal({at(event, "event.id") for event in kept} - set(ids), set(), f"{self.name}: all are delivered")
        self.checks.that(len(kept) > 500, f"{self.name}: {len(kept)} events")
        dropped = [name for event in kept for name in event["telltale"].get("health", {}) if name.startswith("drops.")]
        self.checks.equal(dropped, [], f"{self.name}: nothing had to be dropped")


def check_full(programs, checks, folder, disk):
    if not mounted("-t", "tmpfs", "-o", "size=24m", "tmpfs", disk):
        skip("a tmpfs cannot be mounted")
    ballast = fill(disk, 2 * MIB)
    run = Run(programs, checks, folder, "full", disk)
    run.check_broken({"disk_full", "io_error"})
    os.remove(ballast)
    run.check_works()
    check_end(checks, "full", *run.service.end())
    run.check_stored()


def loop_disk(folder, name, size, options="defaults"):
    """A small ext4 in a file, mounted by a loop device; None without such devices."""
    image, disk = os.path.join(folder, name + ".image"), os.path.join(folder, name)
    os.mkdir(disk)
    with open(image, "wb") as file:
        file.truncate(size)
    mkfs = shutil.which("mkfs.ext4") or "/usr/sbin/mkfs.ext4"
    made = os.path.exists(mkfs) and subprocess.run(
        [mkfs, "-q", "-O", "^has_journal", image], check=False, capture_output=True).returncode == 0
    return (image, disk) if made and mounted("-o", f"loop,{options}", image, disk) else (None, None)


def check_io_errors(programs, checks, folder, disk):
    """The file behind the disk finds no room: writes fail as on a broken disk, and work again later."""
    if not mounted("-t", "tmpfs", "-o", "size=96m", "tmpfs", disk):
        return
    _, mount = loop_disk(disk, "loop", 64 * MIB)
    if not mount:
        print("skipped I/O errors, which need loop devices and mkfs.ext4")
        return
    ballast = fill(disk, 2 * MIB)
    run = Run(programs, checks, folder, "io", mount)
    run.check_broken({"io_error"})
    os.remove(ballast)
    run.check_works()
    check_end(checks, "io", *run.service.end())
    run.check_stored()


def check_read_only(programs, checks, folder, disk):
    """The kernel does this after an error. The disk has to be mounted anew, so the sensor is started again."""
    image, mount = loop_disk(disk, "errors", 64 * MIB, "errors=remount-ro")
    if not mount:
        print("skipped a read-only disk, which needs loop devices and mkfs.ext4")
        return
    device = subprocess.run(["findmnt", "-no", "SOURCE", mount], check=True, capture_output=True, text=True).stdout.strip()
    trigger = f"/sys/fs/ext4/{os.path.basename(device)}/trigger_fs_error"
    run = Run(programs, checks, folder, "read-only", mount)
    run.analysed()
    time.sleep(3)  # so that the reader's places are written, too
    with open(trigger, "w", encoding="ascii") as file:
        file.write("1")
    run.check_broken({"io_error", "read_only"})
    run.service.end(signal.SIGKILL)
    for command in (["umount", mount], ["e2fsck", "-fp", image], ["mount", "-o", "loop", image, mount]):
        subprocess.run(command, check=False, capture_output=True)
    # Events accepted during the fault are gone with the process: they were never stored.
    service = Service(programs, run.config)
    service.until(lambda m: m.sum("telltale_packets_analysed_total") == run.truth["frames"])
    check_end(checks, "read-only, after it", *service.end())
    run.check_stored(repeats=50)


def main():
    enter_namespace()
    programs, checks = start(__doc__), Checks()
    with scratch() as folder:
        try:
            for check in (check_full, check_io_errors, check_read_only):
                disk = os.path.join(folder, check.__name__)
                os.mkdir(disk)
                check(programs, checks, folder, disk)
        finally:
            with open("/proc/mounts", encoding="utf-8") as mounts:
                ours = [line.split()[1] for line in mounts if line.split()[1].startswith(folder)]
            for mount in reversed(ours):
                subprocess.run(["umount", "-l", mount], check=False)
    checks.finish()


if __name__ == "__main__":
    main()
