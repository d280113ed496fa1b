"""Keeps Python processes off the network: only loopback may be named or reached.

Python imports a module of this name at its start from PYTHONPATH, so kernels and scripts that tests start
carry it too. What was tried is also written to the file that NETWORK_GUARD_LOG names: an error may be caught.
"""

import os
import socket
import sys

_NAMING = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
_REACHING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_OWN = {None, "", "localhost", "::1", "0.0.0.0", "::", socket.gethostname()}


def _host(event, args):
    """The host that an audited call is about; None when it is about none."""
    if event in _NAMING:
        return args[0][0] if isinstance(args[0], tuple) else args[0]
    connection, address = args[0], args[1]
    internet = connection.family in (socket.AF_INET, socket.AF_INET6)
    return address[0] if internet and isinstance(address, tuple) else None


def _watch(event, args):
    if event not in _NAMING and event not in _REACHING:
        return
    host = _host(event, args)
    host = host.decode(errors="replace") if isinstance(host, bytes) else host
    if host in _OWN or host.startswith(("127.", "::ffff:127.")):
        return
    if log := os.environ.get("NETWORK_GUARD_LOG"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{event} {host} in {' '.join(sys.argv[:2]) or sys.executable}\n")
    raise PermissionError(f"A test tried to reach {host}; tests stay on this machine.")


sys.addaudithook(_watch)
