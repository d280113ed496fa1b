"""What the API refuses without asking a model: one list of rules for replay and for the fake API.

A rule refuses only what it knows to be wrong; a request that no rule is sure about goes on. What an endpoint takes is
in data/course/requests.json, what a model takes in models.json. Each rule names where its
words come from:

* wire: a recorded answer of the API, by the name of its sample (tests/wire and tests/wire_refused.json), or its
  message in a survey of 6,245 public recordings ("survey").
* thread: a public issue that quotes the API's answer.
* pattern: the API words this kind of fault so elsewhere; this very case was not seen.
* not seen: that it is refused is documented, how it is worded is not known.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .. import models
from ..setup import keys
from ..setup.endpoints import APIS, RESPONDS, api_of
from ..setup.files import COURSE

TABLE = json.loads((COURSE / "requests.json").read_text(encoding="utf-8"))
ROOTS = TABLE["roots"]  # first words of paths; below them only what APIS names is judged


@dataclass(frozen=True)
class Refusal:
    """An answer of the API that no model had a part in.

    Attributes:
        status: HTTP status.
        body: {"error": {"message", "type", "param", "code"}}.
        rule: name of the rule.
        source: where its words come from.
        headers: headers that a learner may read.
    """

    status: int
    body: dict[str, Any]
    rule: str
    source: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ParsedRequest:
    """What the rules see: body or form fields without nulls, uploads, and the day of the request."""

    method: str
    path: str
    api: str
    body: dict[str, Any]
    uploads: list[dict[str, Any]]
    form: bool
    today: date | str
    readable: bool = True

    @property
    def model(self) -> str:
        return str(self.body.get("model") or "")

    @property
    def entry(self) -> dict[str, Any]:
        """The table's entry for the model; empty when it has none."""
        return models.info(self.model) if models.canonical(self.model) else {}


class Violation(NamedTuple):
    message: str
    param: str | None = None
    code: str | None = None
    status: int = 400
    type: str = "invalid_request_error"

    @property
    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


Check = Callable[[ParsedRequest], Iterator[Violation]]
RULES: list[tuple[frozenset[str], Check, str]] = []


def _rule(*apis: str, source: str) -> Callable[[Check], Check]:
    """Adds a rule for some endpoints; for all of them when none is named."""

    def add(check: Check) -> Check:
        RULES.append((frozenset(apis), check, source))
        return check

    return add


def refusal(
    request: dict[str, Any],
    key: str | None = None,
    *,
    today: date | str = models.AS_OF,
) -> Refusal | None:
    """The API's refusal of a request, or None when it may be right.

    Args:
        request: {"method", "path"} and "json" or "multipart", as `recordings.describe` makes it.
        key: the client's key; None is not judged, "" is a request without one.
        today: day by which models that have ended are refused; never the clock.
    """
    path = request["path"].partition("?")[0]
    if wrong := unauthorised(key, path):
        return wrong
    form = request.get("multipart")
    body = form_fields(form) if form is not None else request.get("json", {})
    api = api_of(path)
    uploads = [part for part in form or () if "filename" in part]
    parsed = ParsedRequest(request["method"], path, api, {}, uploads, form is not None, today)
    parsed.readable = "sha256" not in request and isinstance(body, dict)
    parsed.body = {name: value for name, value in body.items() if value is not None} if parsed.readable else {}
    for apis, check, source in RULES:
        if not apis or (path in APIS and api in apis and parsed.method == "POST"):
            try:
                fault = next(check(parsed), None)
            except (AttributeError, KeyError, TypeError, ValueError):
                continue  # a value of a type that the rule did not expect: not known to be wrong
            if fault:
                return _refused(fault, check.__name__.strip("_"), source)
    return None


def _refused(fault: Violation, rule: str, source: str, headers: dict[str, str] | None = None) -> Refusal:
    body = fault.body
    number = hashlib.sha256(json.dumps(body).encode()).hexdigest()
    headers = {"x-request-id": f"req_{number[:12]}4{number[13:16]}8{number[17:32]}", **(headers or {})}
    return Refusal(fault.status, body, rule, source, headers)


def form_fields(form: list[dict[str, Any]]) -> dict[str, Any]:
    """The plain fields of a form; one that comes several times, as name[], is a list."""
    body: dict[str, Any] = {}
    for part in form:
        if "filename" not in part and part["name"].endswith("[]"):
            body.setdefault(part["name"][:-2], []).append(part.get("value"))
        elif "filename" not in part:
            body[part["name"]] = part.get("value")
    return body


# --- the key ----------------------------------------------------------------------------------------------------


def unauthorised(key: str | None, path: str) -> Refusal | None:
    """The 401 for a request without a key, or with one that cannot be one: it begins with sk- but has another shape.

    Any other word passes: replay needs no key, and the users of `serve` are told to give any word.

    Args:
        key: the client's key; None is not judged, "" is a request without one.
        path: path of the request; endpoints differ in their headers.
    """
    if key is None or (key and not (key.startswith("sk-") and keys.problem(key))):
        return None
    page = "https://platform.openai.com/account/api-keys."
    headers = {} if path.startswith(("/v1/chat", "/v1/embeddings")) else {"www-authenticate": BEARER}
    if not key:
        how = "You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: "
        message = f"You didn't provide an API key. {how}Bearer YOUR_KEY). You can obtain an API key from {page}"
        return _refused(Violation(message, status=401), "no_key", "thread: openai/openai-python, many", headers)
    message = f"Incorrect API key provided: {masked(key)}. You can find your API key at {page}"
    fault = Violation(message, code="invalid_api_key", status=401)
    return _refused(fault, "wrong_key", "wire: error-401-invalid-key-chat", headers)


BEARER = 'Bearer realm="OpenAI API"'


def masked(key: str) -> str:
    """A key as the API's own 401 shows it: whole up to 12 characters, else the first 8 and the last 4."""
    return key if len(key) <= 12 else f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}"


# --- paths and bodies -------------------------------------------------------------------------------------------


@_rule(source="wire: error-404-invalid-url")
def _invalid_url(request: ParsedRequest) -> Iterator[Violation]:
    root, _, rest = request.path.removeprefix("/v1/").partition("/")
    wrong = not request.path.startswith("/v1/") or root not in ROOTS or request.path.endswith("/")
    if root in ("audio", "chat", "embeddings", "images", "moderations") and request.method == "POST":
        wrong = wrong or (request.path not in APIS and not rest.startswith(("completions/", "voice")))
    if wrong:
        yield Violation(f"Invalid URL ({request.method} {request.path})", status=404)


@_rule(source="thread: the sentence is quoted in many; the hint in brackets that follows it is left out here")
def _unreadable_body(request: ParsedRequest) -> Iterator[Violation]:
    if not request.readable:
        yield Violation("We could not parse the JSON body of your request.")


@_rule("chat", "embeddings", "speech", "transcriptions", "translations", source="wire: chat; the others by pattern")
def _no_model(request: ParsedRequest) -> Iterator[Violation]:
    if not request.model:
        yield Violation("you must provide a model parameter")


REQUIRED: dict[str, list[str]] = TABLE["required"]
CONTINUES = ("previous_response_id", "conversation", "prompt")  # with these a response needs no input


@_rule(*REQUIRED, source="wire: error-400-missing-input-responses; endpoints other than Responses by pattern")
def _missing_parameter(request: ParsedRequest) -> Iterator[Violation]:
    if request.api == "responses" and any(name in request.body for name in CONTINUES):
        return
    for name in REQUIRED[request.api]:
        if name not in request.body:
            yield _missing(name)


def _missing(name: str) -> Violation:
    return Violation(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")


NUMBER, WHOLE, TEXT, FLAG, OBJECT, LIST = "decimal", "integer", "string", "boolean", "object", "array"
BOUNDS: dict[str, dict[str, list[Any]]] = {api: of for api, of in TABLE["parameters"].items() if api != "about"}
KNOWN = {api: {*BOUNDS[api], *names} for api, names in TABLE["further_parameters"].items() if api != "about"}
BOUNDS |= {"input_tokens": BOUNDS["responses"], "edits": BOUNDS["images"], "translations": BOUNDS["transcriptions"]}
MOVED = {"response_format": "text.format", "reasoning_effort": "reasoning.effort"}


@_rule(*KNOWN, source="wire: error-400-unrecognized-argument (chat), error-400-unknown-param-images")
def _unknown_parameter(request: ParsedRequest) -> Iterator[Violation]:
    for name in request.body:
        if request.api == "responses" and name in MOVED:
            yield Violation(
                f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{MOVED[name]}'. "
                "Try again with the new parameter. See the API documentation for more information: "
                "https://platform.openai.com/docs/api-reference/responses/create.",
                None,
                "unsupported_parameter",
            )
        if name in KNOWN[request.api]:
            continue
        if request.api in ("responses", "images") or name in KNOWN["responses"]:
            yield Violation(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
        yield Violation(f"Unrecognized request argument supplied: {name}")


FITS = {NUMBER: (int, float), WHOLE: (int,), TEXT: (str,), FLAG: (bool,), OBJECT: (dict,), LIST: (list,)}
EXPECTED = {kind: f"{'an' if kind[0] in 'aio' else 'a'} {kind}" for kind in FITS}
PYTHON = {types[-1]: EXPECTED[kind] for kind, types in FITS.items()}


def _named(value: Any) -> str:
    return PYTHON.get(type(value), "null")


def _wrong_type(name: str, value: Any, expected: str) -> Violation:
    message = f"Invalid type for '{name}': expected {expected}, but got {_named(value)} instead."
    return Violation(message, name, "invalid_type")


@_rule(*BOUNDS, source="wire: survey, invalid_type for messages; other parameters by pattern")
def _type_of_parameter(request: ParsedRequest) -> Iterator[Violation]:
    bounds = BOUNDS[request.api]
    for name, value in list(request.body.items()):
        if name not in bounds:
            continue
        kind = bounds[name][0]
        if request.form and kind in (NUMBER, WHOLE, FLAG):
            try:
                request.body[name] = value = json.loads(value)
            except ValueError:
                pass
        whole = kind == WHOLE and isinstance(value, float) and value.is_integer()
        if not whole and (not isinstance(value, FITS[kind]) or (isinstance(value, bool) and kind != FLAG)):
            yield _wrong_type(name, value, EXPECTED[kind])


# --- the model --------------------------------------------------------------------------------------------------


def _exists(model: str) -> bool:
    """Whether a name may be a model: in the table, among the SDK's, fine-tuned, or a dated snapshot of one of them."""
    known = models.TABLE["others"]
    return bool(_base(model)) or DATED.sub("", model) in (*known["names"], *known["gone"]) or model.startswith("ft:")


DATED = re.compile(r"-\d{4}-\d\d-\d\d$")


def _base(model: str) -> str | None:
    """The table's name for a model or for a dated snapshot of one."""
    return models.canonical(model) or models.canonical(DATED.sub("", model))


def _gone(model: str, today: date | str) -> bool:
    base = _base(model)
    return models.is_gone(base, today) if base else model in models.TABLE["others"]["gone"]


@_rule(source="not seen; the form is that of the list of models")
def _model_to_retrieve(request: ParsedRequest) -> Iterator[Violation]:
    if request.api == "models" and (name := request.path.removeprefix("/v1/models").strip("/")):
        if _gone(name, request.today) or not _exists(name):
            yield Violation(f"The model '{name}' does not exist", "model", "model_not_found", 404)


WITH_MODEL = ("chat", *RESPONDS, "embeddings", "moderations", "speech", "transcriptions", "translations", "images")


@_rule(*WITH_MODEL, "edits", source="wire: error-404-model-not-found-chat, error-400-model-not-found-responses")
def _unknown_model(request: ParsedRequest) -> Iterator[Violation]:
    model = request.model
    if model and not _exists(model):
        if request.api in RESPONDS:
            yield Violation(f"The requested model '{model}' does not exist.", "model", "model_not_found")
        yield _no_access(model)


def _no_access(model: str) -> Violation:
    message = f"The model `{model}` does not exist or you do not have access to it."
    return Violation(message, None, "model_not_found", 404)


@_rule(*WITH_MODEL, "edits", source="wire: error-404-model-deprecated; on Responses: survey, gpt-5-codex")
def _retired_model(request: ParsedRequest) -> Iterator[Violation]:
    model = request.model
    if _gone(model, request.today):
        if request.api in RESPONDS:
            yield Violation(f"Model not found {model}", "model", None, 404)
        learn = "learn more here: https://platform.openai.com/docs/deprecations"
        yield Violation(f"The model `{model}` has been deprecated, {learn}", None, "model_not_found", 404)


@_rule(*WITH_MODEL, "edits", source="wire: error-404-not-a-chat-model, survey; sound and images: not seen")
def _model_of_another_endpoint(request: ParsedRequest) -> Iterator[Violation]:
    model, api = request.model, {"input_tokens": "responses", "edits": "images"}.get(request.api, request.api)
    completes = model in models.TABLE["others"]["only_completions"]
    if not completes and (not models.canonical(model) or api in request.entry["endpoints"]):
        return
    if api == "chat":
        message = "This is not a chat model and thus not supported in the v1/chat/completions endpoint. "
        yield Violation(message + "Did you mean to use v1/completions?", "model", None, 404)
    if api == "embeddings":
        yield Violation("You are not allowed to generate embeddings from this model", status=403)
    if api == "responses":
        message = f"The requested model '{model}' is not supported with the Responses API."
        yield Violation(message, "model", "model_not_found")
    yield _no_access(model)


# --- what the model takes ---------------------------------------------------------------------------------------


def _unsupported(name: str, code: str | None = "unsupported_parameter", more: str = "") -> Violation:
    return Violation(f"Unsupported parameter: '{name}' is not supported with this model.{more}", name, code)


def _listed(values: Collection[str]) -> str:
    """Values as the API lists them: 'a', 'b', and 'c'."""
    *firsts, last = [f"'{value}'" for value in values]
    return f"{', '.join(firsts)}{',' if len(firsts) > 1 else ''} and {last}" if firsts else last


def _invalid(value: Any, name: str, values: Collection[str]) -> Violation:
    return Violation(f"Invalid value: '{value}'. Supported values are: {_listed(values)}.", name, "invalid_value")


SAMPLING = ("temperature", "top_p", "logprobs", "frequency_penalty", "presence_penalty", "logit_bias", "stop")


@_rule("chat", source="wire: error-400-max-tokens-unsupported")
def _max_tokens(request: ParsedRequest) -> Iterator[Violation]:
    if (
        "max_tokens" in request.body
        and "parameters" in request.entry
        and not models.accepts(request.model, "max_tokens")
    ):
        yield _unsupported("max_tokens", more=" Use 'max_completion_tokens' instead.")


@_rule("chat", source="thread: langflow-ai/openrag#398 and the sources of data/course/models.json")
def _effort_on_chat(request: ParsedRequest) -> Iterator[Violation]:
    effort = request.body.get("reasoning_effort")
    if effort is None or "parameters" not in request.entry:
        return
    known = models.chat_efforts(request.model)
    if not models.accepts(request.model, "reasoning_effort"):
        yield Violation("Unrecognized request argument supplied: reasoning_effort")
    elif known and effort not in known:
        message = f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. "
        yield Violation(f"{message}Supported values are: {_listed(known)}.", "reasoning_effort", "unsupported_value")


@_rule("chat", source="wire: error-400-stop-unsupported; thread: shell_gpt#757, LunaTranslator#1842")
def _sampling_on_chat(request: ParsedRequest) -> Iterator[Violation]:
    if "parameters" not in request.entry:
        return
    model, effort = request.model, request.body.get("reasoning_effort")
    for name in SAMPLING:
        value = request.body.get(name)
        if value is None or models.accepts(model, name, effort) or value == models.neutral(model, name):
            continue
        if name == "temperature":
            message = f"Unsupported value: 'temperature' does not support {value} with this model. "
            yield Violation(message + "Only the default (1) value is supported.", name, "unsupported_value")
        yield _unsupported(name)


@_rule("chat", source="thread: onyx#15008")
def _tools_with_effort(request: ParsedRequest) -> Iterator[Violation]:
    effort = request.body.get("reasoning_effort")
    if (
        request.body.get("tools")
        and "parameters" in request.entry
        and not models.accepts(request.model, "tools", effort)
    ):
        message = (
            f"Function tools with reasoning_effort are not supported for {request.model} in /v1/chat/completions. "
        )
        yield Violation(
            f"{message}To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
            "reasoning_effort",
        )


@_rule(*RESPONDS, source="wire: error-400-reasoning-effort-value, error-400-temperature-unsupported-responses")
def _model_on_responses(request: ParsedRequest) -> Iterator[Violation]:
    entry, model = request.entry, request.model
    if "parameters" not in entry:
        return
    effort, known = (request.body.get("reasoning") or {}).get("effort"), entry.get("efforts") or []
    if effort is not None and not models.accepts(model, "reasoning_effort"):
        yield _unsupported("reasoning.effort")
    elif effort is not None and known and effort not in known:
        message = f"Unsupported value: '{effort}' is not supported with the '{model}' model. "
        yield Violation(f"{message}Supported values are: {_listed(known)}.", "reasoning.effort", "unsupported_value")
    for name in ("temperature", "top_p"):
        if request.body.get(name, 1) != 1 and not models.accepts(model, name, effort):
            yield _unsupported(name, code=None)


@_rule("embeddings", source="wire: error-400-embeddings-dimensions; thread: JMTEB#14; above the most: not seen")
def _dimensions(request: ParsedRequest) -> Iterator[Violation]:
    wanted, most = request.body.get("dimensions"), request.entry.get("dimensions", 0)
    if wanted is not None and wanted < 1:
        yield Violation(f"{wanted} is less than the minimum of 1 - 'dimensions'")
    if wanted is not None and request.entry.get("fixed_dimensions"):
        yield Violation("This model does not support specifying dimensions.")
    if wanted and most and wanted > most:
        yield Violation(f"Invalid value for 'dimensions' = {wanted}. Must be less than or equal to {most}.")


@_rule(*BOUNDS, source="wire: error-400-temperature-range; thread: griptape-nodes-engine#1031; others by pattern")
def _out_of_bounds(request: ParsedRequest) -> Iterator[Violation]:
    for name, (kind, *limits) in BOUNDS[request.api].items():
        value = request.body.get(name)
        if value is None or not limits:
            continue
        if kind == TEXT:
            if value not in limits:
                yield _invalid(value, name, limits)
            continue
        for side, sign, limit in zip(("below min", "above max"), "><", limits, strict=False):
            if value < limit if sign == ">" else value > limit:
                message = (
                    f"Invalid '{name}': {kind} {side}imum value. Expected a value {sign}= {limit}, but got {value}"
                )
                yield Violation(message + " instead.", name, f"{kind}_{side.replace(' ', '_')}_value")


@_rule("chat", source="thread: ExtractThinker#346, for max_tokens; max_completion_tokens by pattern")
def _more_than_the_model_writes(request: ParsedRequest) -> Iterator[Violation]:
    most = request.entry.get("max_output")
    for name in ("max_tokens", "max_completion_tokens"):
        if most and request.body.get(name, 0) > most:
            given = request.body[name]
            message = f"{name} is too large: {given}. This model supports at most {most} completion tokens, "
            yield Violation(f"{message}whereas you provided {given}.", name, "invalid_value")


@_rule("chat", source="not seen: the reference says that each needs the other")
def _needs_another(request: ParsedRequest) -> Iterator[Violation]:
    if "stream_options" in request.body and not request.body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        yield Violation(message, "stream_options")
    if "top_logprobs" in request.body and not request.body.get("logprobs"):
        yield Violation("'logprobs' must be set to true when 'top_logprobs' is used.", "top_logprobs", "invalid_value")
    stop = request.body.get("stop")
    if isinstance(stop, list) and len(stop) > 4:
        yield _length("stop", stop, 4)


def _length(name: str, values: list[Any], most: int = 0) -> Violation:
    """A list that is empty (`most` 0) or too long."""
    if not most:
        message = "empty array. Expected an array with minimum length 1, but got an empty array instead."
        return Violation(f"Invalid '{name}': {message}", name, "empty_array")
    message = f"array too long. Expected an array with maximum length {most}, but got an array with length"
    return Violation(f"Invalid '{name}': {message} {len(values)} instead.", name, "array_above_max_length")


# --- messages ---------------------------------------------------------------------------------------------------

ROLES, PARTS = TABLE["roles"], TABLE["parts"]


@_rule("chat", source="wire: error-400-empty-messages")
def _empty_messages(request: ParsedRequest) -> Iterator[Violation]:
    if not request.body["messages"]:
        yield _length("messages", [])


@_rule("chat", source="wire: survey (types of messages and content); roles and null content: pattern, threads")
def _malformed_message(request: ParsedRequest) -> Iterator[Violation]:
    for number, message in enumerate(request.body["messages"]):
        where = f"messages[{number}]"
        if not isinstance(message, dict):
            yield _wrong_type(where, message, "an object")
        if "role" not in message:
            yield _missing(f"{where}.role")
        if message["role"] not in ROLES:
            yield _invalid(message["role"], f"{where}.role", ROLES)
        content, role = message.get("content"), message["role"]
        if content is None:
            if role != "assistant" or not any(
                message.get(n) for n in ("tool_calls", "function_call", "audio", "refusal")
            ):
                text = "Invalid value for 'content': expected a string, got null."
                yield Violation(text, f"messages.[{number}].content")
        elif not isinstance(content, str | list):
            yield _wrong_type(f"{where}.content", content, "one of a string or array of objects")
        elif content == []:
            yield _length(f"{where}.content", [])
        if role == "tool" and "tool_call_id" not in message:
            text = "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'."
            yield Violation(text, f"messages.[{number}].tool_call_id")
        for at, call in enumerate(message.get("tool_calls") or ()):
            arguments = call.get("function", {}).get("arguments", "") if isinstance(call, dict) else ""
            if not isinstance(arguments, str):
                yield _wrong_type(f"{where}.tool_calls[{at}].function.arguments", arguments, "a string")


@_rule("chat", source="wire: survey (unknown part, image outside a user message), error-400-missing-param")
def _malformed_part(request: ParsedRequest) -> Iterator[Violation]:
    for number, message in enumerate(request.body["messages"]):
        parts = message.get("content")
        for at, part in enumerate(parts if isinstance(parts, list) else ()):
            where = f"messages[{number}].content[{at}]"
            if not isinstance(part, dict):
                yield _wrong_type(where, part, "an object")
            kind = part.get("type")
            if kind is None:
                yield _missing(f"{where}.type")
            if kind not in PARTS:
                yield _invalid(kind, f"{where}.type", PARTS)
            if kind == "image_url" and message["role"] != "user":
                only = "Image URLs are only allowed for messages with role 'user', but this message with role "
                text = f"Invalid 'messages[{number}]'. {only}'{message['role']}' contains an image URL."
                yield Violation(text, f"messages[{number}]", "invalid_value")
            if kind not in ("text", "image_url", "file", "input_audio"):
                continue
            if kind not in part:
                yield _missing(f"{where}.{kind}")
            inner = part[kind]
            expected = str if kind == "text" else dict
            if not isinstance(inner, expected):
                yield _wrong_type(f"{where}.{kind}", inner, PYTHON[expected])
            if kind == "file" and "file_id" not in inner and not ("file_data" in inner and "filename" in inner):
                yield _missing(f"{where}.file.file_id")
            if kind == "input_audio" and inner.get("format") not in ("wav", "mp3"):
                yield _invalid(inner.get("format"), f"{where}.input_audio.format", ("wav", "mp3"))


@_rule("chat", source="wire: error-400-tool-calls-without-results; the other side: shell_gpt#717")
def _calls_and_results(request: ParsedRequest) -> Iterator[Violation]:
    pending: list[str] = []
    for number, message in enumerate(request.body["messages"]):
        if message["role"] == "tool":
            if message["tool_call_id"] not in pending:
                what = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                yield Violation(f"Invalid parameter: {what}", f"messages.[{number}].role")
            pending.remove(message["tool_call_id"])
            continue
        if pending:
            break
        pending = [call["id"] for call in message.get("tool_calls") or () if isinstance(call, dict) and "id" in call]
    if pending:
        what = "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
        ids = f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(pending)}"
        yield Violation(what + ids, "messages")


# --- items of the Responses API ---------------------------------------------------------------------------------

ITEM_ROLES, ITEM_PARTS = TABLE["item_roles"], TABLE["item_parts"]
ITEMS = TABLE["items"]  # longer now, so only words of another place are refused
NO_ITEMS = {*ITEM_ROLES, *ITEM_PARTS, *PARTS, "image", "tool", "tool_call", "tool_calls", "tool_result"}


@_rule(*RESPONDS, source="wire: survey (role tool, type image, part input_audio); types by pattern")
def _malformed_item(request: ParsedRequest) -> Iterator[Violation]:
    items = request.body.get("input", "")
    if not isinstance(items, str | list):
        yield _wrong_type("input", items, "one of a string or array of objects")
    for number, item in enumerate(items if isinstance(items, list) else ()):
        where = f"input[{number}]"
        if not isinstance(item, dict):
            yield _wrong_type(where, item, "an object")
        if item.get("type") in NO_ITEMS:
            yield _invalid(item["type"], where, ITEMS)
        if item.get("type", "message") != "message":
            continue
        if item.get("role") not in ITEM_ROLES:
            yield _invalid(item["role"], where, ITEM_ROLES) if "role" in item else _missing(f"{where}.role")
        if "content" not in item:
            yield _missing(f"{where}.content")
        content = item["content"]
        if not isinstance(content, str | list):
            yield _wrong_type(f"{where}.content", content, "one of a string or array of objects")
        for at, part in enumerate(content if isinstance(content, list) else ()):
            if not isinstance(part, dict):
                yield _wrong_type(f"{where}.content[{at}]", part, "an object")
            if part.get("type") in {*PARTS, "input_audio", "image"} - {*ITEM_PARTS}:
                yield _invalid(part["type"], f"{where}.content[{at}].type", ITEM_PARTS)


@_rule(*RESPONDS, source="thread: the two sentences are quoted in many of openai/openai-python")
def _calls_and_outputs(request: ParsedRequest) -> Iterator[Violation]:
    items = request.body.get("input")
    if isinstance(items, list) and not any(name in request.body for name in CONTINUES):
        yield from unmatched(items)


def unmatched(items: list[dict[str, Any]]) -> Iterator[Violation]:
    """Outputs without a call and calls without an output, among items that are the whole conversation."""
    calls = [item.get("call_id") for item in items if item.get("type") == "function_call"]
    outputs = [item.get("call_id") for item in items if item.get("type") == "function_call_output"]
    for call in outputs:
        if call not in calls:
            yield Violation(f"No tool call found for function call output with call_id {call}.", "input")
    for call in calls:
        if call not in outputs:
            yield Violation(f"No tool output found for function call {call}.", "input")


@_rule("responses", source="wire: error-400-previous-response-not-found; ids of another kind by pattern")
def _previous_response(request: ParsedRequest) -> Iterator[Violation]:
    """Ids have digits, a stand-in's too; a word without any is none that was ever given out."""
    previous = request.body.get("previous_response_id", "resp_")
    if not previous.startswith("resp"):
        message = f"Invalid 'previous_response_id': '{previous}'. Expected an ID that begins with 'resp'."
        yield Violation(message, "previous_response_id", "invalid_value")
    if previous != "resp_" and not re.search(r"\d", previous):
        yield previous_not_found(previous)


def previous_not_found(response_id: str) -> Violation:
    message = f"Previous response with id '{response_id}' not found."
    return Violation(message, "previous_response_id", "previous_response_not_found")


# --- pictures ---------------------------------------------------------------------------------------------------

FORMATS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}
DRAWINGS = tuple(f"data:image/{kind}" for kind in ("svg", "bmp", "tiff", "heic"))
SAMPLE = "(e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU=')"
NOWHERE = re.compile(r"(.*\.)?(example\.(com|org|net)|example|test|invalid|localhost|local|internal)")


def _pictures(request: ParsedRequest) -> Iterator[tuple[str, Any, Any]]:
    """(place, URL, detail) of every picture in the request."""
    listed, items = (
        ("messages", "input")[request.api in RESPONDS],
        request.body.get("messages") or request.body.get("input"),
    )
    for number, item in enumerate(items if isinstance(items, list) else ()):
        parts = item.get("content")
        for at, part in enumerate(parts if isinstance(parts, list) else ()):
            where = f"{listed}[{number}].content[{at}].image_url"
            if part.get("type") == "image_url":
                yield f"{where}.url", part["image_url"].get("url"), part["image_url"].get("detail")
            elif part.get("type") == "input_image" and "file_id" not in part:
                yield where, part.get("image_url"), part.get("detail")


@_rule("chat", *RESPONDS, source="wire: survey (null); thread: OmniSearch#3, opencode#23983; detail by pattern")
def _picture_url(request: ParsedRequest) -> Iterator[Violation]:
    for where, url, detail in _pictures(request):
        if not isinstance(url, str):
            yield _wrong_type(where, url, "a base64-encoded data URL")
        if trouble := _not_a_picture(url):
            what = f"Expected a base64-encoded data URL with an image MIME type {SAMPLE}, but got {trouble}."
            yield Violation(f"Invalid image URL: '{where}'. {what}", where, "invalid_value")
        if detail not in (None, "low", "high", "auto", "original"):
            yield _invalid(detail, where.rpartition(".")[0] + ".detail", ("low", "high", "original", "auto"))


def _not_a_picture(url: str) -> str | None:
    """What the form of a URL lacks, in the API's words."""
    if url.startswith(("http://", "https://")):
        return None
    if not url.startswith("data:"):
        return "a value without the 'data:' prefix"
    head, comma, data = url[5:].partition(",")
    mime, _, coding = head.partition(";")
    if not mime.startswith("image/"):
        return f"unsupported MIME type '{mime}'"
    if not comma or not coding.endswith("base64"):
        return "a value without the 'base64,' part"
    return None if data else "empty base64-encoded bytes"


UNSUPPORTED_IMAGE = Violation(
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
    "['png', 'jpeg', 'gif', 'webp'].",
    code="invalid_image_format",
)


@_rule("chat", *RESPONDS, source="wire: error-400-invalid-image-format, on chat; Responses: not seen")
def _picture_format(request: ParsedRequest) -> Iterator[Violation]:
    for _, url, _ in _pictures(request):
        if not url.startswith("data:"):
            continue
        head, _, data = url.partition(",")
        if data.startswith("sha256:"):  # what was recorded of a longer one
            start = b"" if head.startswith(DRAWINGS) else b"GIF8"
        else:
            try:
                start = base64.b64decode(data, validate=True)[:4]
            except ValueError:
                start = b""
        if not any(start.startswith(magic) for magic in FORMATS):
            yield UNSUPPORTED_IMAGE


@_rule("chat", *RESPONDS, source="wire: error-400-invalid-image-url; Responses: survey")
def _picture_out_of_reach(request: ParsedRequest) -> Iterator[Violation]:
    """Names that are kept free for examples, and addresses inside a house: no picture of OpenAI's comes from there."""
    for _, url, _ in _pictures(request):
        if url.startswith("http"):
            host = urlsplit(url).hostname or ""
            try:
                private = not ipaddress.ip_address(host).is_global
            except ValueError:
                private = bool(NOWHERE.fullmatch(host)) or "." not in host
            if private:
                yield not_downloaded(url, request.api)


def not_downloaded(url: str, api: str) -> Violation:
    message = f"Error while downloading {url}."
    return (
        Violation(message, "url", "invalid_value") if api in RESPONDS else Violation(message, None, "invalid_image_url")
    )


# --- tools and schemas ------------------------------------------------------------------------------------------

NAME = re.compile(r"[a-zA-Z0-9_-]+")
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
KEYS_NEEDED = "'required' is required to be supplied and to be an array including every key in properties."
CLOSED = "'additionalProperties' is required to be supplied and to be false."


@_rule(
    "chat", *RESPONDS, source="thread: ailoy#109 (pattern of names); what is missing: pattern; empty list: vllm#40311"
)
def _malformed_tool(request: ParsedRequest) -> Iterator[Violation]:
    tools, chat = request.body.get("tools"), request.api == "chat"
    if tools == [] and chat:
        yield _length("tools", [])
    for number, tool in enumerate(tools or ()):
        where = f"tools[{number}]"
        if not isinstance(tool, dict):
            yield _wrong_type(where, tool, "an object")
        if "type" not in tool:
            yield _missing(f"{where}.type")
        if chat and tool["type"] not in ("function", "custom"):
            yield _invalid(tool["type"], f"{where}.type", ("function", "custom"))
        if tool["type"] != "function":
            continue
        if chat and "function" not in tool:
            yield _missing(f"{where}.function")
        place, function = (f"{where}.function", tool["function"]) if chat else (where, tool)
        if not isinstance(function, dict):
            yield _wrong_type(place, function, "an object")
        if "name" not in function:
            yield _missing(f"{place}.name")
        yield from _name(f"{place}.name", function["name"])


def _name(where: str, name: Any) -> Iterator[Violation]:
    if not isinstance(name, str):
        yield _wrong_type(where, name, "a string")
    if not NAME.fullmatch(name):
        what = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        yield Violation(f"Invalid '{where}': {what}", where, "invalid_value")
    if len(name) > 64:
        what = "string too long. Expected a string with maximum length 64, but got a string with length"
        yield Violation(f"Invalid '{where}': {what} {len(name)} instead.", where, "string_above_max_length")


@_rule("chat", *RESPONDS, source="thread: dapr-agents#248, vllm#40311; a name that no tool has: not seen")
def _tool_choice(request: ParsedRequest) -> Iterator[Violation]:
    choice, tools, chat = request.body.get("tool_choice"), request.body.get("tools"), request.api == "chat"
    for name in ("tool_choice", "parallel_tool_calls"):
        if chat and name in request.body and not tools:
            yield Violation(f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified.", name)
    if isinstance(choice, str) and choice not in ("none", "auto", "required"):
        yield _invalid(choice, "tool_choice", ("none", "auto", "required"))
    if isinstance(choice, dict) and choice.get("type") == "function":
        wanted = (choice.get("function") or {}).get("name") if chat else choice.get("name")
        if wanted is None:
            yield _missing("tool_choice.function.name" if chat else "tool_choice.name")
        if wanted not in [(tool.get("function") or tool).get("name") for tool in tools or ()]:
            yield Violation(f"Tool choice '{wanted}' not found in 'tools' parameter.", "tool_choice")


@_rule("chat", *RESPONDS, source="wire: error-400-invalid-function-parameters, survey; types: thread, many")
def _tool_schema(request: ParsedRequest) -> Iterator[Violation]:
    for number, tool in enumerate(request.body.get("tools") or ()):
        function = tool.get("function", tool)
        schema = function.get("parameters")
        if tool["type"] == "function" and schema is not None:
            place = f"tools[{number}].{'function.' if function is not tool else ''}parameters"
            if not isinstance(schema, dict):
                yield _wrong_type(place, schema, "an object")
            if fault := _bad_schema(schema, function.get("strict"), tool=True):
                message = f"Invalid schema for function '{function['name']}': {fault}"
                yield Violation(message, place, "invalid_function_parameters")


def _form(request: ParsedRequest) -> tuple[str, Any]:
    """The place and the value of the format that the answer is to have."""
    if request.api == "chat":
        return "response_format", request.body.get("response_format")
    return "text.format", (request.body.get("text") or {}).get("format")


@_rule("chat", *RESPONDS, source="wire: survey (text.format.name); chat and types by pattern")
def _response_format(request: ParsedRequest) -> Iterator[Violation]:
    place, form = _form(request)
    if not isinstance(form, dict):
        return
    if "type" not in form:
        yield _missing(f"{place}.type")
    if form["type"] not in ("json_object", "json_schema", "text"):
        yield _invalid(form["type"], f"{place}.type", ("json_object", "json_schema", "text"))
    if form["type"] == "json_schema":
        if request.api == "chat":
            if not isinstance(form.get("json_schema"), dict):
                yield _missing("response_format.json_schema")
            place, form = "response_format.json_schema", form["json_schema"]
        for name in ("name", "schema")[: 1 + (request.api != "chat")]:
            if name not in form:
                yield _missing(f"{place}.{name}")
        yield from _name(f"{place}.name", form["name"])


@_rule("chat", *RESPONDS, source="wire: survey, on both endpoints")
def _word_json(request: ParsedRequest) -> Iterator[Violation]:
    _, form = _form(request)
    if not form or form["type"] != "json_object":
        return
    chat = request.api == "chat"
    said = request.body["messages"] if chat else request.body.get("input")
    if "json" in json.dumps(said).lower() or (not chat and any(name in request.body for name in CONTINUES)):
        return
    if chat:
        what = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        yield Violation(what, "messages")
    what = "must contain the word 'json' in some form to use 'text.format' of type 'json_object'."
    yield Violation(f"Response input messages {what}", "input")


@_rule("chat", *RESPONDS, source="wire: error-400-invalid-json-schema-responses, survey (chat)")
def _answer_schema(request: ParsedRequest) -> Iterator[Violation]:
    _, form = _form(request)
    if form and form["type"] == "json_schema":
        form = form.get("json_schema", form)
        if isinstance(schema := form.get("schema"), dict) and (fault := _bad_schema(schema, form.get("strict"))):
            param, code = (
                ("response_format", None) if request.api == "chat" else ("text.format.schema", "invalid_json_schema")
            )
            yield Violation(f"Invalid schema for response_format '{form['name']}': {fault}", param, code)


def _bad_schema(schema: dict[str, Any], strict: Any, tool: bool = False) -> str | None:
    """What is wrong with a schema, in the API's words; None when nothing is known to be."""
    kind = schema.get("type")
    if (tool or strict) and kind != "object" and not {"$ref", "anyOf", "allOf"} & schema.keys():
        return f"""schema must be a JSON Schema of 'type: "object"', got 'type: "{kind}"'."""
    if not strict and tool and not schema.keys() - {"type", "description", "title"}:
        return "In context=(), object schema missing properties."
    return _bad_part(schema, (), bool(strict))


def _bad_part(schema: Any, context: tuple[str, ...], strict: bool) -> str | None:
    if not isinstance(schema, dict):
        return None
    where, properties, kind = f"In context={context!r}, ", schema.get("properties"), schema.get("type")
    if isinstance(kind, str) and kind not in TYPES:
        return f"'{kind}' is not valid under any of the given schemas."
    if strict and (kind == "object" or properties is not None):
        if schema.get("additionalProperties") is not False:
            return where + CLOSED
        if missing := [name for name in properties or {} if name not in schema.get("required", ())]:
            return f"{where}{KEYS_NEEDED} Missing '{missing[0]}'."
    if kind == "array" and "items" not in schema and "prefixItems" not in schema:
        return f"{where}array schema missing items."
    inner: list[tuple[tuple[str, ...], Any]] = [
        ((key, name), part) for key in ("properties", "$defs") for name, part in (schema.get(key) or {}).items()
    ]
    inner[len(properties or {}) : 0] = [(("items",), schema["items"])] if "items" in schema else []
    inner += [(("anyOf", str(number)), part) for number, part in enumerate(schema.get("anyOf") or ())]
    return next((fault for step, part in inner if (fault := _bad_part(part, context + step, strict))), None)


# --- length -----------------------------------------------------------------------------------------------------


def _tokens(text: str, model: str) -> int:
    from .. import tokens  # not loaded before a text is long enough to need it

    return tokens.count(text, model)


@_rule("chat", *RESPONDS, source="wire: error-400-context-length-responses, survey; thread: archi#497")
def _too_long(request: ParsedRequest) -> Iterator[Violation]:
    """Tokens of what is said. A token is at least one byte, so shorter requests are not counted."""
    limit = request.entry.get("max_input") or request.entry.get("context")
    said = request.body.get("messages") if request.api == "chat" else request.body.get("input")
    if not limit or request.body.get("truncation") == "auto":
        return
    parts = [said] if isinstance(said, str) else [text for item in said or () for text in _texts(item)]
    if sum(map(len, parts)) * 4 <= limit:
        return
    used = sum(_tokens(part, request.model) for part in parts)
    from .. import tokens

    if used <= limit * (1.1 if tokens.is_estimate(request.model) else 1):
        return
    code = "context_length_exceeded"
    if request.api != "chat":
        what = "Please adjust your input and try again."
        yield Violation(f"Your input exceeds the context window of this model. {what}", "input", code)
    whole = f"This model's maximum context length is {limit} tokens. However, your"
    part = f"Input tokens exceed the configured limit of {limit} tokens. Your"
    lead = part if request.entry.get("max_input") else whole
    yield Violation(
        f"{lead} messages resulted in {used} tokens. Please reduce the length of the messages.", "messages", code
    )


def _texts(item: dict[str, Any]) -> Iterator[str]:
    content = item.get("content")
    for part in content if isinstance(content, list) else [content]:
        text = part.get("text") if isinstance(part, dict) else part
        if isinstance(text, str):
            yield text


# --- embeddings, sound, images, files ---------------------------------------------------------------------------


@_rule(
    "embeddings",
    source="thread: openai-php#171 ($.input), stash#268, langchain#31227; which of them for 2,049: not seen",
)
def _embedding_input(request: ParsedRequest) -> Iterator[Violation]:
    given = request.body["input"]
    texts = given if isinstance(given, list) else [given]
    if not 1 <= len(texts) <= 2048 or any(text in ("", [], None) or isinstance(text, dict | bool) for text in texts):
        more = "Please check the API reference: https://platform.openai.com/docs/api-reference."
        yield Violation(f"'$.input' is invalid. {more}")
    limit, total = request.entry.get("max_input"), 0
    for number, text in enumerate(texts):
        if limit and isinstance(text, str) and len(text) * 4 > limit:
            used = _tokens(text, request.model)
            total += used
            if used > limit:
                name = f"input[{number}]" if isinstance(given, list) else "input"
                yield Violation(f"Invalid '{name}': maximum input length is {limit} tokens.")
    if total > 300_000:
        kind = "max_tokens_per_request"
        yield Violation(f"Requested {total} tokens, max 300000 tokens per request", None, kind, type=kind)


@_rule("speech", source="thread: openai-node#1284 (a voice); the rest by its pattern")
def _speech(request: ParsedRequest) -> Iterator[Violation]:
    text, voices = request.body["input"], request.entry.get("voices", TABLE["voices"])
    if not text:
        what, context = "String should have at least 1 character", {"min_length": 1}
        yield _pydantic("string_too_short", "input", what, text, context)
    if len(text) > 4096:
        what, context = "String should have at most 4096 characters", {"max_length": 4096}
        yield _pydantic("string_too_long", "input", what, text, context)
    for name, values in (
        ("voice", voices),
        ("response_format", TABLE["spoken_formats"]),
        ("stream_format", ("sse", "audio")),
    ):
        value = request.body.get(name)
        if isinstance(value, str) and value not in values:
            *firsts, last = [f"'{one}'" for one in values]
            expected = f"{', '.join(firsts)} or {last}"
            yield _pydantic("enum", name, f"Input should be {expected}", value, {"expected": expected})


def _pydantic(kind: str, name: str, what: str, value: Any, context: dict[str, Any]) -> Violation:
    """The speech endpoint passes on its framework's list of errors as one text."""
    return Violation(str([{"type": kind, "loc": ("body", name), "msg": what, "input": value, "ctx": context}]))


MOST_BYTES = 25 * 1024 * 1024


@_rule("transcriptions", "translations", source="thread, many: format and size of the file; no file: pattern")
def _sound_file(request: ParsedRequest) -> Iterator[Violation]:
    if not request.uploads:
        yield _missing("file")
    upload = request.uploads[0]
    if (size := upload.get("bytes", 0)) > MOST_BYTES:
        yield Violation(f"Maximum content size limit ({MOST_BYTES}) exceeded ({size} bytes read)", status=413)
    name, sound = upload["filename"] or "", (upload.get("content_type") or "").startswith(("audio/", "video/"))
    if "." in name and name.rpartition(".")[2].lower() not in TABLE["heard_formats"] and not sound:
        yield Violation("Invalid file format. Supported formats: " + str(TABLE["heard_formats"]))


@_rule("transcriptions", source="thread: quoted in FACTS section 8 (gpt-transcribe)")
def _transcript_format(request: ParsedRequest) -> Iterator[Violation]:
    formats, wanted = request.entry.get("formats") or [], request.body.get("response_format")
    if wanted and formats and wanted not in formats:
        api_name = "gpt-transcribe-api-ev3" if request.model == "gpt-transcribe" else request.model
        usable = " or ".join(f"'{name}'" for name in formats)
        message = f"response_format '{wanted}' is not compatible with model '{api_name}'. "
        yield Violation(f"{message}Use {usable} instead.", "response_format", "unsupported_value")


@_rule(
    "images",
    "edits",
    source="thread: griptape-nodes-engine#1031 (quality), infinite-canvas#23 (size); prompt: not seen",
)
def _image(request: ParsedRequest) -> Iterator[Violation]:
    entry, prompt = request.entry, request.body["prompt"]
    for name, values in (("quality", entry.get("qualities")), ("size", entry.get("sizes"))):
        if values and request.body.get(name, values[0]) not in values:
            yield _invalid(request.body[name], name, values)
    if not prompt:
        yield Violation("Invalid 'prompt': empty string.", "prompt", "invalid_value")
    if len(prompt) > 32_000:
        what = "string too long. Expected a string with maximum length 32000, but got a string with length"
        yield Violation(f"Invalid 'prompt': {what} {len(prompt)} instead.", "prompt", "string_above_max_length")
    size = request.body.get("size", "auto")
    if size != "auto" and entry.get("qualities") and (what := _bad_size(size)):
        yield Violation(f"Invalid size '{size}'. {what}", "size", "invalid_value", type="image_generation_user_error")


def _bad_size(size: str) -> str | None:
    match = re.fullmatch(r"(\d+)x(\d+)", size)
    if not match:
        return "Expected WIDTHxHEIGHT, for example '1824x1024'."
    width, height = map(int, match.groups())
    if width % 16 or height % 16:
        return "Width and height must both be divisible by 16."
    if max(width, height) > 3840 or max(width, height) > 3 * min(width, height):
        return "The longest edge is at most 3840 pixels and at most three times the shortest."
    return None if 655_360 <= width * height <= 8_294_400 else "Between 655360 and 8294400 pixels are supported."


@_rule("edits", source="wire: survey (unsupported_file_mimetype)")
def _image_file(request: ParsedRequest) -> Iterator[Violation]:
    pictures = [upload for upload in request.uploads if upload["name"] in ("image", "image[]")]
    if request.form and not pictures:
        yield _missing("image")
    for number, picture in enumerate(pictures):
        kind, name = picture.get("content_type"), f"image[{number}]"
        if kind and kind not in ("image/jpeg", "image/png", "image/webp"):
            what = "Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'."
            message = f"Invalid file '{name}': unsupported mimetype ('{kind}'). {what}"
            yield Violation(message, name, "unsupported_file_mimetype")


PREFIXES = {"files": "file-", "batches": "batch_", "responses": "resp_"}


@_rule(source="not seen; only names that no file, batch or response has")
def _unknown_id(request: ParsedRequest) -> Iterator[Violation]:
    name = request.path.removeprefix("/v1/").partition("/")[2].partition("/")[0]
    named = request.api != "responses" or request.method in ("GET", "DELETE")
    if name and named and request.api in PREFIXES and not name.startswith(PREFIXES[request.api]):
        yield not_found(request.api, name)


def not_found(api: str, name: str) -> Violation:
    """The 404 for the id of a file, batch or response that does not exist."""
    messages = {
        "files": f"No such File object: {name}",
        "batches": f"No batch found with id '{name}'.",
        "responses": f"Response with id '{name}' not found.",
    }
    return Violation(messages[api], "id" if api == "files" else None, None, 404)
