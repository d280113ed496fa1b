"""`start.py bench`: how fast the house is, as ratios measured in one run. Fails when a bound is broken."""

from __future__ import annotations

import ast
import asyncio
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import nbformat
import numpy as np
import openai
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from ..proxy.http import Handler, LoopbackServer
from ..proxy.recordings import Recordings, request_key
from ..proxy.server import CourseServer
from ..setup.files import ROOT
from ..tables import Table
from .lessons import Lesson, written_lessons
from .notebooks import verify
from .notebooks.kernel import Kernel

ORIGIN = {"kind": "authored", "date": "2026-11-22", "basis": "made by the benchmark"}
ANSWER = {
    "id": "chatcmpl-0",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10},
}


def body(number: int) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": f"question {number}"}]}


def save(recordings: Recordings, json_body: dict[str, Any], **response: Any) -> None:
    request = {"method": "POST", "path": "/v1/chat/completions", "json": json_body}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "elapsed_ms": 0, **response}
    recordings.save({"request": request, "response": response, "origin": ORIGIN})


def serving(recordings: Recordings) -> CourseServer:
    server = CourseServer("replay", "http://127.0.0.1:9/v1", pace=0)
    server.begin(recordings)
    server.start()
    return server


def per_call(*calls: Callable[[], Any], times: int = 300, warm: int = 10) -> list[float]:
    """Median seconds of each call, after a warm-up; the calls take turns, so that load meets all of them."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(times + warm):
        for call, seconds in zip(calls, taken, strict=True):
            began = time.perf_counter()
            call()
            if number >= warm:
                seconds.append(time.perf_counter() - began)
    return [statistics.median(seconds) for seconds in taken]


def replayed_call(folder: Path) -> list[list[Any]]:
    """A chat call through the SDK, against the same bytes through a bare HTTP client and through a cassette."""
    import vcr

    recordings = Recordings(folder)
    for number in range(50):
        save(recordings, body(number), json=ANSWER)
    server = serving(recordings)
    client = openai.OpenAI(base_url=server.url + "/v1", api_key="k", max_retries=0)
    bare = httpx2.Client()
    url = server.url + "/v1/chat/completions"
    ours, raw = per_call(
        lambda: client.chat.completions.create(**body(49)), lambda: bare.post(url, json=body(49)).json()
    )
    with vcr.use_cassette(
        str(folder / "cassette.yaml"),
        record_mode="new_episodes",
        match_on=("method", "uri", "body"),
        allow_playback_repeats=True,
    ):
        for number in range(50):
            client.chat.completions.create(**body(number))
    with vcr.use_cassette(
        str(folder / "cassette.yaml"),
        record_mode="none",
        match_on=("method", "uri", "body"),
        allow_playback_repeats=True,
    ):
        [cassette] = per_call(lambda: client.chat.completions.create(**body(49)), times=60)
    server.close()
    return [
        [
            "replayed chat call / bare httpx2 call",
            f"{ours * 1e3:.2f} ms / {raw * 1e3:.2f} ms",
            ours / raw,
            2.3,
        ],
        [
            "replayed chat call / vcrpy, 50 exchanges",
            f"{ours * 1e3:.2f} ms / {cassette * 1e3:.2f} ms",
            ours / cassette,
            0.25,
        ],
    ]


def lookup(folder: Path) -> list[list[Any]]:
    """Finding one recording among ten and among ten thousand."""
    few, many = Recordings(folder / "few"), Recordings(folder / "many")
    for number in range(10):
        save(few, body(number), json=ANSWER)
    text = next((folder / "few").iterdir()).read_text(encoding="utf-8")
    for number in range(10_000):  # the same content under ten thousand names: only the lookup is measured
        request = {"method": "POST", "path": "/v1/chat/completions", "json": body(number)}
        (folder / "many").mkdir(exist_ok=True)
        (folder / "many" / f"question.{request_key(request)}.1.json").write_text(text, encoding="utf-8")
    request = {"method": "POST", "path": "/v1/chat/completions", "json": body(5)}
    few, many = Recordings(folder / "few"), Recordings(folder / "many")
    assert len(many) == 10_000 and many.next(request) is not None
    ten, thousands = per_call(lambda: few.next(request), lambda: many.next(request), times=10_000)
    return [
        [
            "lookup among 10,000 / among 10",
            f"{thousands * 1e6:.1f} µs / {ten * 1e6:.1f} µs",
            thousands / ten,
            1.1,
        ]
    ]


def stream(folder: Path) -> list[list[Any]]:
    """Two hundred events through the SDK, against one answer that is not streamed."""
    recordings = Recordings(folder)
    delta = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    events = [[n, {**delta, "choices": [{"index": 0, "delta": {"content": "w "}}]}] for n in range(200)] + [
        [200, "[DONE]"]
    ]
    save(recordings, {**body(0), "stream": True}, events=events)
    save(recordings, body(0), json=ANSWER)
    server = serving(recordings)
    client = openai.OpenAI(base_url=server.url + "/v1", api_key="k", max_retries=0)
    whole, streamed = per_call(
        lambda: client.chat.completions.create(**body(0)),
        lambda: list(client.chat.completions.create(**body(0), stream=True)),
        times=30,
    )
    server.close()
    return [
        [
            "200 streamed events / one whole answer",
            f"{streamed * 1e3:.1f} ms / {whole * 1e3:.2f} ms",
            streamed / whole,
            None,
        ]
    ]


def pipe() -> list[list[Any]]:
    """Live calls through the server against the same calls without it, to an upstream on this machine."""

    rate = math.inf  # bytes a second that the upstream takes

    def upstream(handler: Handler) -> None:
        began, length = time.perf_counter(), int(handler.headers["Content-Length"])
        for at in range(0, length, 1 << 18):
            handler.rfile.read(min(1 << 18, length - at))
            time.sleep(max(began + at / rate - time.perf_counter(), 0))
        if not handler.path.endswith("speech"):
            handler.send_json(200, {"id": "file-0"})
            return
        handler.start_stream(200, {"content-type": "audio/mpeg"})
        for _ in range(5):
            handler.send(bytes(4000))
            time.sleep(0.05)
        handler.end_stream()

    api = LoopbackServer(upstream)
    api.start()
    server = CourseServer("live", api.url + "/v1")
    server.start()
    clients = [openai.OpenAI(base_url=url + "/v1", api_key="k", max_retries=0) for url in (api.url, server.url)]
    content = np.random.default_rng(1).bytes(25_000_000)

    def first_byte(client: openai.OpenAI) -> float:
        began = time.perf_counter()
        voice = {"model": "tts-1", "voice": "alloy", "input": "x"}
        with client.audio.speech.with_streaming_response.create(**voice) as sound:
            next(sound.iter_bytes())
            return time.perf_counter() - began

    def upload(client: openai.OpenAI) -> None:
        client.files.with_raw_response.create(file=("a.bin", content), purpose="user_data")

    waits = [statistics.median(first_byte(client) for _ in range(7)) * 1e3 for client in clients]
    rows = [["first byte of sound, later than without the server (ms)", f"{waits[1]:.1f} ms", waits[1] - waits[0], 50]]
    # Without a network a direct upload is two copies in memory, and ours at least four, a search and a SHA-256: that
    # ratio says nothing of an upload to the API, so there it is the time that counts.
    for network, rate in (("100 Mbit/s", 12.5e6), ("1 Gbit/s", 125e6), ("no network", math.inf)):
        times = 15 if rate > 1e8 else 2
        direct, through = per_call(lambda: upload(clients[0]), lambda: upload(clients[1]), times=times, warm=2)
        figures = f"{through * 1e3:.0f} ms / {direct * 1e3:.0f} ms"
        if math.isinf(rate):
            rows.append(["25 MB upload, no network, later than direct (ms)", figures, (through - direct) * 1e3, 85])
        else:
            rows.append([f"25 MB upload at {network} / direct", figures, through / direct, 1.5])
    for one in (server, api):
        one.close()
    return rows


def memory() -> list[list[Any]]:
    """What 20,000 calls leave behind in a server that `start.py serve` runs (Linux)."""
    server = CourseServer("replay", "http://127.0.0.1:9/v1", pace=0)
    server.begin(Recordings(), limit=1_000)
    server.start()

    def resident() -> float:
        pages = Path("/proc/self/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    url, before = server.url + "/v1/chat/completions", 0.0
    with httpx2.Client() as client:
        for number in range(22_000):
            if number == 2_000:
                before = resident()
            client.post(url, json=body(number))
    grown = resident() - before
    server.close()
    return [["memory after 20,000 further calls (MB)", f"{grown:.1f} MB with a log of 1,000", grown, 5]]


def faults() -> list[list[Any]]:
    """A thousand concurrent live calls with five retries, to an upstream that fails 30 % of the requests."""
    dice, served = random.Random(7), Counter()

    def upstream(handler: Handler) -> None:
        name, fate = json.loads(handler.read_body())["user"], dice.random()
        if fate < 0.1:
            handler.send_bytes(random.choice((429, 500)), b"{}", {"retry-after-ms": "1"})
        elif fate < 0.2:
            handler.hang_up()
        elif fate < 0.3:  # in mid-body: the upstream has worked, and the client has nothing
            handler.start(200, [("content-type", "application/json")], 1000)
            handler.send(b'{"id"')
            handler.hang_up()
        else:
            served[name] += 1
            handler.send_json(200, {**ANSWER, "id": name})

    async def everyone(url: str) -> int:
        async with openai.AsyncOpenAI(base_url=url + "/v1", api_key="k", max_retries=5, timeout=60) as client:
            calls = (client.chat.completions.create(**body(1), user=f"{number}") for number in range(1000))
            answers = await asyncio.gather(*calls, return_exceptions=True)
        return sum(getattr(answer, "id", None) != f"{number}" for number, answer in enumerate(answers))

    api = LoopbackServer(upstream)
    api.start()
    server = CourseServer("live", api.url + "/v1")
    server.start()
    found = []
    for url in (api.url, server.url):
        served.clear()
        began = time.perf_counter()
        lost = asyncio.run(everyone(url))
        found.append((lost, sum(count - 1 for count in served.values()), time.perf_counter() - began))
    for one in (server, api):
        one.close()
    (lost, doubled, _), (more_lost, more_doubled, took) = found
    figures = f"{took:.1f} s; without the server {lost} lost, {doubled} doubled; with it {more_lost} and {more_doubled}"
    return [  # six failures in a row happen to one call in 1,400
        ["1,000 calls, 30 % faults: lost beyond the direct calls", figures, max(more_lost - lost, 0), 3],
        ["1,000 calls, 30 % faults: doubled beyond the direct calls", figures, max(more_doubled - doubled, 0), 0],
    ]


def search() -> list[list[Any]]:
    """The ten nearest of a million vectors of 256 dimensions, against the bare matrix product; takes a gigabyte."""
    from ..recipes.search import top_k

    dice = np.random.default_rng(14)
    matrix = np.empty((1_000_000, 256), dtype=np.float32)
    dice.standard_normal(dtype=np.float32, out=matrix)
    query = matrix[0].copy()
    ours, bare = per_call(lambda: top_k(matrix, query, 10), lambda: matrix @ query, times=20)
    figures = f"{ours * 1e3:.0f} ms / {bare * 1e3:.0f} ms"
    return [["top 10 of 1,000,000 vectors / bare product", figures, ours / bare, 1.3]]


def slider() -> list[list[Any]]:
    """From setting a slider of the control panel to its new picture and texts, on the clock."""
    from ..demos import panel

    controls = panel.lab().controls
    taken = []
    for name in ("temperature", "top_p", "frequency_penalty", "presence_penalty", "n", "seed"):
        control = controls[name]
        first, step = control.value, (control.max - control.min) / 20
        for position in range(21):
            value = type(first)(control.min + position * step)
            if value != control.value:
                began = time.perf_counter()
                control.value = value
                taken.append(time.perf_counter() - began)
        control.value = first
    p95 = statistics.quantiles(taken, n=20)[-1] * 1e3
    figures = f"median {statistics.median(taken) * 1e3:.0f} ms over {len(taken)} moves"
    return [["slider to picture, 95th percentile (ms)", figures, p95, 100]]


def start_up() -> list[list[Any]]:
    """What lesson.start adds to importing the SDK, in fresh processes."""
    code = (
        "import time; t=time.perf_counter(); import openai; openai.OpenAI; u=time.perf_counter(); "
        "from helpers import lesson; lesson.start('01'); print(u-t, time.perf_counter()-u)"
    )
    environment = {**os.environ, "COURSE_MODE": "replay", "PYTHONPATH": str(ROOT)}
    measured = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        measured.append([float(figure) for figure in done.stdout.split()[-2:]])
    sdk, ours = (statistics.median(values) for values in zip(*measured, strict=True))
    return [["lesson.start on top of import openai (s)", f"{ours:.2f} s (import openai: {sdk:.2f} s)", ours, 0.3]]


def crowd(folder: Path) -> list[list[Any]]:
    """A thousand concurrent calls."""
    recordings = Recordings(folder)
    for number in range(1000):
        save(recordings, body(number), json={**ANSWER, "id": f"chatcmpl-{number}"})
    server = serving(recordings)

    async def everyone() -> list[str]:
        async with openai.AsyncOpenAI(base_url=server.url + "/v1", api_key="k", max_retries=0, timeout=60) as client:
            answers = await asyncio.gather(*(client.chat.completions.create(**body(number)) for number in range(1000)))
        return [answer.id for answer in answers]

    began = time.perf_counter()
    ids = asyncio.run(everyone())
    took = time.perf_counter() - began
    server.close()
    lost = 1000 - sum(got == f"chatcmpl-{number}" for number, got in enumerate(ids))
    return [["1,000 concurrent calls: lost", f"{took:.1f} s, {1000 / took:,.0f} calls a second", lost, 0]]


SETTINGS = {"COURSE_MODE": "replay", "COURSE_PACE": "0"}
FIRST = """
from openai import OpenAI
from helpers import lesson
from helpers.proxy.recordings import Recordings
lesson.start("01")
recorded = Recordings(lesson.ROOT / "data" / "recordings" / "01").all()
answered = [one["request"] for one in recorded if one["response"]["status"] == 200]
question = next(one["json"] for one in answered if one["path"] == "/v1/chat/completions")
OpenAI().chat.completions.create(**question)
"""


def lessons() -> list[list[Any]]:
    """Each lesson from its kernel's start to its last cell, beside a kernel that only starts and imports the same."""
    rows, bare_sum = [], 0.0
    for lesson in written_lessons():
        cells = [cell for cell in verify.read(lesson).cells if cell.cell_type == "code"]
        bare = _seconds(lesson, [cells[0], new_code_cell(imports(cells))])
        whole = _seconds(lesson, cells)
        bare_sum += bare
        figures = f"{whole / bare:.1f} times a kernel with its imports ({bare:.1f} s)"
        rows.append([f"lesson {lesson.number} (s)", figures, whole, 15])
    began = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "notebooks"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **SETTINGS}, check=True, stdout=subprocess.DEVNULL)
    run = time.perf_counter() - began
    figures = f"{run:.0f} s / {bare_sum:.0f} s"  # waits are the subject of lessons 05 to 07
    return [*rows, ["nbval of all on two processes / sum of bare kernels", figures, run / bare_sum, 1.8]]


def imports(cells: list[NotebookNode]) -> str:
    """The import statements of code cells, in their order."""
    found = []
    for cell in cells[1:]:  # the first finds the course
        tree = compile(cell.source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        found += [ast.unparse(part) for part in tree.body if isinstance(part, ast.Import | ast.ImportFrom)]
    return "\n".join(found)


def _seconds(lesson: Lesson, cells: list[NotebookNode]) -> float:
    began = time.perf_counter()
    with Kernel(lesson.notebook.parent, SETTINGS) as kernel:
        for cell in cells:
            kernel.run(cell, may_raise=True)
    return time.perf_counter() - began


def first_answer() -> list[list[Any]]:
    """From `git clone` to the first answer in a fresh process; the packages are there already."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        began = time.perf_counter()
        subprocess.run(["git", "clone", "-q", "--depth", "1", ROOT.as_uri(), course], check=True)
        cloned = time.perf_counter() - began
        command, settings = [sys.executable, "-c", FIRST], {**os.environ, **SETTINGS, "PYTHONPATH": str(course)}
        subprocess.run(command, cwd=course / "notebooks", env=settings, check=True, stdout=subprocess.DEVNULL)
        taken = time.perf_counter() - began
        size = sum(file.stat().st_size for file in course.rglob("*") if file.is_file()) / 1e6
        sent = sum(file.stat().st_size for file in (course / ".git").rglob("*.pack")) / 1e6
    figures = f"clone {cloned:.1f} s, from the local disk"
    return [
        ["clone to first answer, without installation (s)", figures, taken, 10],
        ["a shallow clone (MB)", f"{size:.1f} MB on disk", sent, 25],
    ]


def slider_in_the_browser() -> list[list[Any]]:
    """From a key on the first slider of the control panel to its new picture, in JupyterLab in Chromium."""
    from .browser import controls, driver  # these need pytest and playwright

    if missing := driver.what_is_missing():
        return [["slider to picture in the browser (ms)", f"left out: {missing}", float("nan"), None]]
    with tempfile.TemporaryDirectory() as folder, driver.server(Path(folder)) as lab, driver.page(lab):
        cells = [new_code_cell(source) for source in ("from helpers.demos import panel", "panel.lab()")]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=kernel), lab.folder / "panel.ipynb")
        [area] = controls.areas(driver.run_all(lab, "panel.ipynb"))
        handle, picture = controls.controls(area)[0].place, area.locator("img")
        taken = []
        for _ in range(20):
            before, began = picture.get_attribute("src"), time.perf_counter()
            handle.press("ArrowRight")
            driver.until(lambda before=before: picture.get_attribute("src") != before, 5, "the picture stood still")
            taken.append(time.perf_counter() - began)
    middle, slowest = sorted(taken)[10] * 1e3, max(taken) * 1e3
    return [["slider to picture in the browser (ms)", f"slowest of 20: {slowest:.0f} ms", middle, 250]]


def main() -> None:
    rows: list[list[Any]] = []
    with tempfile.TemporaryDirectory() as name:
        for part in (replayed_call, lookup, stream, crowd):
            folder = Path(name) / part.__name__
            folder.mkdir()
            print(f"measuring: {part.__name__.replace('_', ' ')} …", file=sys.stderr)
            rows += part(folder)
    for part in (pipe, memory, faults, slider, start_up, search, slider_in_the_browser, first_answer, lessons):
        print(f"measuring: {part.__name__.replace('_', ' ')} …", file=sys.stderr)
        rows += part()
    shown = [
        [
            what,
            figures,
            f"{value:.3g}",
            "" if bound is None else f"{bound:g}",
            "" if bound is None else "yes" if value <= bound else "NO",
        ]
        for what, figures, value, bound in rows
    ]
    print(
        Table(
            ["Measure", "Figures", "Value", "At most", "Holds"],
            shown,
            caption=f"Python {sys.version.split()[0]}, {os.cpu_count()} cores",
        )
    )
    if any(bound is not None and value > bound for _, _, value, bound in rows):
        raise SystemExit("A bound does not hold.")


if __name__ == "__main__":
    main()
