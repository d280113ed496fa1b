"""lesson.start and its companions, as a cell uses them."""

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import openai
import ordinary
import pytest
from small_answer import small_answer
from standin_stub import CHAT, Stub

from helpers import lesson
from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import Recordings
from helpers.proxy.server import Exchange
from helpers.setup import environment, settings

KEY = "-".join(["sk", "proj", "planted" + "0123456789" * 3])
ORIGIN = {"kind": "authored", "date": "2026-11-22", "basis": "test"}
REQUEST = {"model": "gpt-5.2", "messages": [{"role": "user", "content": "hi"}]}
RECORDED = {
    "model": "gpt-5.2",
    "messages": [
        {"role": "developer", "content": "Answer with one word and nothing else."},
        {"role": "user", "content": "What is the capital of France?"},
    ],
}
ANSWER = small_answer(tokens=(1000, 100))


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A fresh kernel's worth of state, with a recording for lesson 01."""
    for name in ("COURSE_MODE", "COURSE_UPSTREAM", "OPENAI_API_KEY", "OPENAI_BASE_URL", "COURSE_CAP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_RECORDINGS", str(tmp_path))
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "COURSE_UPSTREAM", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that what start sets is undone afterwards
    monkeypatch.setattr(lesson, "_server", None)
    monkeypatch.setattr(settings, "ROOT", tmp_path)  # no .env
    for name in ("_put", "_file"):
        monkeypatch.setattr(environment, name, {})
    request = {"method": "POST", "path": "/v1/chat/completions", "json": REQUEST}
    response = {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "elapsed_ms": 1,
        "json": ANSWER,
    }
    Recordings(tmp_path / "01").save({"request": request, "response": response, "origin": ORIGIN})
    yield monkeypatch
    if lesson._server:
        lesson._server.close()


def test_replay_is_the_default_without_a_key_and_the_banner_says_what_the_answers_are(kernel, capsys):
    lesson.start("01")
    banner = capsys.readouterr().out
    # 1,000 tokens in at $1.75 and 100 out at $14 per million
    assert "replay" in banner and "authored 2026-11-22" in banner and "with a key: under a cent" in banner
    assert banner.count("\n") == 2
    assert openai.OpenAI().chat.completions.create(**REQUEST).choices[0].message.content == "hello"


def test_a_note_follows_from_the_origin_of_the_answers_since_the_last(kernel, monkeypatch):
    def answered(cell, kind):
        monkeypatch.setattr(lesson.under_cell, "cell", cell)
        if kind:
            lesson._server.exchanges.append(Exchange({}, 0, 0.0, 200, source="recording", origin={"kind": kind}))
        return lesson.note()

    lesson.start("01")
    assert answered("one", None) == ""
    assert not lesson.authored()
    assert "do not measure the model" in answered("two", "authored")
    assert lesson.authored()
    assert answered("three", None) == ""  # it was said
    assert "do not measure" in answered("two", None)  # the cell is run again
    assert answered("four", "captured") == ""
    assert not lesson.authored()
    assert answered("five", "stand-in") == ""
    assert "do not measure" in answered("six", "authored")
    lesson.start("01")
    assert answered("two", None) == ""


def test_an_empty_note_shows_nothing(capsys):
    lesson.Note()._ipython_display_()
    assert capsys.readouterr().out == ""
    lesson.AUTHORED._ipython_display_()
    assert lesson.AUTHORED in capsys.readouterr().out


def test_a_client_made_before_a_second_start_goes_on_working(kernel):
    lesson.start("01")
    client = openai.OpenAI()
    client.chat.completions.create(**REQUEST)
    lesson.start("01")
    assert lesson.exchanges() == []
    assert client.chat.completions.create(**REQUEST).choices[0].message.content == "hello"


def test_a_key_makes_it_live_and_a_bad_key_is_named_without_being_shown(kernel, capsys):
    kernel.setenv("OPENAI_API_KEY", KEY)
    lesson.start("01")
    out = capsys.readouterr().out
    assert "\nlive: " in out and "$3.00" in out and KEY not in out
    assert lesson._server.upstream == lesson.OFFICIAL
    for bad, word in (
        (f'"{KEY}"', "quotation"),
        (KEY + " ", "space"),
        ("hello", "sk-"),
        (KEY[:12], "too short"),
    ):
        lesson._server.close()
        kernel.setattr(lesson, "_server", None)
        kernel.setenv("OPENAI_API_KEY", bad)
        lesson.start("01")
        out = capsys.readouterr().out
        assert "replay" in out and word in out and bad not in out


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("COURSE_MODE", "fast", "auto, replay"),
        ("COURSE_MODE", "live", "needs a key"),
        ("COURSE_MODE", "record", "needs a key"),
        ("COURSE_CAP", "much", "number"),
    ],
)
def test_bad_settings_are_one_sentence(kernel, name, value, words):
    kernel.setenv(name, value)
    with pytest.raises(lesson.CourseError, match=words):
        lesson.start("01")


def test_an_unknown_lesson(kernel):
    with pytest.raises(lesson.CourseError, match="no lesson '77'"):
        lesson.start("77")


def test_receipt_adds_up_and_says_that_nothing_was_spent(kernel):
    lesson.start("01")
    for _ in range(3):
        openai.OpenAI().chat.completions.create(**REQUEST)
    text = repr(lesson.receipt())
    assert "Nothing was spent" in text
    assert "3,000" in text and "300" in text and "$0.00945" in text


def test_the_receipt_and_the_log_tell_a_stand_in_from_recordings(kernel):
    there = Stub()
    try:
        kernel.setenv("COURSE_STANDIN_URL", there.url)
        lesson.start("01")
        for seed in (None, 7):
            openai.OpenAI().chat.completions.create(**REQUEST, seed=seed)
    finally:
        there.close()
    assert [exchange.source for exchange in lesson.exchanges()] == ["recording", "stand-in"]
    rows = {row[0]: row[1:4] for row in lesson.receipt().rows}
    assert rows["gpt-5.2"] == ["1", "1,000", "100"]
    assert rows[f"gpt-5.2, answered by {CHAT}"] == ["1", "11", "7"]
    assert "or a stand-in's" in repr(lesson.receipt())


def test_show_last_shows_the_same_request_three_ways(kernel, capsys):
    lesson.start("01")
    with pytest.raises(lesson.CourseError, match="Nothing was sent"):
        lesson.show_last()
    openai.OpenAI().chat.completions.create(**REQUEST)
    lesson.show_last()
    text = capsys.readouterr().out
    assert "client.chat.completions.create(" in text and "model='gpt-5.2'" in text
    assert "POST /v1/chat/completions HTTP/1.1" in text and "Bearer $OPENAI_API_KEY" in text
    assert "curl https://api.openai.com/v1/chat/completions" in text
    with pytest.raises(lesson.CourseError, match="python, http, curl"):
        lesson.show_last("java")


def test_faults_by_name_and_by_iterable(kernel):
    lesson.start("01")
    client = openai.OpenAI(max_retries=0)
    with lesson.faults("429", None, "500"):
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(**REQUEST)
        client.chat.completions.create(**REQUEST)
    client.chat.completions.create(**REQUEST)  # the rest of the plan ended with the block
    with lesson.faults(name for name in ["drop"]), pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(**REQUEST)
    with pytest.raises(lesson.CourseError, match="teapot"), lesson.faults("teapot"):
        pass


@pytest.mark.parametrize(("pace", "least", "most"), [("1", 0.2, 0.4), ("2", 0.4, 0.6), ("0", 0, 0.2)])
def test_recorded_time_gives_answers_their_time_back(kernel, tmp_path, pace, least, most):
    import time

    path = next((tmp_path / "01").glob("*.json"))
    recording = json.loads(path.read_text(encoding="utf-8"))
    recording["response"]["elapsed_ms"] = 400
    path.write_text(json.dumps(recording), encoding="utf-8")
    kernel.setenv("COURSE_PACE", pace)
    lesson.start("01")
    client = openai.OpenAI()
    client.chat.completions.create(**REQUEST)
    with lesson.recorded_time(0.5):
        began = time.perf_counter()
        client.chat.completions.create(**REQUEST)
        assert least <= time.perf_counter() - began < most


def test_pause_waits_for_the_real_api_alone(kernel):
    slept = []
    kernel.setattr(lesson.time, "sleep", slept.append)
    lesson.start("01")
    openai.OpenAI().chat.completions.create(**REQUEST)
    lesson.pause(10)
    for origin in (ORIGIN, None, {"kind": "captured", "date": "2026-11-22"}):
        lesson._server.exchanges.append(Exchange({}, 0, 0.0, source="live", origin=origin))
        lesson.pause(20)
    assert slept == [20]  # not in replay, not for an authored answer, not for an error of the course's own


def test_proxies_do_not_swallow_loopback(kernel):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        kernel.setenv(name, "http://127.0.0.1:9")
    kernel.setenv("NO_PROXY", "example.org")
    lesson.start("01")
    assert openai.OpenAI(max_retries=0).chat.completions.create(**REQUEST).choices[0].message.content == "hello"


def test_before_start_everything_says_run_the_set_up_cell(kernel):
    for function in (lesson.receipt, lesson.show_last, lesson.exchanges, lesson.last_request):
        with pytest.raises(lesson.CourseError, match="set-up cell"):
            function()


def test_direct_mode_bypasses_the_server(kernel, capsys):
    kernel.setenv("COURSE_MODE", "direct")
    lesson.start("01")
    assert "direct" in capsys.readouterr().out
    with pytest.raises(lesson.CourseError, match="direct mode"):
        lesson.receipt()
    kernel.setattr(lesson, "_direct", False)


def test_serve_by_itself_answers_a_stranger(kernel, tmp_path):
    import os
    import urllib.request

    environment = {**os.environ, "COURSE_MODE": "replay"}
    with subprocess.Popen(
        [sys.executable, "-m", "helpers.workshop.serve"],
        cwd=lesson.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert "1 recordings" in process.stdout.readline()
        url = process.stdout.readline().strip().removeprefix("export OPENAI_BASE_URL=")
        request = urllib.request.Request(
            f"{url}/chat/completions", json.dumps(REQUEST).encode(), {"Content-Type": "application/json"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert json.load(opener.open(request))["choices"][0]["message"]["content"] == "hello"
        process.terminate()


# --- what a start does to this machine's settings


def python(code, env, cwd=lesson.ROOT):
    """A process of its own, whose standard output it returns; the watch over the network is in it."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=os.environ | env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# As on Windows and macOS: where no variable speaks of proxies, the system is asked.
SYSTEM = """
import urllib.request
urllib.request.getproxies = lambda: urllib.request.getproxies_environment() or {"http": %r}
before = urllib.request.getproxies()
from helpers import lesson
lesson.start("01")
"""


@pytest.fixture
def proxy():
    """An HTTP proxy that answers everything itself and notes what was asked of it."""
    asked = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = b'{"object": "list", "data": []}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_address[1]}", asked=asked)
    server.shutdown()
    server.server_close()


def test_the_systems_proxy_is_kept_for_calls_for_other_code_and_for_children(proxy):
    code = (
        SYSTEM % proxy.url
        + """
import os, subprocess, sys, openai
from urllib.request import getproxies, proxy_bypass, urlopen
assert {**getproxies(), "no": ""} == {**before, "no": ""}, getproxies()
openai.OpenAI().models.list()
urlopen("http://other.invalid/mine").read()
child = "from urllib.request import urlopen; urlopen('http://child.invalid/too').read()"
subprocess.run([sys.executable, "-c", child], check=True)
lesson.start("01")  # and a second start changes nothing
assert {**getproxies(), "no": ""} == {**before, "no": ""}, getproxies()
assert proxy_bypass("127.0.0.1") and not proxy_bypass("other.invalid")
"""
    )
    upstream = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://api.upstream.invalid/v1", "COURSE_MODE": "live"}
    python(code, upstream)
    assert proxy.asked == [
        "http://api.upstream.invalid/v1/models",
        "http://other.invalid/mine",
        "http://child.invalid/too",
    ]


def test_in_replay_the_systems_proxy_gets_no_call_and_stays_for_other_code(proxy):
    code = (
        SYSTEM % proxy.url
        + f"""
import openai
from urllib.request import urlopen
openai.OpenAI().chat.completions.create(**{RECORDED})
urlopen("http://other.invalid/mine").read()
"""
    )
    python(code, {"COURSE_MODE": "replay"})
    assert proxy.asked == ["http://other.invalid/mine"]


@pytest.mark.parametrize("given", [{"HTTP_PROXY": "http://127.0.0.1:9"}, {"no_proxy": "a.example, b.example"}, {}])
def test_what_the_environment_says_of_proxies_is_left_as_it_is(given):
    code = """
import urllib.request
before = urllib.request.getproxies()
from helpers import lesson
lesson.start("01")
after = urllib.request.getproxies()
hosts = {part.strip() for part in after.pop("no").split(",")}
assert hosts == {part.strip() for part in before.pop("no", "").split(",") if part} | {"127.0.0.1", "localhost"}, hosts
assert after == before, after
"""
    python(code, {"COURSE_MODE": "replay"} | given)


NO_NAMES = """
import socket, sys
def watch(event, args):
    if event in ("socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        raise SystemExit(f"{event} {args}")
    if event == "socket.getaddrinfo" and args[0] not in (None, "127.0.0.1", b"127.0.0.1"):
        raise SystemExit(f"{event} {args}")
sys.addaudithook(watch)
"""


@pytest.mark.parametrize(
    "code",
    [
        """
import openai
from helpers import lesson
lesson.start("01")
openai.OpenAI().chat.completions.create(**{})
lesson.preflight(); lesson.receipt(); lesson.start("00")
""",
        "from helpers.workshop import serve; serve.open_server(None, 0)",
        "from helpers.workshop import record; from helpers.workshop.lessons import choose\n"
        "with record.fake_api(choose(['00'])[0]): pass",
        "from helpers.proxy.recordings import Recordings; from helpers.workshop.bench import serving\n"
        "serving(Recordings())",
    ],
    ids=["a lesson", "serve", "the fake API", "the bench"],
)
def test_nothing_in_replay_asks_for_a_name(code):
    python(NO_NAMES + code.replace("create(**{})", f"create(**{RECORDED})"), {"COURSE_MODE": "replay"})


@pytest.mark.parametrize("name", ["socket.getfqdn('127.0.0.1')", "socket.getaddrinfo('localhost', 80)"])
def test_the_watch_over_names_sees_them(name):
    with pytest.raises(AssertionError, match="socket.get"):
        python(NO_NAMES + name, {})


def test_serve_works_where_python_keeps_the_folder_off_its_path(tmp_path):
    """PYTHONSAFEPATH, which careful people set: the course is found because it is installed."""
    code = (
        "import runpy, sys; sys.argv = ['serve', '-h']; runpy.run_module('helpers.workshop.serve', run_name='__main__')"
    )
    assert "--port" in python(code, {"PYTHONSAFEPATH": "1"}, tmp_path)


# --- folders that take no files, really: as an ordinary user, which root becomes for it


@pytest.fixture
def read_only():
    """The course in a folder that an ordinary user may read and not write."""
    with ordinary.folder() as place:
        for name in ("helpers", "data/course", "data/recordings/01", "data/recordings/12"):
            shutil.copytree(lesson.ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        (place / "notebooks").mkdir()
        for name in ("requirements.txt", "helpers/requirements.txt"):
            shutil.copy(lesson.ROOT / name, place / name)
        folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        yield place
        for folder in folders:
            folder.chmod(0o755)


def run_in(place, code, **env):
    packages = os.pathsep.join([str(place), *(path for path in sys.path if path.endswith("site-packages"))])
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    env = inherited | {"PYTHONPATH": packages, "COURSE_MODE": "replay", "PYTHONDONTWRITEBYTECODE": "1"} | env
    done = ordinary.run("-c", code, cwd=place / "notebooks", env=env)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_course_that_cannot_be_written_to(read_only):
    code = """
from helpers import lesson
lesson.start("12")
folder = lesson.out()
(folder / "welcome.mp3").write_bytes(b"sound")
assert lesson.out() == folder
print([row[2:] for row in lesson.preflight().rows if row[0].startswith("Course folder")])
"""
    said = run_in(read_only, code, HOME=str(read_only)).stdout
    assert said.count("cannot be written to, so files of this lesson go to ") == 1
    assert "to fix" in said and "copy the course" in said


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
@pytest.mark.parametrize("home", ["/", "/nowhere", "read-only"])
def test_a_home_folder_that_takes_no_files_leaves_figures_without_warnings(read_only, home):
    code = """
from helpers import lesson, plots
lesson.start("01")
figure, plot = plots.axes("A", "b", "c")
assert plots.png(figure).startswith(b"\\x89PNG")
"""
    done = run_in(read_only, code, HOME=str(read_only) if home == "read-only" else home)
    assert done.stderr == ""


def test_the_report_says_which_lessons_a_stand_in_serves(kernel):
    """Beside a server that lists its models, as all of them do."""
    models = {"object": "list", "data": [{"id": "gemma4:e2b", "object": "model"}]}
    other = LoopbackServer(lambda handler: handler.send_json(200, models))
    other.start()
    kernel.setenv("COURSE_STANDIN_URL", other.url)

    def row():
        return next(row for row in lesson.preflight(network=False).rows if row[0] == "Stand-in")

    lesson.start("01")
    found = row()
    whole, partly = found[3].split("in part")
    assert found[1].startswith("gemma4:e2b") and found[2] == "fine"
    assert "01, 02" in whole and "08" in whole and "11" not in whole + partly  # images: no model server makes them
    assert "14" in partly and "12" in partly  # embeddings, and sound beside text
    models["data"].append({"id": "all-minilm:latest", "object": "model"})
    lesson._server.close()
    kernel.setattr(lesson, "_server", None)
    lesson.start("01")
    assert "14" in row()[3].split("in part")[0]
    other.close()
    kernel.setenv("COURSE_STANDIN_URL", "off")
    lesson._server.close()
    kernel.setattr(lesson, "_server", None)
    lesson.start("01")
    assert row()[1:3] == ["none", "not needed"]


@pytest.mark.parametrize("wish", ["text.usetex: True", "font.family: serif\ntext.usetex: True\nsavefig.format: svg"])
def test_figures_are_drawn_whatever_the_learners_matplotlib_asks_for(tmp_path, wish):
    """Where TeX is wished for and may be missing: what a lesson adds outside of the course's style, too."""
    (tmp_path / "matplotlibrc").write_text(wish, encoding="utf-8")
    code = """
import matplotlib
from helpers import plots
assert matplotlib.rcParams["text.usetex"]
figure, plot = plots.axes("50 % of $5", "x_1", "tokens & more")
plot.barh(["a_b", "c"], [1, 2], label="one_two")
plot.text(1, 1, "three_four %")
plot.legend()
import shutil, subprocess
subprocess.Popen = None  # nothing is started, TeX neither
assert plots.png(figure).startswith(b"\\x89PNG")
"""
    python(code, {"MATPLOTLIBRC": str(tmp_path)})
