"""Settings of a machine with which no client of the API can even be made, although replay needs none of them."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

_PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")


def clear() -> list[str]:
    """Takes them out of this process's environment: proxies that httpx2 cannot speak to, certificates that are gone.

    Returns:
        the names of the variables that were taken out.
    """
    gone = [name for name, value in os.environ.items() if name.upper() in _PROXIES and not _proxy_works(value)]
    certificates = os.environ.get("SSL_CERT_FILE")
    if certificates and not Path(certificates).is_file():
        gone.append("SSL_CERT_FILE")
    for name in gone:
        del os.environ[name]
    return gone


def _proxy_works(address: str) -> bool:
    scheme = address.strip().partition("://")[0].lower() if "://" in address else "http"
    if scheme in ("socks5", "socks5h"):
        return importlib.util.find_spec("socksio") is not None
    return scheme in ("http", "https")
