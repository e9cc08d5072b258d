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
        far = None
        while backends := list(self.backends):
            chosen = random.choice(backends)
            try:
                far = socket.create_connection(chosen, timeout=2)
                break
            except OSError:
                if chosen in self.backends:  # else the routes have changed since it was chosen: chosen anew
                    break
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
