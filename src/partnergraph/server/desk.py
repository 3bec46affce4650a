"""Where requests are answered once: what was asked before is at hand, what is being asked is waited for together."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from partnergraph.server.pool import Delivery, Pool

# What is kept in all; a single answer takes at most a part of it.
KEPT_BYTES = 64 * 2**20
KEPT_ANSWER = 4 * 2**20


class Desk:
    """Answers to jobs, from what is kept or from a pool; ``version`` is that of everything that answers depend on."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._kept: OrderedDict[str, Delivery] = OrderedDict()
        self._bytes = 0
        self._asked: dict[str, _Shared] = {}
        self.hits = 0

    def tag(self, job: Mapping[str, Any]) -> str:
        """What stays the same as long as the answer to the job does: the ETag, and the key under which it is kept."""
        text = json.dumps([self.version, job], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    async def answer(self, pool: Pool, job: dict[str, Any], seconds: float | None = None, *, keep: bool = True) -> Delivery:
        """The answer to a job; with ``keep`` the same for all who ask the same."""
        if not keep:
            return await pool.run(job, seconds)
        key = self.tag(job)
        if key in self._kept:
            self._kept.move_to_end(key)
            self.hits += 1
            return self._kept[key]
        # Whoever allows less time must not decide for the others.
        shared = self._asked.get(key) if seconds is None else None
        if shared is None:
            shared = _Shared(asyncio.get_running_loop().create_task(pool.run(job, seconds)))
            if seconds is None:
                self._asked[key] = shared
                shared.task.add_done_callback(lambda _: self._asked.pop(key, None))
        delivery = await shared.wait()
        self._keep(key, delivery)
        return delivery

    def _keep(self, key: str, delivery: Delivery) -> None:
        if delivery.file is not None or len(delivery.body) > KEPT_ANSWER or key in self._kept:
            return
        self._kept[key] = delivery
        self._bytes += len(delivery.body)
        while self._bytes > KEPT_BYTES:
            _, old = self._kept.popitem(last=False)
            self._bytes -= len(old.body)


class _Shared:
    """A job that several wait for; when none does any more, it is given up."""

    def __init__(self, task: asyncio.Task[Delivery]) -> None:
        self.task = task
        self._waiting = 0

    async def wait(self) -> Delivery:
        self._waiting += 1
        try:
            return await asyncio.shield(self.task)
        finally:
            self._waiting -= 1
            if not self._waiting and not self.task.done():
                self.task.cancel()
