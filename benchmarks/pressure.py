"""What a server is under pressure and at rest: how soon it says that it is well while strangers ask for cross products, its processes, its memory."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@dataclass
class Pressure:
    """What was seen while so many clients asked for cross products."""

    clients: int
    asked: int
    healthz_p50_ms: float
    healthz_most_ms: float
    processes_before: int
    processes_most: int
    statuses: dict[int, int]


def members(pid: int) -> set[int]:
    """A process and all that it and its children have started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if words[0] != "Z":
                parents[int(folder.name)] = int(words[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(pid: int) -> float:
    """The MiB that a process and its children take, what they share counted once."""
    total = 0
    for one in members(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def press(pid: int, port: int, clients: int = 200, seconds: float = 20) -> Pressure:
    """So many clients ask for cross products all the time; meanwhile /healthz is asked for, on a line of its own each time."""
    before, until = len(members(pid)), time.monotonic() + seconds
    # In a process of their own: what their threads wait for each other is not the server's.
    words = [sys.executable, "-m", "benchmarks.pressure", str(port), str(clients), str(seconds)]
    others = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    took, most = [], before
    while time.monotonic() < until:
        started = time.perf_counter()
        if _asked(port, "GET", "/healthz")[0] != http.client.OK:
            raise RuntimeError("/healthz has not answered 200")
        took.append(1000 * (time.perf_counter() - started))
        most = max(most, len(members(pid)))
        time.sleep(0.1)
    said, _ = others.communicate(timeout=180)
    took.sort()
    statuses = {int(status): count for status, count in json.loads(said).items()}
    return Pressure(clients, len(took), took[len(took) // 2], took[-1], before, most, dict(sorted(statuses.items())))


def strangers(port: int, clients: int, seconds: float) -> dict[int, int]:
    """How often which status came when so many clients ask for cross products, again as soon as ``Retry-After`` lets them."""
    until = time.monotonic() + seconds
    statuses: dict[int, int] = {}
    lock = threading.Lock()

    def stranger(number: int) -> None:
        count = 0
        while time.monotonic() < until:
            count += 1
            status, later = _asked(port, "POST", "/sparql", urlencode({"query": f"{CROSS}\n# {number} {count}"}))
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
            time.sleep(min(later, max(until - time.monotonic(), 0)))

    threads = [threading.Thread(target=stranger, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return statuses


def _asked(port: int, method: str, path: str, body: str | None = None) -> tuple[int, float]:
    """The status of one request, 0 where the line was cut, and after how many seconds one may ask again."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0, 1
    finally:
        line.close()
    return answer.status, float(answer.getheader("Retry-After") or 0)


if __name__ == "__main__":
    print(json.dumps(strangers(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
