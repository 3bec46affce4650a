"""Those who listen and those who misbehave, on loopback."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable


class Listener:
    """Listens on loopback, counts the connections and hangs up."""

    def __init__(self) -> None:
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._server.settimeout(0.1)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._done.is_set():
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            self.calls += 1
            connection.close()

    def close(self) -> None:
        """Stops listening."""
        # What has been said by now is still heard.
        time.sleep(0.3)
        self._done.set()
        self._thread.join()
        self._server.close()


class Proxy:
    """Passes requests on to a port of loopback, one a connection, and does to one of them, or to all from it on, what it is told."""

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.seen = 0
        self._planned: tuple[int, str, bool, Callable[[], None] | None] = (10**9, "", False, None)
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._server.getsockname()[1]
        self._server.settimeout(0.1)
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def plan(self, number: int, fault: str, *, lasting: bool = False, call: Callable[[], None] | None = None) -> None:
        """Which request, counted from 0 over all that come, suffers what; ``lasting`` says that all later ones do, too."""
        self._planned = (number, fault, lasting, call)

    def close(self) -> None:
        """Stops, when all that is under way has ended."""
        self._done.set()
        self._accepting.join()
        for thread in self._threads:
            thread.join()
        self._server.close()

    def _accept(self) -> None:
        while not self._done.is_set():
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            number, fault, lasting, call = self._planned
            hit = self.seen == number or (lasting and self.seen > number)
            self.seen += 1
            thread = threading.Thread(target=self._serve, args=(connection, fault if hit else "", call))
            thread.start()
            self._threads.append(thread)

    def _serve(self, connection: socket.socket, fault: str, call: Callable[[], None] | None) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            if fault == "refuse":
                return
            request = read_message(connection)
            if fault.isdecimal():
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            if fault == "pretend":
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self.behind), timeout=10) as behind:
                if fault == "cut request":
                    behind.sendall(request[: len(request) - max((len(request) - request.index(b"\r\n\r\n")) // 2, 1)])
                    return
                behind.sendall(request)
                answer = b""
                while part := behind.recv(1 << 16):
                    answer += part
            if call is not None and fault == "call":
                call()
            if fault == "late":
                time.sleep(1.2)
            if fault != "lose answer":
                connection.sendall(answer[: len(answer) // 2] if fault == "cut answer" else answer)


def read_message(connection: socket.socket) -> bytes:
    """One request as it comes, to the end of its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(1 << 16)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    missing = int(found[1]) - len(body) if found else 0
    while missing > 0:
        part = connection.recv(min(missing, 1 << 16))
        if not part:
            break
        data += part
        missing -= len(part)
    return data


class RawServer:
    """A server that answers each connection with whatever ``answer`` sends on it."""

    def __init__(self, answer: Callable[[socket.socket, bytes], None]) -> None:
        self.answer = answer
        self.heard: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._server.settimeout(0.1)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/query"
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while not self._done.is_set():
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,))
            thread.start()
            self._threads.append(thread)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            request = read_message(connection)
            self.heard.append(request)
            self.answer(connection, request)

    def close(self) -> None:
        """Stops, when all that is under way has ended."""
        self._done.set()
        self._accepting.join()
        for thread in self._threads:
            thread.join()
        self._server.close()
