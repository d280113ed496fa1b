"""A stand-in: another model server that answers what was not recorded, and says so.

Nothing goes anywhere but to a server on this machine or to the address that the learner named, and never with
OpenAI's key.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from .. import costs
from ..setup import settings
from ..setup.endpoints import APIS
from ..setup.errors import CourseError
from ..setup.redact import scrub
from . import embeddings, sentence_model
from . import standin_find as finding
from . import standin_translate as translating
from .embeddings import RecordedVectors
from .exchange import Call, Exchange
from .http import read_events, sse
from .standin_find import Server, Unavailable

SECONDS = 300.0  # that a stand-in may be silent before it counts as gone
SLOW = 3.0  # seconds after which a line says what is waited for
WARM = 240.0  # seconds after an answer in which a model is still loaded: Ollama keeps one for five minutes
AGAIN = 1.0  # second for which it is remembered that there is none: one may be started, or be slow to wake
PULL = "Ollama gets it with: ollama pull all-minilm (46 MB)."


class _NotSpoken(Unavailable):
    """The stand-in does not have this endpoint."""


class StandIn:
    """The stand-in of a course server. It is looked for when it is first needed.

    Args:
        read: gives the settings; may raise CourseError.

    Attributes:
        on_wait: gets a line while a model loads, which can take half a minute.
        on_answer: gets the line that says who answered, after each answer.
        has_responses: whether it has the Responses API, as far as is known.
    """

    def __init__(self, read: Callable[[], settings.StandInSettings] = settings.stand_in) -> None:
        self._settings = read
        self.on_wait: Callable[[str], object] | None = None
        self.on_answer: Callable[[str], object] | None = None
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._problem, self._look_at = "", 0.0
        self._clients: dict[str, Any] = {}
        self._refuses: set[str] = set()  # parameters
        self.has_responses = True
        self._old_schemas = False
        self._why_told = False
        self._warm_until = 0.0

    def server(self) -> Server:
        """The server that stands in. Raises Unavailable: without words when there is none."""
        with self._lock:
            if self._server:
                return self._server
            if time.monotonic() >= self._look_at:
                self._problem = ""
                try:
                    self._server = finding.find(self._settings(), self._take)
                except (CourseError, Unavailable) as error:
                    self._problem = str(error)
                if self._server:
                    return self._server
                self._look_at = time.monotonic() + AGAIN
            raise Unavailable(self._problem)

    def _take(self, server: Server) -> None:
        """Remembers a server that was slow to say who it is."""
        with self._lock:
            self._server = self._server or server

    def model_for(self, asked: Any) -> str:
        """The model that answers a request for `asked`: itself where the server has it. Raises Unavailable."""
        server = self.server()
        return asked if _listed(asked, server) else finding.choose(server, self._settings().model)[0]

    def has(self, model: Any) -> bool:
        """Whether a model is one of the stand-in's own, named by the learner."""
        try:
            return _listed(model, self.server())
        except Unavailable:
            return False

    def answer(self, call: Call, vectors: Callable[[], RecordedVectors], exchanges: Sequence[Exchange]) -> None:
        """Answers a call.

        Args:
            call: the request.
            vectors: gives the recorded vectors, for embeddings of which some texts are new.
            exchanges: the log, for responses that continue an earlier one.

        Raises:
            Unavailable: nothing was sent to the client; the message says why, "" when there is no stand-in.
        """
        path = call.exchange.request["path"].partition("?")[0]
        if (call.handler.command, APIS.get(path)) == ("GET", "models"):
            self._begin(call, {})
            owned = {"object": "model", "created": 0, "owned_by": self.server().name}
            self._send(call, {"object": "list", "data": [{"id": id, **owned} for id in self.server().models]})
            return
        answered_by = {
            "chat": self._chat,
            "responses": self._responses,
            "embeddings": lambda call, body: self._embeddings(call, body, vectors()),
        }.get(APIS.get(path, "") if call.handler.command == "POST" else "")
        if answered_by is None or not isinstance(call.exchange.request.get("json"), dict):
            raise Unavailable(f"{self.server().name} answers chats, responses and embeddings, not {path}.")
        body = scrub(json.loads(call.body), *call.secrets)
        if body.get("previous_response_id"):
            self.server()  # without one, there is nothing to say about it
            body["input"] = _history(body, exchanges)
        try:
            answered_by(call, body)
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            if call.handler.answered:
                raise
            raise Unavailable(f"{self._who(call)} and this request do not fit together ({error!r}).") from None
        if self.on_answer:
            self.on_answer(sentence(call.exchange))

    # --- the three endpoints

    def _chat(self, call: Call, body: dict[str, Any]) -> None:
        if "audio" in (body.get("modalities") or ()):
            raise Unavailable(f"{self._who(call)} cannot answer with sound.")
        model = self._begin(call, body)
        if body.get("stream"):
            self._send_stream(call, self._chat_events(body, model), done=True)
            return
        answers = [self._chat_answer(body, request) for request in self._requests(body, model)]
        self._send(call, answers[0] if len(answers) == 1 else translating.merged(answers))

    def _responses(self, call: Call, body: dict[str, Any]) -> None:
        model = self._begin(call, body)
        if body.get("stream"):
            self._send_stream(call, self._response_events(body, model))
            return
        if self.has_responses:
            try:
                self._send(call, self._json("/responses", translating.rewritten(body, model)))
                return
            except _NotSpoken:
                self.has_responses = False
        chat = self._as_chat(body, model)
        self._send(call, translating.to_response(self._chat_answer(chat, translating.rewritten(chat, model)), body))

    def _embeddings(self, call: Call, body: dict[str, Any], vectors: RecordedVectors) -> None:
        if self.has(body.get("model")):
            self._begin(call, body)
            self._send(call, self._json("/embeddings", body))
            return
        texts, size = embeddings.texts_of(body), embeddings.dimensions_of(body)
        found = {text: vectors.find(body["model"], text, size) for text in texts}
        new = [text for text, kept in found.items() if kept is None]
        if vectors.captured() or not texts:
            reason = "the recorded vectors are OpenAI's own" if texts else "this request holds no texts"
            raise Unavailable(f"{sentence_model.NAME} cannot stand in for {body['model']}: {reason}.")
        made = iter(sentence_model.carried(self._base_vectors(call, new), body["model"], size))
        if len(new) < len(found):
            call.exchange.remark = f"New are the vectors of {len(new)} of {len(found)} texts; the others are recorded."
        full = {text: kept[0] if kept else next(made) for text, kept in found.items()}
        self._send(call, embeddings.answer(body, [full[text] for text in texts]))

    def _base_vectors(self, call: Call, texts: list[str]) -> Any:
        """Vectors of the sentence model, from the server or from the package. Raises Unavailable without either."""
        import numpy as np

        problem = ""
        try:
            server = self.server()
            if model := finding.sentence_model(server.models):
                call.exchange.origin = _origin(model, server.name)
                answer = self._json("/embeddings", {"model": model, "input": texts})
                items = sorted(answer["data"], key=lambda item: item["index"])
                if {np.shape(item["embedding"]) for item in items} != {(sentence_model.SIZE,)}:
                    raise Unavailable(f"{model} {server.place} is not the model of the recorded vectors. {PULL}")
                return np.asarray([item["embedding"] for item in items]).astype("<f2")
            problem = f"{server.name} does not have all-minilm, the model of the recorded vectors. {PULL}"
        except Unavailable as error:
            problem = str(error)
            if self._settings().off:
                raise
        try:
            made = sentence_model.encode(texts)
        except ImportError:
            raise Unavailable(problem) from None
        call.exchange.origin = _origin(sentence_model.NAME, "the package sentence-transformers on this machine")
        return np.stack(made)

    # --- chats

    def _requests(self, body: dict[str, Any], model: str) -> Iterator[dict[str, Any]]:
        """The requests that give as many answers as `n` says; each with a seed of its own where there is one."""
        request = translating.rewritten(body, model)
        for number in range(body.get("n") or 1):
            yield {**request, "seed": request["seed"] + number} if "seed" in request else request

    def _chat_answer(self, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
        return translating.whole_chat({"model": request["model"]} | self._json("/chat/completions", request), body)

    def _chat_events(self, body: dict[str, Any], model: str) -> Iterator[dict[str, Any]]:
        usages, said = [], []
        frame = {"id": "chatcmpl-stand-in", "object": "chat.completion.chunk", "created": int(time.time())}
        for number, request in enumerate(self._requests(body, model)):
            told = None
            for chunk in self._events("/chat/completions", request):
                told = chunk.pop("usage", None) or told
                choices = [{**choice, "index": number} for choice in chunk.get("choices") or ()]
                said += [choice["delta"] for choice in choices if choice.get("delta")]
                frame |= {name: chunk[name] for name in ("id", "created", "model") if name in chunk and not number}
                if choices:
                    yield {**chunk, **frame, "choices": choices}
            if told:
                usages.append(told)
        if (body.get("stream_options") or {}).get("include_usage"):
            whole = {**frame, "model": model, "choices": []}
            if usages:
                usage = translating.merged([{**whole, "usage": told} for told in usages])["usage"]
            else:
                usage = translating.chat_usage(body, said)
            yield {**whole, "usage": usage}

    # --- responses

    def _as_chat(self, body: dict[str, Any], model: str) -> dict[str, Any]:
        if reason := translating.untranslatable(body):
            raise Unavailable(
                f"{model} {self.server().place} has no Responses API, and through a chat cannot {reason}."
            )
        return translating.to_chat(body)

    def _response_events(self, body: dict[str, Any], model: str) -> Iterator[dict[str, Any]]:
        if self.has_responses:
            try:
                yield from self._events("/responses", translating.rewritten(body, model))
                return
            except _NotSpoken:
                self.has_responses = False
        chat = {**self._as_chat(body, model), "stream_options": {"include_usage": True}}
        yield from translating.to_response_events(self._chat_events(chat, model), body, model)

    # --- to the client

    def _begin(self, call: Call, body: dict[str, Any]) -> str:
        """Chooses the model and notes it in the log."""
        model, server = self.model_for(body.get("model")), self.server()
        call.exchange.origin = _origin(model, server.name)
        if not self._why_told and len(finding.chat_models(server)) > 1 and not _listed(body.get("model"), server):
            self._why_told = True
            call.exchange.remark = finding.choose(server, self._settings().model)[1]
        return model

    def _note(self, call: Call, kind: str) -> None:
        exchange = call.exchange
        exchange.status, exchange.source = 200, "stand-in"
        exchange.headers = {"content-type": kind, "x-course-origin": json.dumps(exchange.origin), **call.extra}
        sent = exchange.request.get("json") or {}
        if missing := sorted((self._refuses - translating.SILENT) & sent.keys()):
            exchange.remark += f" It does not know {' and '.join(missing)}: left out."
        self._warm_until = time.monotonic() + WARM

    def _send(self, call: Call, answer: dict[str, Any]) -> None:
        self._note(call, "application/json")
        call.exchange.answer = answer
        call.handler.send_json(200, answer, call.exchange.headers)

    def _send_stream(self, call: Call, events: Iterator[dict[str, Any]], done: bool = False) -> None:
        handler, exchange = call.handler, call.exchange
        first = next(events, None)  # until it comes, nothing is sent, and an error can go the way of all errors
        if first is None:
            raise Unavailable(f"{self._who(call)} ended its answer before it began.")
        self._note(call, "text/event-stream; charset=utf-8")
        exchange.answer = []
        handler.start_stream(200, exchange.headers)

        def send(event: Any) -> None:
            exchange.answer.append(event)
            handler.send_chunk(sse(event))

        cut = call.fault.events if call.fault and call.fault.kind == "drop-stream" else None
        try:
            while first is not None:
                if cut is not None and len(exchange.answer) >= cut:
                    handler.hang_up()
                    return
                send(first)
                first = next(events, None)
            if done:
                send("[DONE]")
        except Unavailable as error:  # too late for another status: the SDK raises APIError with this message
            send({"error": {"message": str(error), "type": "course", "param": None, "code": "stand_in_gone"}})
        handler.end_stream()

    # --- to the stand-in

    def _who(self, call: Call) -> str:
        model = (call.exchange.origin or {}).get("model") or self.model_for(None)
        return f"{model} {self.server().place}"

    def _json(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        with self._sent(path, body) as response:
            answer = json.loads(response.read())
        if not isinstance(answer, dict) or answer.get("error"):
            raise Unavailable(f"{body['model']} {self.server().place} refused: {_reason(answer)}")
        return answer

    def _events(self, path: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with self._sent(path, body) as response:
            for _, _, data in read_events(response.iter_bytes()):
                if data == "[DONE]":
                    return
                if not isinstance(data, dict):
                    continue
                if data.get("error"):
                    raise Unavailable(f"{body['model']} {self.server().place} stopped: {_reason(data)}")
                yield data

    @contextlib.contextmanager
    def _sent(self, path: str, body: dict[str, Any]) -> Generator[Any]:
        """The stand-in's answer to a request, as soon as it begins.

        A parameter that it may lack and refuses is left out, from then on.

        Raises:
            Unavailable: also in the middle of the answer.
        """
        import httpx2  # comes with openai 3; imported here, so that replay starts without it

        server = self.server()
        who = f"{body['model']} {server.place}"
        begun = False
        left_out: set[str] = set()
        slow = threading.Timer(SLOW, self._tell_what_is_waited_for, [who])
        slow.daemon = True
        if time.monotonic() > self._warm_until:
            slow.start()
        try:
            while True:
                sent = {name: value for name, value in body.items() if name not in self._refuses | left_out}
                if self._old_schemas:
                    sent = translating.with_old_schema(sent)
                with self._client(httpx2, server).stream("POST", server.url + path, json=sent) as response:
                    if response.status_code < 400:
                        self._refuses |= left_out
                        slow.cancel()
                        begun = True
                        yield response
                        return
                    text = scrub(response.read().decode("utf-8", "replace"), server.key)
                    if path == "/responses" and response.status_code in (404, 405, 501):
                        raise _NotSpoken("")
                    if "json_schema" in text and translating.with_old_schema(sent) != sent:
                        self._old_schemas = True
                        continue
                    doubtful = translating.OPTIONAL & sent.keys()
                    if response.status_code not in (400, 422, 500) or not doubtful:
                        raise Unavailable(f"{who} refused: {_reason(text)}")
                    left_out |= {name for name in doubtful if name in text} or doubtful
        except httpx2.TimeoutException:
            raise Unavailable(f"{who} did not answer within {SECONDS:.0f} seconds.") from None
        except httpx2.TransportError as error:
            self._server = None  # it may be another one, or elsewhere, when it comes back
            went = "went away in the middle of its answer" if begun else "cannot be reached"
            raise Unavailable(f"{who} {went} ({type(error).__name__}).") from None
        except ValueError as error:
            raise Unavailable(f"{who} sent what is no answer of this API ({error}).") from None
        finally:
            slow.cancel()

    def _client(self, httpx2: Any, server: Server) -> Any:
        """A client that knows the stand-in's key alone, and no proxy on the way to this machine."""
        if server.url not in self._clients:
            self._clients[server.url] = httpx2.Client(
                headers={"authorization": f"Bearer {server.key}"} if server.key else {},
                timeout=httpx2.Timeout(SECONDS, connect=finding.CONNECT),
                limits=httpx2.Limits(max_connections=None),
                trust_env=not server.local,
            )
        return self._clients[server.url]

    def _tell_what_is_waited_for(self, who: str) -> None:
        if self.on_wait:
            self.on_wait(f"Waiting for {who}: loading a model can take half a minute.")


def sentence(exchange: Exchange) -> str:
    """The line below a cell that a stand-in answered: who it was, who not, and what it would have cost with a key.

    Args:
        exchange: one whose source is "stand-in".
    """
    origin, asked = exchange.origin or {}, (exchange.request.get("json") or {}).get("model")
    text = f"Answered by {origin['model']} {finding.place(origin['server'])}"
    text += f", not by {asked}." if asked and asked != origin["model"] else "."
    if exchange.reading and exchange.reading.cost:
        text += f" With a key it would have cost about {costs.usd(exchange.reading.cost)}."
    return f"{text} {exchange.remark}".strip()


def _listed(model: Any, server: Server) -> bool:
    return isinstance(model, str) and (model in server.models or f"{model}:latest" in server.models)


def _origin(model: str, server: str) -> dict[str, Any]:
    return {"kind": "stand-in", "model": model, "server": server, "date": datetime.now(UTC).date().isoformat()}


def _reason(answer: Any) -> str:
    """What an error answer says, in one line."""
    with contextlib.suppress(ValueError):
        answer = json.loads(answer) if isinstance(answer, str) else answer
    if isinstance(answer, dict):
        error = answer.get("error") or answer.get("detail") or answer.get("message") or answer
        answer = error.get("message") or error if isinstance(error, dict) else error
    text = " ".join((answer if isinstance(answer, str) else json.dumps(answer)).split())
    return text[:300] + "…" * (len(text) > 300) if text else "it gave no reason"


def _history(body: dict[str, Any], exchanges: Sequence[Exchange]) -> list[Any]:
    """The items of a response and of those that it continues, because stand-ins keep none. Raises Unavailable."""
    items, id = _items(body.get("input")), body["previous_response_id"]
    while id:
        earlier = next(
            (pair for each in reversed(exchanges) if (pair := _response(each)) and pair[1]["id"] == id), None
        )
        if earlier is None:
            raise Unavailable(f"A stand-in keeps no responses, and {id} is not among those of this lesson.")
        request, response = earlier
        items = [*_items(request.get("input")), *response["output"], *items]
        id = request.get("previous_response_id")
    return items


def _items(texts: Any) -> list[Any]:
    return texts if isinstance(texts, list) else [{"role": "user", "content": texts or ""}]


def _response(exchange: Exchange) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The request and the response of an exchange; None where it has none."""
    last = exchange.answer[-1] if isinstance(exchange.answer, list) and exchange.answer else exchange.answer
    response = last.get("response", last) if isinstance(last, dict) else None
    if isinstance(response, dict) and response.get("object") == "response":
        return exchange.request.get("json") or {}, response
    return None
