"""Clients that are not the course's against its server: curl, the official JavaScript SDK, and the program `llm`.

Five more (litellm, langchain-openai, pydantic-ai, instructor, openai-agents) run directly, live, recorded and replayed.
The JavaScript SDK and the Python clients are installed into .cache by the tests themselves, pinned, and stay there;
that alone needs the network. A missing tool (curl, node, npm) leaves its tests out by name, and fails them where CI is
set. A registry that cannot be reached leaves them out by name in CI too: nothing in this repository could fix that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from exchanges import STAND_IN, exchanges, made, serve

from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import Recordings, request_key
from helpers.setup.files import ROOT

CLIENTS = ROOT / "tests" / "clients"
CACHE = ROOT / ".cache" / "clients"
LESSONS = sorted(path for path in (ROOT / "data" / "recordings").iterdir() if path.is_dir())
JAVASCRIPT = {22: "7.57.0", 0: "6.49.0"}  # from this Node on: the newest SDK that supports it
UNREACHABLE = re.compile(  # what npm and pip say when there is no way to their registry
    r"\bE(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)\b|ERR_SOCKET_TIMEOUT|CERT_|"
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|SSLError|from versions: none",
)
pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # some models are, by now
ERRORS = {400: "BadRequestError", 401: "AuthenticationError", 404: "NotFoundError", 429: "RateLimitError"}


def tool(name: str) -> str:
    """The path of a program. Where it is missing, the test is left out by name; in CI it fails."""
    if found := shutil.which(name):
        return found
    if os.environ.get("CI"):
        pytest.fail(f"{name} is required here, and it is not on the PATH.")
    pytest.skip(f"Left out: {name} is not on the PATH.")


def installed(name: str, mark: str, *commands: list[str | Path]) -> Path:
    """The folder CACHE/name, in which `commands` have installed something.

    Args:
        name: of the folder.
        mark: what it is made of; when that changes it is made anew.
        commands: are run in the new folder.
    """
    folder = CACHE / name
    stamp = folder / "complete"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}  # no guard
    if proxy := outside.get("PIP_PROXY"):  # where conftest.py has put it
        outside |= {"HTTPS_PROXY": proxy, "https_proxy": proxy}
    for command in commands:
        done = subprocess.run(
            list(map(str, command)), cwd=folder, env=outside, capture_output=True, encoding="utf-8", timeout=300
        )
        said = done.stdout + done.stderr
        if done.returncode and (reason := UNREACHABLE.search(said)):
            pytest.skip(f"Left out: {name} cannot be installed, its registry cannot be reached ({reason[0]}).")
        assert done.returncode == 0, f"{command} failed:\n{said}"
    stamp.write_text(mark, encoding="utf-8", newline="\n")
    return folder


@cache
def contents() -> dict[str, Path]:
    """Files that lessons upload, by the SHA-256 of their content."""
    files = [path for path in (ROOT / "data").rglob("*.*") if path.suffix not in (".json", ".yaml")]
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}


def can_be_sent(recording: dict) -> bool:
    """Whether a recorded request can be made again: uploads of which only the digest is known cannot."""
    request = recording["request"]
    return "sha256" not in request and all(
        field.get("sha256", "") in contents() or "value" in field for field in request.get("multipart", ())
    )


def body_of(response: dict) -> bytes:
    return response["body"].read_bytes() if "body" in response else response["text"].encode()


def events_of(response: dict) -> list:
    return [data for _, data, *_ in response["events"] if data != "[DONE]"]


# --- curl, against `start.py serve`


@pytest.fixture(scope="module")
def served():
    """The address that the server says of itself, started as `start.py serve` does."""
    command = [sys.executable, "-u", "-m", "helpers.workshop.serve"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    line = next(line for line in process.stdout if line.startswith("export OPENAI_BASE_URL="))
    yield line.strip().partition("=")[2]
    process.terminate()
    process.wait(10)


def is_call(recording: dict, path: str, status: int = 200) -> bool:
    return recording["request"]["path"] == f"/v1/{path}" and recording["response"]["status"] == status


KINDS = {
    "an answer": lambda one: is_call(one, "chat/completions") and "json" in one["response"],
    "tool calls": lambda one: is_call(one, "chat/completions") and '"tool_calls": [' in json.dumps(one["response"]),
    "a stream": lambda one: is_call(one, "chat/completions") and "events" in one["response"],
    "an answer of Responses": lambda one: is_call(one, "responses") and "json" in one["response"],
    "a stream of Responses": lambda one: is_call(one, "responses") and "events" in one["response"],
    "moderations": lambda one: is_call(one, "moderations"),
    "a wrong request": lambda one: is_call(one, "chat/completions", 400),
    "a wrong model": lambda one: is_call(one, "chat/completions", 404),
    "speech": lambda one: is_call(one, "audio/speech") and "body" in one["response"],
    "an upload": lambda one: is_call(one, "audio/transcriptions") and "json" in one["response"],
    "a text": lambda one: is_call(one, "audio/transcriptions") and "text" in one["response"],
    "a file": lambda one: one["request"]["path"].endswith("/content"),
}


@cache
def shipped() -> list[dict]:
    """The recordings of all lessons whose request was made once and can be made again."""
    recordings = Recordings(*LESSONS)
    everything = [one for one in recordings.all() if can_be_sent(one)]
    times = Counter(request_key(one["request"]) for one in everything)
    return [one for one in everything if times[request_key(one["request"])] == 1]


def first(is_wanted: Callable[[dict], bool]) -> dict:
    found = next(filter(is_wanted, shipped()), None)
    assert found, "no lesson has such a recording any more: choose another kind"
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_curl(kind, served, tmp_path):
    curl = tool("curl")
    recording = first(KINDS[kind])
    request, response = recording["request"], recording["response"]
    command = [curl, "-sS", "-N", "--noproxy", "*", "-X", request["method"], served + request["path"][len("/v1") :]]
    command += ["-H", "Authorization: Bearer any-word", "-D", tmp_path / "headers", "-o", tmp_path / "body"]
    for field in request.get("multipart", ()):
        if file := contents().get(field.get("sha256")):
            command += ["-F", f"{field['name']}=@{file};filename={field['filename']};type={field['content_type']}"]
        else:
            command += ["--form-string", f"{field['name']}={field['value']}"]
    if "json" in request:
        command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
    subprocess.run(list(map(str, command)), input=json.dumps(request.get("json")).encode(), check=True, timeout=30)
    status, *lines = (tmp_path / "headers").read_text(encoding="latin-1").splitlines()
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    body = (tmp_path / "body").read_bytes()
    assert status.split()[:2] == ["HTTP/1.1", str(response["status"])]
    assert {name: value.lower() for name, value in response["headers"].items()}.items() <= headers.items()
    if "json" in response:
        assert json.loads(body) == response["json"]
    elif "events" in response:
        data = [line.removeprefix("data: ") for line in body.decode().split("\n") if line.startswith("data: ")]
        assert [json.loads(text) for text in data if text != "[DONE]"] == events_of(response)
        assert (data[-1] == "[DONE]") is ("responses" not in request["path"])
    else:
        assert body == body_of(response)


# --- the official JavaScript SDK, over every recording of every lesson and every exchange of tests/wire


@pytest.fixture(scope="module")
def javascript(tmp_path_factory):
    """Runs requests through the JavaScript SDK: [(address, recording)] → what it makes of each answer."""
    node, npm = tool("node"), tool("npm")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout  # such as v22.1.0
    version = next(version for least, version in JAVASCRIPT.items() if int(said[1:].partition(".")[0]) >= least)
    options = ["--prefix", ".", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    folder = installed(f"openai-js-{version}", version, [npm, "install", *options, f"openai@{version}"])
    script = shutil.copy(CLIENTS / "sdk.mjs", folder)  # beside node_modules, where it finds the SDK
    stand_in = tmp_path_factory.mktemp("uploads") / "stand_in"
    stand_in.write_bytes(STAND_IN)
    files = contents() | {hashlib.sha256(STAND_IN).hexdigest(): stand_in}

    def run(calls: list[tuple[str, dict]]) -> list[dict]:
        jobs = []
        for address, recording in calls:
            job = {"base": address + "/v1", **recording["request"]}
            if "multipart" in job:
                fields = job["multipart"]
                job["multipart"] = [
                    field | {"file": str(files[field["sha256"]])} if "sha256" in field else field for field in fields
                ]
            jobs.append(job)
        path = tmp_path_factory.mktemp("jobs") / "jobs.json"
        path.write_text(json.dumps(jobs), encoding="utf-8", newline="\n")
        done = subprocess.run([node, script, path], capture_output=True, encoding="utf-8", timeout=120)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def expected(recording: dict) -> dict:
    """What the JavaScript SDK ought to make of a recorded answer."""
    response = recording["response"]
    request = response["headers"].get("x-request-id")
    if response["status"] >= 400:
        error = response["json"]["error"]
        name = ERRORS.get(response["status"], "InternalServerError")
        found = {"events": [], "class": name, "status": response["status"], "error": error, "request": request}
    elif "events" in response:
        found = {"events": events_of(response)}
    elif "json" in response:
        page = recording["request"]["method"] == "GET" and response["json"].get("object") == "list"
        found = {"value": response["json"], "request": None if page else request}  # the SDK's pages don't carry it
    elif "text" in response:
        found = {"value": response["text"]}
    else:
        found = {"sha256": hashlib.sha256(response["body"].read_bytes()).hexdigest()}
    return {name: value for name, value in found.items() if value is not None}


def without_additions(said: dict, wanted: dict) -> dict:
    """What the SDK says, without what it computes itself and the API did not send."""
    if isinstance(said.get("value"), dict) and "output_text" not in wanted.get("value", {}):
        said["value"].pop("output_text", None)
    return said


def compare(said: list[dict], recordings: list[dict]) -> None:
    assert len(said) == len(recordings)
    for one, recording in zip(said, recordings, strict=True):
        wanted = expected(recording)
        if recording["request"]["method"] == "DELETE" and one == {}:
            continue  # the SDK gives nothing back
        assert without_additions(one, wanted) == wanted, recording["request"]


def test_javascript_reads_the_recordings_of_all_lessons(javascript):
    servers, calls = [], []
    for folder in LESSONS:
        recordings = Recordings(folder)
        servers.append(serve("replay", recordings))
        calls += [(servers[-1].url, recording) for recording in recordings.all() if can_be_sent(recording)]
    said = javascript(calls)
    for server in servers:
        server.close()
    compare(said, [recording for _, recording in calls])
    assert len(calls) >= 0.95 * sum(len(server.recordings) for server in servers)
    streamed = sum(len(one["events"]) for one in said if "events" in one)
    assert len(calls) >= 600 and streamed >= 500


def test_javascript_reads_the_exchanges_of_the_real_api(javascript, tmp_path):
    server = serve("replay", made(exchanges(), tmp_path))
    recordings = server.recordings.all()
    said = javascript([(server.url, recording) for recording in recordings])
    server.close()
    compare(said, recordings)
    said[-1]["value"]["object"] += "!"
    with pytest.raises(AssertionError):
        compare(said, recordings)


def test_javascript_decodes_embeddings(javascript, tmp_path):
    """Not asked for a format, the SDK asks for base64 and gives floats."""
    server = serve("replay", made(exchanges(), tmp_path))
    models = {one["request"].get("json", {}).get("model"): one for one in server.recordings.all()}
    kept = models["text-embedding-ada-002"]
    asked = {name: value for name, value in kept["request"]["json"].items() if name != "encoding_format"}
    [said] = javascript([(server.url, {"request": {**kept["request"], "json": asked}})])
    server.close()
    packed = base64.b64decode(kept["response"]["json"]["data"][0]["embedding"])
    floats = said["value"]["data"][0]["embedding"]
    assert floats == list(struct.unpack(f"<{len(packed) // 4}f", packed)) and len(floats) == 1536


# --- llm, a program for the command line


@pytest.fixture(scope="module")
def llm(tmp_path_factory):
    """Runs llm against the server at an address: (address, arguments) → the finished process."""
    needed = CLIENTS / "requirements.txt"
    mark = hashlib.sha256(needed.read_bytes() + sys.version.encode()).hexdigest()
    python = Path("venv", "Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [python, "-m", "pip", "install", "--no-input", "--no-compile", "--retries=1", "-r", needed]
    folder = installed("llm", mark, [sys.executable, "-m", "venv", "venv"], install)
    home = tmp_path_factory.mktemp("llm")
    models = sorted({one["request"]["json"]["model"] for one in shipped() if is_prompt(one)})
    lines = [f"- model_id: course-{model}\n  model_name: {model}\n" for model in models]
    (home / "extra-openai-models.yaml").write_text("".join(lines), encoding="utf-8", newline="\n")

    def run(address: str, *arguments: str) -> subprocess.CompletedProcess:
        settings = {"LLM_USER_PATH": str(home), "OPENAI_BASE_URL": address, "OPENAI_API_KEY": "any-word"}
        command = [folder / python, "-m", "llm", *arguments]
        return subprocess.run(command, env=os.environ | settings, capture_output=True, encoding="utf-8", timeout=60)

    return run


def is_prompt(recording: dict) -> bool:
    """Whether a request is one question to a model and nothing else, but for how it is streamed."""
    body = recording["request"].get("json", {})
    messages = body.get("messages", [])
    asked = [message["role"] for message in messages] == ["user"] and isinstance(messages[0]["content"], str)
    return asked and body.keys() <= {"model", "messages", "stream", "stream_options"}


def ask(recording: dict) -> list[str]:
    body = recording["request"]["json"]
    return ["--no-log", "-m", f"course-{body['model']}", body["messages"][0]["content"]]


def test_llm_streams_a_recording_of_a_lesson(llm, served):
    options = {"include_usage": True}
    recording = first(lambda one: is_prompt(one) and one["request"]["json"].get("stream_options") == options)
    done = llm(served, "--usage", *ask(recording))
    events = events_of(recording["response"])
    text = "".join(event["choices"][0]["delta"].get("content") or "" for event in events if event["choices"])
    assert (done.returncode, done.stdout.strip()) == (0, text.strip()), done.stderr
    usage = events[-1]["usage"]
    assert f"{usage['prompt_tokens']} input" in done.stderr and f"{usage['completion_tokens']} output" in done.stderr


@pytest.fixture(scope="module")
def unstreamed(tmp_path_factory):
    """A server with the lessons' answers to single questions, asked as llm asks: with the default stream=False."""
    recordings = Recordings(tmp_path_factory.mktemp("unstreamed"))
    for one in shipped():
        if is_prompt(one) and "stream" not in one["request"]["json"]:
            asked = {**one["request"], "json": {**one["request"]["json"], "stream": False}}
            recordings.save({**one, "request": asked})
    server = serve("replay", recordings)
    yield server
    server.close()


def test_llm_prints_an_answer_of_a_lesson(llm, unstreamed):
    recording = next(one for one in unstreamed.recordings.all() if one["response"]["status"] == 200)
    done = llm(unstreamed.url + "/v1", "--no-stream", *ask(recording))
    text = recording["response"]["json"]["choices"][0]["message"]["content"]
    assert (done.returncode, done.stdout.strip()) == (0, text.strip()), done.stderr


def test_llm_prints_an_error_of_a_lesson(llm, unstreamed):
    recording = next(one for one in unstreamed.recordings.all() if one["response"]["status"] == 404)
    done = llm(unstreamed.url + "/v1", "--no-stream", *ask(recording))
    assert done.returncode == 1
    assert recording["response"]["json"]["error"]["message"] in done.stderr


def test_llm_prints_what_is_missing_from_the_recordings(llm, served):
    *arguments, _ = ask(first(is_prompt))
    done = llm(served, *arguments, "Why do cats purr?")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "No answer is recorded for this request" in done.stderr and "Why do cats purr?" in done.stderr


# --- five more, live, recorded and replayed


def small_api(handler):
    """Answers each of the five alike: as one answer, as a stream, or with a call of the tool that is offered."""
    asked = json.loads(handler.read_body())
    base = {"id": "c", "created": 1, "model": "gpt-5.2-2025-12-11"}
    if asked.get("stream"):
        deltas = [({"role": "assistant", "content": "The "}, None), ({"content": "Rhine."}, None), ({}, "stop")]
        handler.start_stream(200, {"content-type": "text/event-stream"})
        for delta, reason in deltas:
            choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
            chunk = {**base, "object": "chat.completion.chunk", "choices": choices}
            handler.send(f"data: {json.dumps(chunk)}\n\n".encode())
        handler.send(b"data: [DONE]\n\n")
        handler.end_stream()
        return
    message = {"role": "assistant", "content": "The Rhine."}
    if tools := asked.get("tools"):
        function = {"name": tools[0]["function"]["name"], "arguments": '{"name": "Rhine"}'}
        message = {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function"}]}
        message["tool_calls"][0]["function"] = function
    choices = [{"index": 0, "message": message, "finish_reason": "tool_calls" if tools else "stop"}]
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    handler.send_json(200, {**base, "object": "chat.completion", "choices": choices, "usage": usage})


def test_five_clients_get_the_same_directly_live_recorded_and_replayed(tmp_path):
    needed = CLIENTS / "five.txt"
    mark = hashlib.sha256(needed.read_bytes() + sys.version.encode()).hexdigest()
    python = Path("venv", "Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [python, "-m", "pip", "install", "--no-input", "--no-compile", "--retries=1", "-r", needed]
    python = installed("five", mark, [sys.executable, "-m", "venv", "venv"], install) / python
    upstream = LoopbackServer(small_api)
    upstream.start()
    live = serve("live", Recordings(), upstream.url)
    recorder = serve("record", Recordings(tmp_path), upstream.url)

    def ask_all(*servers):
        command = [python, CLIENTS / "five.py", *(server.url + "/v1" for server in servers)]
        done = subprocess.run(command, env=os.environ, capture_output=True, encoding="utf-8", timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    direct, through, recorded = ask_all(upstream, live, recorder)
    for server in (upstream, live, recorder):
        server.close()
    replaying = serve("replay", Recordings(tmp_path))
    [replayed] = ask_all(replaying)
    replaying.close()
    assert direct == through == recorded == replayed
    assert direct["litellm"] == ["The Rhine.", 11, "The Rhine."] == direct["langchain"]
    assert (direct["instructor"], direct["agents"], direct["pydantic_ai"][0]) == ("Rhine", "The Rhine.", "The Rhine.")


def test_the_versions_in_the_readme():
    text = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
    pins = (CLIENTS / "requirements.txt").read_text(encoding="utf-8").splitlines()
    versions = [*JAVASCRIPT.values(), *(line.partition("==")[2] for line in pins if "==" in line)]
    assert [version for version in versions if f" {version}" not in text] == []
    assert f"{len(KINDS)} kinds of calls" in text
