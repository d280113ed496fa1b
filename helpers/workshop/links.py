"""External links of README and lessons, and whether they still lead somewhere. Uses the network; no test runs it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_LINK = re.compile(r"https?://[^\s<>\"'`\\)\]}]+")
_NOT_MEANT = re.compile(r"https?://(localhost|127\.|api\.openai\.com|([a-z]+\.)?example\.|[^/]*\{)")
SECONDS = 15  # for each try
GONE = (404, 410)  # any other status may mean only that the site wants a person with a browser


def collect(root: Path) -> dict[str, set[str]]:
    """Links of README.md and notebooks/source, each with the files that have it.

    Args:
        root: folder of the repository.
    """
    found: dict[str, set[str]] = {}
    for path in [root / "README.md", *sorted((root / "notebooks" / "source").glob("*.py"))]:
        for link in _LINK.findall(path.read_text(encoding="utf-8")):
            link = link.rstrip(".,;:!?*").partition("#")[0]
            if not _NOT_MEANT.match(link):
                found.setdefault(link, set()).add(path.name)
    return found


def broken(found: dict[str, set[str]]) -> list[str]:
    """Tries every link, eight at a time; returns a line for each that leads nowhere."""
    with ThreadPoolExecutor(8) as pool:
        faults = dict(zip(found, pool.map(_fault, found), strict=True))
    return [f"{link} ({', '.join(sorted(found[link]))}): {fault}" for link, fault in faults.items() if fault]


def _fault(link: str) -> str | None:
    """What is wrong with a link; a site that does not like HEAD is asked with GET."""
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(link, method=method, headers={"User-Agent": "Mozilla/5.0 (link check)"})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):
                return None
        except urllib.error.HTTPError as error:
            if method == "GET":
                return f"HTTP {error.code}" if error.code in GONE else None
        except (OSError, ValueError) as error:
            if method == "GET":
                return str(getattr(error, "reason", error))
    return None
