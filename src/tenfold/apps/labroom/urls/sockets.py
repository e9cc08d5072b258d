"""Addresses of sockets, for the application server. What is not named here is refused."""

from __future__ import annotations

from tenfold.apps.labroom.views.socket import lab_socket

SOCKETS = {"/lab-socket/": lab_socket}
