"""JupyterLab in a real Chromium: a notebook is run there, and the controls in its outputs are moved.

Playwright drives the Chromium of the system. Notebooks, helpers and data are copied, and JupyterLab's settings
are new, so nothing of the project, or of the person who runs the tests, is touched.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ...setup.files import ROOT

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"]
SETTINGS = {
    # No question about news, no look for updates.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # All cells stay in the page, also those out of sight.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # Light or dark as the system asks for.
    "apputils-extension/themes": {"adaptive-theme": True},
}
_BAD = "application/vnd.jupyter.error", "application/vnd.jupyter.stderr"
# Of every code cell its number, None while it has none, and what it says that is bad. Folded cells show neither.
_STATE = """bad => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code').map(cell => ({
    count: cell.model.executionCount, begun: cell.model.executionState === 'running' || cell.model.executionCount,
    bad: cell.model.outputs.toJSON().flatMap(output =>
        output.output_type === 'error' ? [[bad[0], output.traceback.join('\\n')]] :
        output.name === 'stderr' ? [[bad[1], [output.text].flat().join('')]] : []) }))"""
# Nothing is asked about changes that were not saved.
_CLOSE = """async () => {
    await jupyterapp.restored;
    for (const shown of [...jupyterapp.shell.widgets('main')]) {
        if (shown.context) shown.context.model.dirty = false;
        shown.close();
    }
}"""
_OPEN = "async what => { await jupyterapp.restored; await jupyterapp.commands.execute('docmanager:open', what) }"
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback never goes by a proxy


def chromium() -> str | None:
    """The Chromium to use: what the variable CHROMIUM names, else the first on the PATH; None without one."""
    return next(filter(None, map(shutil.which, [os.environ.get("CHROMIUM") or "", *NAMES])), None)


def what_is_missing() -> str | None:
    """What these tests need and this machine lacks, in a sentence; None when it has everything."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed (it is in tests/requirements.txt)"
    if chromium() is None:
        return f"Chromium is missing: none of {', '.join(NAMES)} is on the PATH, and CHROMIUM names none"
    return None


def require() -> None:
    """Skip the running test, by name, where something is missing; fail it where browser tests are required."""
    if missing := what_is_missing():
        required = os.environ.get("CI") or os.environ.get("COURSE_BROWSER") == "required"
        if required:
            pytest.fail(f"The browser tests are required here, and {missing}.")
        pytest.skip(f"Left out: {missing}.")


@dataclass
class Lab:
    """A running JupyterLab over copies of the project, and the browser page that shows it."""

    folder: Path  # of the copied notebooks
    url: str
    token: str
    page: Any = None  # a playwright Page
    console: list[str] = field(default_factory=list)  # errors that the page has written there

    def ask(self, path: str, method: str = "GET") -> Any:
        """The answer of Jupyter's REST API, decoded from JSON."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}{path}", method=method, headers=headers)
        with _direct.open(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def connected(self) -> bool:
        """Whether a kernel is idle and the page is connected to it (the page itself says so too early)."""
        kernels = [session["kernel"] for session in self.ask("/api/sessions")]
        return any(one["execution_state"] == "idle" and one["connections"] > 0 for one in kernels)


@contextmanager
def server(folder: Path) -> Generator[Lab]:
    """A JupyterLab over copies in `folder`, which is empty, still without a page; it ends with the block."""
    root = folder / "course"
    for name in ("notebooks", "helpers", "data"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    shutil.copy(ROOT / "requirements.txt", root)
    shutil.copy(ROOT / "README.md", root / "notebooks")
    shutil.copytree(ROOT / "data" / "course", root / "notebooks" / "data" / "course")  # its picture
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lab = Lab(root / "notebooks", f"http://127.0.0.1:{port}", secrets.token_hex(16))
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += [
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={lab.folder}",
        "--allow-root",
        "--LabApp.expose_app_in_browser=True",
    ]
    environment = {**_environment(folder, root), "JUPYTER_TOKEN": lab.token}
    log = folder / "lab.log"
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        until(lambda: process.poll() is not None or _is_up(lab), 90, "JupyterLab did not start")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield lab
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def page(lab: Lab) -> Generator[Lab]:
    """The JupyterLab with a page in Chromium, which ends with the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=arguments())
        lab.page = browser.new_page(viewport={"width": 1280, "height": 1100})
        lab.page.on("console", lambda line: lab.console.extend(_errors(line)))
        lab.page.on("pageerror", lambda error: lab.console.append(str(error)))
        try:
            yield lab
        finally:
            _end_kernels(lab)
            browser.close()


@contextmanager
def variables(lab: Lab, **values: str) -> Generator[None]:
    """Environment variables for the kernels that are started within the block."""
    file = lab.folder.parent.parent / "ipython" / "profile_default" / "startup" / "variables.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"__import__('os').environ.update({values!r})\n", encoding="utf-8", newline="\n")
    try:
        yield
    finally:
        file.unlink()


def open_(lab: Lab, name: str, viewer: str) -> None:
    """Show a file of `lab.folder` in the page, alone; kernels that run are ended.

    Args:
        viewer: JupyterLab's name for what shows it, such as "Notebook".
    """
    if lab.page.url == "about:blank":
        lab.page.goto(f"{lab.url}/lab?reset&token={lab.token}", wait_until="domcontentloaded")
        lab.page.wait_for_function("() => window.jupyterapp && jupyterapp.restored", timeout=60_000)
    lab.page.evaluate(_CLOSE)
    _end_kernels(lab)
    lab.page.evaluate(_OPEN, {"path": name, "factory": viewer})


def _errors(line: Any) -> list[str]:
    """A line of the console, with the address that it is about, if it is an error."""
    return [f"{line.text} ({line.location['url']})"] if line.type == "error" else []


def _end_kernels(lab: Lab) -> None:
    for session in lab.ask("/api/sessions"):
        lab.ask(f"/api/sessions/{session['id']}", "DELETE")


def run_all(lab: Lab, name: str, timeout: float = 120) -> Any:
    """Open the notebook `name` of `lab.folder` without its old outputs, run all cells, return its panel.

    Raises AssertionError when a cell fails or writes to stderr, unless the kept notebook says it does (a tag
    `raises-exception`, or stderr among its outputs), and when the cells are not through after `timeout` seconds.
    """
    path = lab.folder / name
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    allowed = [_allowed(cell) for cell in cells]
    for cell in cells:
        cell.update(outputs=[], execution_count=None)
    path.write_text(json.dumps(notebook), encoding="utf-8", newline="\n")
    open_(lab, name, "Notebook")
    panel = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.locator(".jp-CodeCell").first.wait_for(timeout=60_000)
    until(lab.connected, 60, "the page was not connected to a kernel", pause=0.2)
    lab.page.evaluate("() => jupyterapp.commands.execute('notebook:expand-all-headings')")  # what goes deeper is folded

    def state() -> list[dict]:
        return lab.page.evaluate(_STATE, _BAD)

    def surprises() -> list[str]:
        found = []
        for number, (cell, fine) in enumerate(zip(state(), allowed, strict=True), 1):
            found += [f"code cell {number}: {text}" for kind, text in cell["bad"] if kind not in fine]
        return found

    def through() -> bool:
        return bool(surprises()) or all(cell["count"] for cell in state())

    for _ in range(5):
        lab.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        lab.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        if until(lambda: any(cell["begun"] for cell in state()), 3):
            break  # else the command was lost
    until(through, timeout, "not all cells were run", pause=0.5)
    until(lab.connected, timeout, "the kernel was still busy", pause=0.2)
    assert not surprises(), "\n".join(surprises())
    return panel


def look_as(page: Any, colours: str, width: int, height: int) -> None:
    """Show the page in "light" or "dark" colours in a window of so many CSS pixels; narrow, without the side bar."""
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": width, "height": height})
    side = page.locator("#jp-left-stack")
    if side.is_visible() != (width > 800):
        page.keyboard.press("Control+b")
    until(lambda: side.is_visible() == (width > 800), 5, "the side bar did not follow")
    shade = "() => getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim()"
    until(lambda: (page.evaluate(shade) in ("#111111", "#111", "black")) == (colours == "dark"), 10, "the theme stayed")


def until(condition: Callable[[], object], seconds: float, otherwise: str = "", pause: float = 0.05) -> bool:
    """Wait for a condition. After `seconds` returns False, or raises AssertionError where `otherwise` is given."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            assert not otherwise, f"{otherwise} after {seconds} seconds"
            return False
        time.sleep(pause)
    return True


def _allowed(cell: dict) -> set[str]:
    """Which bad outputs a cell is meant to have."""
    raises = "raises-exception" in cell["metadata"].get("tags", [])
    warns = any(output.get("name") == "stderr" for output in cell["outputs"])
    return {kind for kind, fine in zip(_BAD, (raises, warns), strict=True) if fine}


def _is_up(lab: Lab) -> bool:
    try:
        return bool(lab.ask("/api/status"))
    except OSError:
        return False


def _environment(folder: Path, root: Path) -> dict[str, str]:
    """Settings of its own for JupyterLab, `helpers` from the copy, and the guard that keeps kernels offline."""
    for name, values in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8", newline="\n")
    own = {
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "jupyter",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": folder / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
        "IPYTHONDIR": folder / "ipython",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "guard"), str(root)]),
    }
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


def arguments() -> list[str]:
    """How Chromium is started: it speaks to nobody but this machine."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-proxy-server"]
    loopback = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox refuses to work for root
    return quiet + loopback + (["--no-sandbox"] if is_root else [])
