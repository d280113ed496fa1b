"""One environment for all tests and the processes they start: recorded answers, no key, no network."""

import contextlib
import importlib.util
import os
import signal
import tempfile
from collections import Counter
from pathlib import Path

import nbval.kernel
import pytest

TESTS = Path(__file__).resolve().parent
GUARD = TESTS / "guard"
WATCHED = "NETWORK_GUARD_LOG"

# What JupyterLab itself writes to the console of the browser -> why that is no fault of a lesson.
ON_THE_CONSOLE: dict[str, str] = {}

FIRST = WATCHED not in os.environ  # workers of pytest-xdist, and tests that run pytest, inherit what is set here

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so do jobs in the background, and every process they start
    signal.signal(signal.SIGINT, signal.default_int_handler)

if FIRST:
    if proxy := os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy"):
        os.environ.setdefault("PIP_PROXY", proxy)  # the tests that install packages need it; nothing else may
    for name in list(os.environ):
        if (
            name.upper().startswith(("OPENAI_", "COURSE_"))
            and name != "COURSE_BROWSER"
            or name.upper().endswith("_PROXY")
        ):
            del os.environ[name]
    off = {"COURSE_STANDIN_URL": "off", "COURSE_PROGRESS": "off"}
    os.environ |= {"COURSE_MODE": "replay", "COURSE_PACE": "0"} | off
    before = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
    os.environ["PYTHONPATH"] = os.pathsep.join([str(GUARD), *before])
    handle, os.environ[WATCHED] = tempfile.mkstemp(prefix="network-", suffix=".log")
    os.close(handle)

_spec = importlib.util.spec_from_file_location("network_guard", GUARD / "sitecustomize.py")
_spec.loader.exec_module(importlib.util.module_from_spec(_spec))  # this process has started without it


def pytest_configure():
    """A kernel of nbval that dies at its start is started again: two at once may have drawn the same port."""
    start = nbval.kernel.start_new_kernel

    def start_again(*args, **settings):
        for _ in range(2):
            with contextlib.suppress(RuntimeError):
                return start(*args, **settings)
        return start(*args, **settings)

    nbval.kernel.start_new_kernel = start_again


@pytest.fixture(scope="module", autouse=True)
def environment_left_as_found():
    """What a file of tests leaves in the environment, the next file on the same worker would meet."""
    before = dict(os.environ)
    yield
    changed = {name for name, value in before.items() ^ os.environ.items()} - {"PYTEST_CURRENT_TEST"}
    assert not changed, f"left changed: {sorted(changed)}"


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory):
    """One JupyterLab for all browser tests of a process, over copies of the lessons."""
    from helpers.workshop.browser import driver

    driver.require()
    with driver.server(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="module")
def page(jupyterlab):
    """Its page; a module's, since playwright's event loop is in the way of asyncio.run in other tests."""
    from helpers.workshop.browser import driver

    with driver.page(jupyterlab):
        yield


@pytest.fixture
def lab(jupyterlab, page):
    """JupyterLab in Chromium; a test that writes errors to the browser's console fails."""
    jupyterlab.console.clear()
    yield jupyterlab
    unexpected = [line for line in jupyterlab.console if not any(known in line for known in ON_THE_CONSOLE)]
    assert unexpected == [], "the page wrote this to the console"


# The slowest files, begun first, and into how many groups of tests each is dealt out.
SLOWEST = {
    "test_browser.py": 2,
    "test_colab.py": 1,
    "test_record.py": 2,
    "test_exercises.py": 3,
    "test_clients.py": 1,
    "test_accessibility.py": 1,
}


def pytest_collection_modifyitems(items):
    """The slowest files first: begun last, they would leave the other processes idle."""
    order = list(SLOWEST)
    items.sort(key=lambda item: order.index(item.path.name) if item.path.name in SLOWEST else len(order))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Runs a file in one process, as a notebook's cells must be, but the slowest side by side with themselves."""
    from xdist.scheduler import LoadFileScheduling

    class Dealt(LoadFileScheduling):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self._groups, self._seen = {}, Counter()

        def _split_scope(self, nodeid):
            if nodeid not in self._groups:
                file = super()._split_scope(nodeid)
                parts = SLOWEST.get(Path(file).name, 1)
                self._groups[nodeid] = f"{file}-{self._seen[file] % parts}"
                self._seen[file] += 1
            return self._groups[nodeid]

    return Dealt(config, log)


def pytest_terminal_summary(terminalreporter):
    """Says how many controls were pressed; every test that presses some records their number."""
    pressed = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        pressed.update({name: count for name, count in report.user_properties if name.startswith("controls")})
    for name, count in pressed.items():
        terminalreporter.write_line(f"{count} {name}")


def pytest_sessionfinish(session, exitstatus):
    """Fails a run in which any process tried to reach the network, even where the error was caught."""
    if not FIRST:
        return
    log = Path(os.environ[WATCHED])
    tried = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    log.unlink(missing_ok=True)
    if tried:
        session.exitstatus = 1
        print("\nTests tried to reach the network:", *sorted(set(tried)), sep="\n  ")
