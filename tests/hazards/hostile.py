"""Those who listen and those who misbehave, on loopback."""

from __future__ import annotations

import socket
import threading
import time


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
