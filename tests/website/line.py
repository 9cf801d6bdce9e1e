"""The line between a phone and its host: counts what goes over it, and can be cut, at once or after some bytes."""

from __future__ import annotations

import contextlib
import socket
import threading


class Line:
    """A TCP relay to 127.0.0.1:`port`. What it passes on is what a phone pays for."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.sent = 0
        self.cut_after: int | None = None
        self.open: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def is_cut(self) -> bool:
        return self.cut_after is not None and self.sent >= self.cut_after

    def cut(self, after: int = 0) -> None:
        """No byte more; or `after` some more, in the middle of whatever comes."""
        self.cut_after = self.sent + after
        if not after:
            self.hang_up()

    def mend(self) -> None:
        self.cut_after = None

    def accept(self) -> None:
        while True:
            try:
                phone, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                phone.close()
                continue
            host = socket.create_connection(("127.0.0.1", self.to))
            self.open += [phone, host]
            threading.Thread(target=self.relay, args=(phone, host, False), daemon=True).start()
            threading.Thread(target=self.relay, args=(host, phone, True), daemon=True).start()

    def relay(self, from_: socket.socket, to: socket.socket, counted: bool) -> None:
        try:
            while data := from_.recv(4096):
                if counted:
                    self.sent += len(data)
                if self.is_cut:
                    return self.hang_up()
                to.sendall(data)
        except OSError:
            pass
        finally:
            for end in (from_, to):
                end.close()
        return None

    def hang_up(self) -> None:
        for end in self.open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.clear()

    def close(self) -> None:
        self.listener.close()
        self.hang_up()
