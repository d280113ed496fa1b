"""What this machine's environment does to clients of the API: tries the SDK's own, and sets aside what breaks it."""

from __future__ import annotations

import os
import re
import ssl
import sys
import urllib.request
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import environment
from .causes import say
from .errors import CourseError

LOOPBACK = ("127.0.0.1", "localhost")
# What the SDK and its HTTP library read, and OpenSSL below them.
_READ = re.compile(r"OPENAI_(?!API_KEY$|BASE_URL$)\w+|\w+_PROXY|SSL\w*|OPENSSL_\w+", re.IGNORECASE)


def sdk() -> Any:
    """The package openai, imported.

    Raises:
        CourseError: it cannot be imported, or it is not the version that is installed; the message says what is in
            the way.
    """
    try:
        import openai
    except Exception as error:  # somebody's own module in its way may fail in any manner
        if own := shadowed():
            raise CourseError(say("A file of yours has the name of a package", where=own, name=own.stem)) from None
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(say("A package cannot be imported", name="openai", reason=reason)) from None
    where = Path(openai.__file__).parent.parent
    if openai.__version__ != (wanted := version("openai")) or openai.__version__.split(".")[0] < "3":
        facts = {"version": openai.__version__, "where": where, "wanted": wanted}
        raise CourseError(say("Another version of the SDK is in front", **facts))
    return openai


def shadowed() -> Path | None:
    """A file of the learner's that was imported in the place of a module of the standard library; None without."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name in sys.stdlib_module_names and file and Path(file).parent == Path.cwd():
            return Path(file)
    return None


def spare_loopback() -> None:
    """Keeps clients from sending calls to this machine through a proxy, and changes nothing else for them.

    Where no variable names a proxy, Python asks the system (Windows, macOS), but not once NO_PROXY is set: so what the
    system says is written into variables first.
    """
    others: list[str] = []
    if not urllib.request.getproxies_environment() and (system := urllib.request.getproxies()):
        for scheme, address in system.items():
            environment.put(f"{scheme.upper()}_PROXY", address)
        others = _exceptions()
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host.strip() for host in os.environ.get(name, "").split(",") if host.strip()]
        environment.put(name, ",".join(dict.fromkeys([*hosts, *others, *LOOPBACK])))


def _exceptions() -> list[str]:
    """Hosts that the system's proxy settings leave out, as NO_PROXY writes them."""
    try:
        if sys.platform == "darwin":
            import _scproxy

            hosts = _scproxy._get_proxy_settings().get("exceptions", ())
        elif sys.platform == "win32":
            import winreg

            place = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as settings:
                hosts = winreg.QueryValueEx(settings, "ProxyOverride")[0].split(";")
        else:
            hosts = ()
    except OSError:  # no such setting
        hosts = ()
    return [host.removeprefix("*") for host in hosts if host and "<" not in host]


def clear(address: str) -> list[str]:
    """Tries the SDK's client on a server that answers, and takes out of the environment what breaks it.

    Args:
        address: a base URL on this machine where every GET is answered with JSON.

    Returns:
        the names of the variables that were taken out. Their values may hold passwords and are shown nowhere.

    Raises:
        CourseError: see `sdk`; or the client fails whatever the environment says.
    """
    openai = sdk()
    if not _failure(openai, address):
        return []
    suspects = {name: os.environ.pop(name) for name in list(os.environ) if _READ.fullmatch(name)}
    os.environ["NO_PROXY"] = ",".join(LOOPBACK)
    if reason := _failure(openai, address):
        os.environ |= suspects
        raise CourseError(say("The SDK's client cannot be made", reason=reason))
    culprits = []
    for name, value in suspects.items():
        before = os.environ.get(name)
        os.environ[name] = value
        if _failure(openai, address):
            environment.put(name, before)
            culprits.append(name)
    return culprits


def _failure(openai: Any, address: str) -> str:
    """The class of the error that a call ends in; "" when it arrives. The error's own text may hold a password."""
    try:
        with openai.OpenAI(base_url=address, api_key="none", max_retries=0, timeout=5) as client:
            client.get("/", cast_to=object)
    except Exception as error:  # a value of the environment may break the client in any manner
        return type(error).__name__
    return ""


def distrusts_certificate(error: BaseException) -> bool:
    """Whether an error goes back to a certificate that this machine does not trust."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes)
