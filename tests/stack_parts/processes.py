# SPDX-License-Identifier: Apache-2.0
"""Processes that outlive the program which started them: their ids and start times are kept in a file, so that only
these are ended, and not others that got their ids later."""
import json
import os
import signal
import subprocess
import time

ENDS_WITHIN_S = 20


def start_time(pid):
    """When the process was started, in ticks since the boot; None: no such process, or one that has ended and nobody waited for."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


class Processes:
    """{name: [pid, start time]} in a file."""

    def __init__(self, path):
        self.path, self.known = path, {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.known = json.load(file)

    def save(self):
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(self.known, file)

    def start(self, name, command, log):
        """In a session of its own, with its output in a file."""
        with open(log, "ab") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        self.known[name] = [process.pid, start_time(process.pid)]
        self.save()
        return process

    def running(self):
        return [name for name, (pid, started) in self.known.items() if start_time(pid) == started]

    def end(self, name):
        """SIGTERM, then SIGKILL when it takes too long."""
        pid, started = self.known.get(name, (0, None))
        for number, seconds in ((signal.SIGTERM, ENDS_WITHIN_S), (signal.SIGKILL, 5)):
            if not pid or start_time(pid) != started:
                break
            os.kill(pid, number)
            latest = time.monotonic() + seconds
            while start_time(pid) == started and time.monotonic() < latest:
                time.sleep(0.05)
        self.known.pop(name, None)
        self.save()
