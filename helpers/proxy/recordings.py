"""Recordings: one readable JSON file per exchange, found by a hash of the request in constant time."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import re
import stat
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..setup.endpoints import api_of
from ..setup.errors import CourseError
from ..setup.files import write_whole
from ..setup.redact import scrub
from .equivalence import canonical
from .http import HALVES, parse_multipart

_NAME = re.compile(r"[^.]+\.[0-9a-f]{12}\.\d+\.json")
_SAVING = threading.Lock()  # a number is taken once, whoever holds the folder
_BASE64 = re.compile(r"(data:[\w/+.-]+;base64,)?([A-Za-z0-9+/_-]{400,}={0,2})")


class DamagedRecording(CourseError, ValueError):
    """A recording cannot be read; the message names the file and the way on."""


class NotKept(CourseError, OSError):
    """A recording could not be written, and nothing of it was; the message says why and what to do."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _compact(value: Any, depth: int = 0) -> Any:
    """Pictures and sounds inside JSON become their SHA-256, so that a recording stays readable.

    Raises:
        RecursionError: the value is nested deeper than everything here can follow, whatever Python runs it.
    """
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, str) and len(value) >= 400 and (match := _BASE64.fullmatch(value)):
        return f"{match[1] or ''}sha256:{digest(match[2].encode())}"
    if isinstance(value, dict):
        return {key: _compact(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_compact(item, depth + 1) for item in value]
    return value


def describe(method: str, path: str, content_type: str, body: bytes, *secrets: str | None) -> dict[str, Any]:
    """The request as it is kept and compared: no headers, no secrets, binary content as digests.

    Args:
        method: HTTP method.
        path: path with its query string, such as "/v1/chat/completions".
        content_type: the Content-Type header.
        body: raw body; JSON, multipart/form-data or empty.
        secrets: strings to remove wherever they are.

    Returns:
        {"method", "path"} and, where there is a body, "json", "multipart" or "sha256".
    """
    request, add_digests = outline(method, path, content_type, body, *secrets)
    add_digests()
    return request


def outline(
    method: str, path: str, content_type: str, body: bytes, *secrets: str | None
) -> tuple[dict[str, Any], Callable[[], None]]:
    """What `describe` gives, without the digests of uploaded files, and a function that adds them.

    To hash a large file takes longer than to pass it on, so the pipe does both at once. Arguments as for `describe`.
    """
    request: dict[str, Any] = {"method": method, "path": scrub(path, *secrets)}
    contents: list[bytes | None] = []
    if content_type.startswith("multipart/form-data"):
        try:
            fields = parse_multipart(content_type, body)
            contents = [field.pop("content", None) for field in fields]
            request["multipart"] = scrub(fields, *secrets)
        except ValueError:
            request["sha256"] = digest(body)
    elif body:
        try:
            request["json"] = scrub(_compact(json.loads(body)), *secrets)
        except (ValueError, RecursionError):  # no JSON, or nested too deep
            request["sha256"] = digest(body)

    def add_digests() -> None:
        for field, content in zip(request.get("multipart", ()), contents, strict=True):
            if content is not None:
                field |= {"sha256": digest(content), "bytes": len(content)}

    return request, add_digests


def request_key(request: dict[str, Any]) -> str:
    """Twelve hex digits that identify a described request.

    Neither the order of keys and of form fields matters, nor whether a whole number is written 1 or 1.0.
    """
    fields = sorted(json.dumps(field, sort_keys=True) for field in request.get("multipart", ()))
    same = _plain_numbers({**request, "multipart": fields} if fields else request)
    text = json.dumps(same, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return digest(text.encode(errors=HALVES))[:12]


def _plain_numbers(value: Any) -> Any:
    """A copy in which whole numbers are ints: JSON has one 1, which Python may write 1.0 and JavaScript never does."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    return value


DEEPEST = 100  # lists and objects in each other: more than any request of the API has
MAX_RECORDING = 64 * 1024 * 1024  # bytes of one file
_OF_THE_CONNECTION = {"content-length", "transfer-encoding", "connection", "content-encoding"}
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def read(path: Path) -> dict[str, Any]:
    """One recording, which may come from anywhere: checked so far that it can be answered with.

    Raises:
        DamagedRecording: the file is not what `save` makes.
    """
    try:
        recording = json.loads(_content(path))
        _check(recording)
        response = recording["response"]
        if name := response.get("body_file"):
            if not isinstance(name, str) or Path(name).name != name or "\\" in name:
                raise ValueError("its body_file is not in the same folder")
            response["body"] = path.with_name(name)
            _content(response["body"], only_look=True)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
        said = f": {error}" if type(error) is ValueError else ""
        raise DamagedRecording(
            f"The recording {path.name} cannot be read ({type(error).__name__}{said}). "
            f"Restore it with: git checkout -- data/recordings/{path.parent.name} (or download the course again)."
        ) from None
    return recording


def _content(path: Path, only_look: bool = False) -> bytes:
    """A regular file's bytes. Links, pipes and very large files raise ValueError before they are opened."""
    state = path.lstat()
    if not stat.S_ISREG(state.st_mode):
        raise ValueError(f"{path.name} is not a regular file")
    if state.st_size > MAX_RECORDING:
        raise ValueError(f"{path.name} has more than {MAX_RECORDING:,} bytes")
    return b"" if only_look else path.read_bytes()


def _check(recording: Any) -> None:
    """Raises ValueError, KeyError or TypeError for what cannot be sent as an answer."""
    request, response = recording["request"], recording["response"]
    headers, status, events = response["headers"], response["status"], response.get("events", [])
    texts = {"request.path": request["path"], "request.method": request["method"]}
    texts |= {"origin.kind": recording["origin"]["kind"], "response.text": response.get("text", "")}
    _compact(request.get("json"))  # not too deep
    if wrong := [name for name, value in texts.items() if not isinstance(value, str)]:
        raise ValueError(f"{wrong[0]} is not a text")
    if type(status) is not int or not 200 <= status <= 599:
        raise ValueError(f"status is {status!r:.40}, which is not a number from 200 to 599")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OF_THE_CONNECTION:
            raise ValueError(f"the header {name!r:.40} cannot be sent")
        if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the value of the header {name} cannot be sent")
    for event in events:
        t_ms, _, *name = event
        if not isinstance(t_ms, int | float) or not 0 <= t_ms < 3_600_000:
            raise ValueError(f"an event comes at {t_ms!r:.40} ms")
        if len(name) > 1 or not all(isinstance(text, str) and text.isprintable() for text in name):
            raise ValueError("the name of an event is not a line of text")
    elapsed = response.get("elapsed_ms", 0)
    if not isinstance(elapsed, int | float) or not 0 <= elapsed < 3_600_000:
        raise ValueError(f"elapsed_ms is {elapsed!r:.40}")
    if not response.keys() & {"json", "text", "events", "body_file"}:
        raise ValueError("there is no answer in it")


def dumps(recording: dict[str, Any]) -> str:
    """JSON for people and for diffs: indented, but one stream event a line."""
    events = recording["response"].get("events")
    if events is None:
        return json.dumps(recording, indent=1, ensure_ascii=False) + "\n"
    frame = {**recording, "response": {**recording["response"], "events": ["\0"]}}
    lines = ",\n   ".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events)
    return json.dumps(frame, indent=1, ensure_ascii=False).replace('"\\u0000"', lines) + "\n"


def _slug(request: dict[str, Any]) -> str:
    body = request.get("json")
    body = body if isinstance(body, dict) else {}
    words = body.get("input") or body.get("prompt") or ""
    for message in body.get("messages") or (words if isinstance(words, list) else ()):
        if isinstance(message, dict) and message.get("role") == "user":
            words = message.get("content")
    while isinstance(words, list) and words:
        words = words[0]
    if isinstance(words, dict):
        words = words.get("text") or words.get("content") or ""
    name = request["path"].partition("?")[0].removeprefix("/v1/").replace("chat/completions", "chat")
    text = f"{name} {words if isinstance(words, str) else ''}".lower()
    return "-".join(re.findall(r"[a-z0-9]+", text))[:48].strip("-")


class Recordings:
    """The recordings in one or more folders. Identical requests answer in recorded order, then repeat the last.

    Args:
        folders: folders of recording files; those that do not exist count as empty.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self._lock = threading.Lock()
        self._files: dict[str, list[Path]] = {}
        self._read: dict[Path, dict[str, Any]] = {}
        self._meanings: dict[str, str] | None = None  # key of the canonical form: key; made at the first miss
        for folder in folders:
            names = sorted(os.listdir(folder)) if folder.is_dir() else []
            for name in names:
                if _NAME.fullmatch(name):
                    self._files.setdefault(name.split(".")[1], []).append(folder / name)
        for files in self._files.values():
            files.sort(key=lambda path: int(path.name.split(".")[2]))
        self._served: Counter[str] = Counter()

    def __len__(self) -> int:
        return sum(len(files) for files in self._files.values())

    def _load(self, path: Path) -> dict[str, Any]:
        if path not in self._read:
            self._read[path] = read(path)
        return self._read[path]

    def all(self) -> list[dict[str, Any]]:
        """Every recording. Raises DamagedRecording."""
        return [self._load(path) for files in self._files.values() for path in files]

    def next(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The next recording of exactly this described request, or None. Raises DamagedRecording."""
        return self._next(request_key(request))

    def next_equivalent(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The next recording of a request that means the same to the API, or None. Raises DamagedRecording.

        Only of answers, not of errors: what the API refuses may depend on how a request is written.
        """
        with self._lock:
            if self._meanings is None:
                self._meanings = {}
                for key, recording in self._answered():
                    self._meanings.setdefault(request_key(canonical(recording["request"])), key)
        key = self._meanings.get(request_key(canonical(request)))
        return self._next(key) if key else None

    def embeddings(self) -> Iterator[dict[str, Any]]:
        """Every recording of embeddings that can be read."""
        for _, recording in self._answered():
            if api_of(recording["request"]["path"]) == "embeddings":
                yield recording

    def _answered(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The first recording of every request, with its key, unless it is an error.

        Damaged ones speak up when they are asked for.
        """
        for key, files in self._files.items():
            with contextlib.suppress(DamagedRecording):
                recording = self._load(files[0])
                if recording["response"]["status"] < 400:
                    yield key, recording

    def _next(self, key: str) -> dict[str, Any] | None:
        files = self._files.get(key)
        if not files:
            return None
        with self._lock:
            path = files[min(self._served[key], len(files) - 1)]
            self._served[key] += 1
            return self._load(path)

    def writable(self) -> bool:
        """Whether `save` has a folder to write into, which must be known before a call is paid for."""
        try:
            self.folders[0].mkdir(parents=True, exist_ok=True)
        except (IndexError, OSError):
            return False
        return os.access(self.folders[0], os.W_OK)

    def save(self, recording: dict[str, Any], body: bytes | None = None, suffix: str = "bin") -> Path:
        """Writes a recording into the first folder and finds it from now on.

        Args:
            recording: {"request", "response", "origin"}.
            body: a binary answer, written beside the file.
            suffix: the binary file's ending, such as "mp3".

        Raises:
            NotKept: the folder takes no files.
        """
        key = request_key(recording["request"])
        with _SAVING, self._lock:
            files = self._files.get(key, [])
            names = (f"{_slug(recording['request'])}.{key}.{number}.json" for number in itertools.count(len(files) + 1))
            # A stream that began before the lesson was started anew may have been kept since.
            path = next(path for path in map(self.folders[0].joinpath, names) if not os.path.exists(path))
            beside = path.with_suffix("." + suffix)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                if body is not None:
                    recording["response"]["body_file"] = beside.name
                    write_whole(beside, body)
                write_whole(path, dumps(recording).encode(errors=HALVES))
            except OSError as error:
                raise NotKept(
                    f"The recording {path.name} could not be written ({error.strerror}). "
                    "Make room on the disk, or name a folder of your own in COURSE_RECORDINGS, and record again."
                ) from None
            self._files[key] = [*files, path]
            self._meanings = None
        return path

    def requests(self) -> list[dict[str, Any]]:
        """Every different request whose recording is an answer, not an error, and can be read."""
        return [recording["request"] for _, recording in self._answered()]
