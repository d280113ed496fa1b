"""The rooms of `helpers` and their arrows: one way, and no circle."""

import ast
import graphlib
from pathlib import Path

import pytest

from helpers.setup.files import ROOT

HELPERS = ROOT / "helpers"

# From the bottom up: a room imports from its own floor and from those below it. Files of `helpers/` itself are named.
FLOORS = [
    {"tables"},
    {"setup"},
    {"models", "prices", "costs", "tokens", "retries", "plots", "minutes", "progress"},
    {"proxy"},
    {"lesson", "check", "widgets", "under_cell"},
    {"recipes"},
    {"demos"},
    {"exercises"},
    {"workshop"},
]
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor}


def modules(root: Path) -> dict[str, Path]:
    """Every module of the package under `root`, by its dotted name without the package's own."""
    found = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the package that one of its modules imports, inside of functions too."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = [part for part in package[: len(package) - node.level + 1] if part]
            elif (node.module or "").split(".")[0] == "helpers":
                base, node.module = [], node.module.partition(".")[2]
            else:
                continue
            base += (node.module or "").split(".") if node.module else []
            for alias in node.names:
                target = ".".join([*base, alias.name])
                found.add(target if target in known else ".".join(base))
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("helpers.")}
    return {target for target in found if target and target in known and target != name}


def graph(root: Path) -> dict[str, set[str]]:
    known = modules(root)
    return {name: imports(name, path, known) for name, path in known.items() if name}


def back_arrows(arrows: dict[str, set[str]]) -> list[str]:
    rooms = [(name, target) for name, targets in arrows.items() for target in targets]
    return sorted(
        f"{name} -> {target}"
        for name, target in rooms
        if FLOOR[name.partition(".")[0]] < FLOOR[target.partition(".")[0]]
    )


def test_every_room_has_a_floor_and_no_arrow_runs_up():
    arrows = graph(HELPERS)
    assert {name.partition(".")[0] for name in arrows} <= set(FLOOR)
    assert back_arrows(arrows) == []


def test_no_module_imports_itself_by_a_detour():
    list(graphlib.TopologicalSorter(graph(HELPERS)).static_order())  # raises CycleError, which names the circle


def test_a_back_arrow_and_a_circle_are_found(tmp_path):
    for name, text in {
        "__init__.py": "",
        "tables.py": "def show():\n    from .proxy import server\n",
        "proxy/__init__.py": "",
        "proxy/server.py": "from . import http\n",
        "proxy/http.py": "from helpers.proxy.server import serve\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    arrows = graph(tmp_path)
    assert back_arrows(arrows) == ["tables -> proxy.server"]
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter(arrows).static_order())
