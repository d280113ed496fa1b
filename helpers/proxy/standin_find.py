"""Which model server stands in, and which of its models: what the learner named, or what runs on this machine."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..setup.settings import StandInSettings

LOCAL = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080}  # the ports that these servers use by default
LOOK = 0.15  # seconds that looking for a server on this machine may hold up a call
PATIENCE = 2.0  # seconds after which a server that was asked who it is counts as none
CONNECT = 10.0  # seconds for the list of models of an address that was named
# Models that fit on a laptop and call tools, the best known first. As of 2026-11; try others with `start.py model`.
GOOD = ("gemma4:e2b", "gemma4:e4b", "gemma4", "qwen2.5")
SENTENCES = "all-minilm"  # the model behind the recorded vectors, under whatever name begins or goes on with this
_NO_CHAT = re.compile(
    r"embed|minilm|\bbge\b|\bgte\b|\be5\b|rerank|whisper|transcri|tts|speech|image|flux|moderation|guard", re.I
)


class Unavailable(Exception):
    """No stand-in answers this request. The message is one sentence that says why; "" where there is none at all."""


@dataclass(frozen=True)
class Server:
    """A server that speaks the OpenAI API.

    Attributes:
        url: its base URL.
        name: "Ollama on this machine", "127.0.0.1:9000 on this machine" or the host of an address elsewhere.
        models: the ids of its models; empty where it lists none.
        key: what to send it as a key.
    """

    url: str
    name: str
    models: tuple[str, ...]
    key: str | None = None

    @property
    def local(self) -> bool:
        """Whether it runs on this machine."""
        return self.name.endswith("on this machine")

    @property
    def place(self) -> str:
        """Where it is, after a model's name: "on this machine" or "at api.example.org"."""
        return place(self.name)


def place(name: str) -> str:
    """Where a server is, from its name."""
    return "on this machine" if name.endswith("on this machine") else f"at {name}"


def find(settings: StandInSettings, late: Callable[[Server], object]) -> Server | None:
    """The server that the settings name, else the first that answers on this machine; None when there is none.

    Args:
        settings: what the learner set.
        late: gets a server that answers only after this has returned None, for the next time.

    Raises:
        Unavailable: the named server cannot be reached.
    """
    if settings.off:
        return None
    if settings.url:
        return _named(settings)
    found: queue.SimpleQueue[Server | None] = queue.SimpleQueue()
    end = time.monotonic() + LOOK

    def look(name: str, port: int) -> None:
        server = None
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            # Not httpx2: to make one of its clients takes most of the time that there is.
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/v1/models")
            if models := _ids(json.loads(connection.getresponse().read())):
                server = Server(f"http://127.0.0.1:{port}/v1", f"{name} on this machine", models)
        found.put(server)
        if server and time.monotonic() > end:
            late(server)

    for name, port in LOCAL.items():  # side by side, in threads that nobody waits for: Windows is slow to say no
        threading.Thread(target=look, args=(name, port), daemon=True).start()
    answers: list[Server | None] = []
    while len(answers) < len(LOCAL) and (left := end - time.monotonic()) > 0:
        try:
            answers.append(found.get(timeout=left))
        except queue.Empty:
            break
    servers = [server for server in answers if server]
    order = [f"{name} on this machine" for name in LOCAL]
    return min(servers, key=lambda server: order.index(server.name), default=None)


def _named(settings: StandInSettings) -> Server:
    import httpx2  # comes with openai 3; imported here, so that replay starts without it

    url = settings.url or ""
    parts = urlsplit(url)
    loopback = _is_loopback(parts.hostname or "")
    known = next((name for name, port in LOCAL.items() if port == parts.port), parts.netloc.rpartition("@")[2])
    name = f"{known} on this machine" if loopback else parts.netloc.rpartition("@")[2]
    headers = {"authorization": f"Bearer {settings.key}"} if settings.key else {}
    models: tuple[str, ...] = ()  # some servers list none
    try:
        with httpx2.Client(timeout=CONNECT, trust_env=not loopback) as client:
            models = _ids(client.get(f"{url}/models", headers=headers).raise_for_status().json())
    except httpx2.HTTPStatusError as error:
        if error.response.status_code in (401, 403):
            raise Unavailable(f"The model server {name} refuses the key in COURSE_STANDIN_KEY.") from None
    except ValueError:
        pass
    except httpx2.HTTPError as error:
        raise Unavailable(
            f"The model server that COURSE_STANDIN_URL names, {name}, cannot be reached ({type(error).__name__})."
        ) from None
    return Server(url, name, models, settings.key)


def _ids(answer: Any) -> tuple[str, ...]:
    """The ids in what a server answers to GET /models; none where it is no list of models."""
    items = answer.get("data") if isinstance(answer, dict) else None
    return tuple(item["id"] for item in items or () if isinstance(item, dict) and isinstance(item.get("id"), str))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def chat_models(server: Server) -> list[str]:
    """The models of a server that can chat, as far as a name tells."""
    return [model for model in server.models if not _NO_CHAT.search(model)]


def choose(server: Server, named: str | None = None) -> tuple[str, str]:
    """The model that answers chats, and why, in a sentence.

    Args:
        server: where the models are.
        named: what COURSE_STANDIN_MODEL holds.

    Raises:
        Unavailable: no model of the server can chat, or it does not say which it has.
    """
    if named:
        return named, f"{server.name} answers with {named}, which COURSE_STANDIN_MODEL names."
    able = chat_models(server)
    if not able:
        has = f"has only {', '.join(server.models)}" if server.models else "lists no models"
        raise Unavailable(f"{server.name} {has}: name a model that can chat in COURSE_STANDIN_MODEL.")
    if len(able) == 1:
        return able[0], f"{server.name} answers with {able[0]}, its only model that can chat."
    good = next((model for name in GOOD for model in able if _is(model, name)), None)
    why = "the first that the course knows to be good" if good else "the first on its list"
    chosen = good or able[0]
    return chosen, (
        f"{server.name} answers with {chosen}, {why}, out of {len(able)} that can chat; "
        "COURSE_STANDIN_MODEL chooses another."
    )


def _is(model: str, name: str) -> bool:
    """Whether an id such as "google/gemma4:e2b-it-q4" is a model of this name."""
    return re.search(rf"(^|/){re.escape(name)}($|[:@-])", model.lower().replace("gemma-4-", "gemma4:")) is not None


def sentence_model(models: Sequence[str]) -> str | None:
    """The id of the model behind the recorded vectors, where a server has it."""
    return next((model for model in models if SENTENCES in model.lower() and "l12" not in model.lower()), None)
