"""Whether models, prices and links are still as the course says: `start.py fresh`, every week in CI.

Shutdown dates are read from the docstrings of the installed openai package, prices from the installed genai-prices.
The report is Markdown; the exit code is 1 when somebody has to act.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from .. import models, prices
from ..setup.files import COURSE, ROOT

SEEN = COURSE / "prices_seen.json"
WARN_DAYS = 60  # so long before its end a model must be replaced, or its lesson must teach the ending

_BLOCK = re.compile(r'Deprecated values:\n(.*?)"""', re.DOTALL)
_ISO = re.compile(r"shutdown date: (\d{4}-\d\d-\d\d)")
_WORDS = re.compile(r"(?:shut down|retired) on ([A-Z][a-z]+ \d{1,2}, \d{4})")


def endings(docstrings: str) -> dict[str, set[str]]:
    """Shutdown dates in source text of the SDK.

    Args:
        docstrings: text with lists that are headed "Deprecated values:".

    Returns:
        For each model the dates given for it, YYYY-MM-DD; more than one where the lists disagree.
    """
    found: dict[str, set[str]] = {}
    for block in _BLOCK.findall(docstrings):
        for item in re.split(r"^\s*- ", block, flags=re.MULTILINE)[1:]:
            item = " ".join(item.split())
            names = re.match(r'("[^"]+"(?:, )?)+', item)
            if names and (day := _day(item)):
                for name in re.findall(r'"([^"]+)"', names.group()):
                    found.setdefault(name, set()).add(day)
    return found


def _day(item: str) -> str | None:
    if iso := _ISO.search(item):
        return iso.group(1)
    if words := _WORDS.search(item):
        return datetime.strptime(words.group(1), "%B %d, %Y").date().isoformat()
    return None


def sdk_endings() -> dict[str, set[str]]:
    """Shutdown dates in the docstrings of the installed openai package, which is read and not imported."""
    folder = Path(str(distribution("openai").locate_file("openai/types")))
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    found = endings("\n".join(text for text in texts if "Deprecated values:" in text))
    if not found:
        raise RuntimeError(f"No deprecated values in {folder}: the SDK writes them otherwise now.")
    return found


def check_dates(table: Mapping[str, Any], announced: Mapping[str, set[str]]) -> list[str]:
    """Where the table and the SDK name different days for a model's end."""
    problems = []
    for name, entry in table["models"].items():
        days = announced.get(name, set())
        ours = entry["shutdown"]
        if days and days != {ours}:
            problems.append(
                f"`{name}`: the SDK says {' and '.join(sorted(days))}, data/course/models.json {ours or 'none'}."
            )
        elif not days and ours and entry["sources"]["status"] == "sdk":
            problems.append(f"`{name}`: data/course/models.json says {ours} and names the SDK, which gives no day now.")
    return problems


def check_roles(table: Mapping[str, Any], announced: Mapping[str, set[str]], today: date) -> list[str]:
    """Roles whose model ends soon or has ended, unless the course teaches that very ending."""
    problems = []
    for role, name in table["roles"].items():
        days = {*announced.get(name, ()), table["models"][name]["shutdown"]} - {None}
        if role in table["teaches_its_ending"] or not days:
            continue
        end = date.fromisoformat(min(days))
        if end <= today + timedelta(days=WARN_DAYS):
            left = (end - today).days
            when = f"ends on {end}, in {left} days" if left > 0 else f"has ended on {end}"
            problems.append(f"Role `{role}`: `{name}` {when}. Choose another model in data/course/models.json.")
    return problems


def prices_now() -> dict[str, dict[str, Any]]:
    """Prices of the models in the roles, by role, as the installed genai-prices has them."""
    return {role: {"model": name, "price": prices.price(name)} for role, name in models.ROLES.items()}


def check_prices(seen: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What changed since the prices were last accepted."""
    problems = []
    for role in sorted({*seen, *now}):
        before, after = seen.get(role), now.get(role)
        if before != after:
            problems.append(f"Role `{role}`: {_priced(before)} before, {_priced(after)} now.")
    return problems


def _priced(entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return "no model"
    listed = ", ".join(f"{key} {prices.usd(amount)}" for key, amount in (entry["price"] or {}).items())
    return f"`{entry['model']}` ({listed or 'price unknown'})"


def report(sections: Mapping[str, Iterable[str]], today: date) -> tuple[str, int]:
    """The report as Markdown, and the number of problems in it."""
    lines, count = [f"# Is the course still right? {today}", ""], 0
    for title, problems in sections.items():
        problems = list(problems)
        count += len(problems)
        lines += [f"## {title}", "", *([f"- {problem}" for problem in problems] or ["Nothing to do."]), ""]
    return "\n".join([*lines, f"**{count} to look at.**" if count else "**All is as it was.**", ""]), count


_LINK = re.compile(r"https?://[^\s<>\"'`\\)\]}]+")
_NOT_MEANT = re.compile(r"https?://(localhost|127\.|api\.openai\.com|([a-z]+\.)?example\.|[^/]*\{)")
SECONDS = 15  # for each try
GONE = (404, 410)  # any other status may mean only that the site wants a person with a browser


def links(root: Path) -> dict[str, set[str]]:
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


def broken_links(found: dict[str, set[str]]) -> list[str]:
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


def main(arguments: list[str] | None = None) -> int:
    """Prints the report. Returns 1 when there is something to look at."""
    parser = argparse.ArgumentParser(prog="start.py fresh", description=__doc__.partition("\n")[0])
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="YYYY-MM-DD")
    parser.add_argument("--accept", action="store_true", help="take today's prices as seen")
    parser.add_argument("--links", action="store_true", help="try every link of README and lessons, on the network")
    chosen = parser.parse_args(arguments)
    if chosen.accept:
        content = {"prices": prices.prices_date(), "accepted": str(chosen.today), "roles": prices_now()}
        SEEN.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")
    announced = sdk_endings()
    seen = json.loads(SEEN.read_text(encoding="utf-8"))
    sections = {
        "Models in use that end": check_roles(models.TABLE, announced, chosen.today),
        "Dates in data/course/models.json and in the SDK": check_dates(models.TABLE, announced),
        f"Prices against those accepted on {seen['accepted']}": check_prices(seen["roles"], prices_now()),
    }
    if chosen.links:
        sections["Links"] = broken_links(links(ROOT))
    text, count = report(sections, chosen.today)
    print(text)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
