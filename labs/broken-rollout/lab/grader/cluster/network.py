"""Services as addresses on the loopback: a connection is passed on to a pod that is ready, as kube-proxy does."""

import contextlib
import random
import socket
import threading


class Front:
    """One port of a Service. `backends` is replaced as a whole by whoever knows who is ready."""

    def __init__(self, address: str, port: int) -> None:
        self.backends: list[tuple[str, int]] = []
        self._listening = socket.create_server((address, port), backlog=128, reuse_port=False)
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while self._open:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        """As a connection is made, so it stays; where nobody is ready, or the pod is gone, it is refused."""
        backends = list(self.backends)
        try:
            far = socket.create_connection(random.choice(backends), timeout=2) if backends else None
        except OSError:
            far = None
        if far is None:
            near.close()
            return
        far.settimeout(None)
        threading.Thread(target=_copy, args=(near, far), daemon=True).start()
        _copy(far, near)

    def close(self) -> None:
        self._open = False
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while block := source.recv(65536):
            target.sendall(block)
    except OSError:
        pass
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        target.close()
