"""`start.py model`: tries the stand-in with requests that lessons make, and says who answers what in each lesson.

Every try goes the way of a learner's call: through the course server, without a recording.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import openai
from PIL import Image

from .. import models
from ..proxy import note
from ..proxy.recordings import Recordings
from ..proxy.server import CourseServer
from ..proxy.standin import StandIn
from ..proxy.standin_find import Server, Unavailable, choose
from ..setup import environment, settings
from ..setup.endpoints import APIS
from ..setup.errors import CourseError
from ..setup.files import ROOT
from ..setup.settings import Mode
from ..tables import Table
from .lessons import Lesson, written_lessons

LIMIT = 300  # tokens of an answer: a model that thinks first needs some for that
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOL = {
    "type": "function",
    "function": {"name": "weather", "description": "The weather in a city now.", "parameters": CITY, "strict": True},
}


@dataclasses.dataclass
class Trial:
    """What came of one request.

    Attributes:
        name: what was tried.
        works: whether the answer was as it must be.
        remark: what was seen, in a few words.
        seconds: how long it took.
    """

    name: str
    works: bool
    remark: str
    seconds: float


class _Tries:
    """The requests. Each method returns whether the answer is as it must be, and what was seen."""

    def __init__(self, client: openai.OpenAI, stand_in: StandIn) -> None:
        self.client, self.stand_in = client, stand_in

    def _ask(self, content: Any, **more: Any) -> Any:
        return self.client.chat.completions.create(
            model=models.FLAGSHIP,
            messages=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": content}],
            max_completion_tokens=LIMIT,
            reasoning_effort="none",
            **more,
        )

    def chat(self) -> tuple[bool, str]:
        text = self._ask("Name a river in Norway.").choices[0].message.content
        return bool(text), _short(text)

    def stream(self) -> tuple[bool, str]:
        chunks = list(self._ask("Name three colours.", stream=True, stream_options={"include_usage": True}))
        pieces = [chunk for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
        return bool(pieces) and chunks[-1].usage is not None, f"{len(pieces)} pieces"

    def _calls(self, question: str) -> list[str]:
        calls = self._ask(question, tools=[TOOL]).choices[0].message.tool_calls or []
        return [call.function.arguments for call in calls if call.function.name == "weather"]

    def tools(self) -> tuple[bool, str]:
        calls = self._calls("What is the weather in Oslo?")
        return bool(calls) and "city" in json.loads(calls[0]), _short(calls[0]) if calls else "it called nothing"

    def parallel_calls(self) -> tuple[bool, str]:
        calls = self._calls("What is the weather in Oslo, and what is it in Rome? Look up both at once.")
        return len(calls) > 1, f"{len(calls)} calls in one answer"

    def schema(self) -> tuple[bool, str]:
        shape = {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY, "strict": True}}
        text = self._ask("Oslo is the capital of Norway. Which city is that?", response_format=shape)
        text = text.choices[0].message.content
        return json.loads(text).keys() == {"city"}, _short(text)

    def pictures(self) -> tuple[bool, str]:
        file = io.BytesIO()
        Image.new("RGB", (64, 64), "red").save(file, "PNG")
        url = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
        question = {"type": "text", "text": "Which colour is this picture? One word."}
        text = self._ask([question, {"type": "image_url", "image_url": {"url": url}}]).choices[0].message.content or ""
        return "red" in text.lower(), f"a red picture: {_short(text)}"

    def embeddings(self) -> tuple[bool, str]:
        texts = ["A boat on the sea.", "A ship on the water.", "How to bake bread."]
        answer = self.client.embeddings.create(model=models.EMBEDDING, input=texts)
        boat, ship, bread = (item.embedding for item in answer.data)
        near, far = (sum(x * y for x, y in zip(boat, other, strict=True)) for other in (ship, bread))
        return near > far, f"boat and ship {near:.2f}, boat and bread {far:.2f}"

    def responses(self) -> tuple[bool, str]:
        answer = self.client.responses.create(
            model=models.FLAGSHIP, input="Name a river in Norway.", max_output_tokens=LIMIT, store=False
        )
        return bool(answer.output_text), "its own" if self.stand_in.has_responses else "translated to chats"

    def logprobs(self) -> tuple[bool, str]:
        found = self._ask("Say yes.", logprobs=True, top_logprobs=3).choices[0].logprobs
        content = found.content if found else None
        return bool(content), f"{len(content)} tokens" if content else "none came"

    def seed(self) -> tuple[bool, str]:
        question = "Invent a name for a boat."
        first, second = (self._ask(question, seed=7).choices[0].message.content for _ in range(2))
        return first == second, "the same answer twice" if first == second else "two answers to one seed"


NAMES = (
    "chat", "stream", "tools", "parallel calls", "schema", "pictures", "embeddings", "Responses", "logprobs", "seed",
)  # fmt: skip


def trials(stand_in: StandIn) -> Iterator[Trial]:
    """Tries one request after another, each through a course server that has no recordings."""
    server = CourseServer(Mode.REPLAY, "http://127.0.0.1:9/v1")
    server.stand_in = stand_in
    server.begin(Recordings())
    server.start()
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="course", max_retries=0) as client:
        tries = _Tries(client, stand_in)
        for name in NAMES:
            attempt: Callable[[], tuple[bool, str]] = getattr(tries, name.lower().replace(" ", "_"))
            began = time.monotonic()
            try:
                works, remark = attempt()
            except openai.APIError as error:
                works, remark = False, server.exchanges[-1].remark or str(error).partition("\n")[0]
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                works, remark = False, f"not as it must be: {error}"
            yield Trial(name, works, remark, round(time.monotonic() - began, 1))
    server.close()


def needs(recording: dict[str, Any]) -> Iterator[str]:
    """What must be there to answer a request like this one: names of trials, else the path of its endpoint."""
    request, response = recording["request"], recording["response"]
    path, body = request["path"].partition("?")[0], request.get("json") or {}
    names = {"chat": "chat", "responses": "Responses", "embeddings": "embeddings"}
    api = APIS.get(path, "")
    if api not in names:
        yield _OTHERS[path.split("/")[2]]
        return
    if "audio" in (body.get("modalities") or ()) or '"input_audio"' in json.dumps(body):
        yield "sound"
        return
    yield names[api]
    shape = body.get("response_format") or (body.get("text") or {}).get("format") or {}
    wanted = {
        "stream": body.get("stream"),
        "tools": any(tool.get("type") == "function" for tool in body.get("tools") or ()),
        "built-in tools": any(tool.get("type") != "function" for tool in body.get("tools") or ()),
        "schema": shape.get("type") == "json_schema",
        "pictures": any(kind in json.dumps(body) for kind in ('"image_url"', '"input_image"')),
        "logprobs": body.get("logprobs"),
        "seed": body.get("seed") is not None,
        "parallel calls": json.dumps(response.get("json") or {}).count('"arguments"') > 1,
    }
    yield from (name for name, wants in wanted.items() if wants)


_OTHERS = {  # by the first part of the path
    "responses": "stored responses and counts of tokens",
    "audio": "sound",
    "images": "making pictures",
    "moderations": "moderation",
    "files": "files and batches",
    "batches": "files and batches",
    "models": "looking up models",
}


def by_lesson(lesson: Lesson, works: set[str]) -> dict[str, Any]:
    """Who answers what in a lesson.

    Returns:
        {"lesson", "title", "recorded": number of recorded answers, "stand_in": what the stand-in answers of the
        learner's own, "note": what nothing here answers}.
    """
    recordings = Recordings(lesson.recordings).all()
    wanted = dict.fromkeys(name for recording in recordings for name in needs(recording))
    return {
        "lesson": lesson.number,
        "title": lesson.title,
        "recorded": len(recordings),
        "stand_in": [name for name in wanted if name in works],
        "note": [name for name in wanted if name not in works],
    }


def report(stand_in: StandIn) -> dict[str, Any]:
    """Tries the stand-in, and says lesson by lesson what that means. Everything in it can be written as JSON."""
    problem, found, server = "", {}, None
    try:
        server = stand_in.server()
        found = _described(server)
    except Unavailable as error:
        problem = str(error) or "No model server was found on this machine, or COURSE_STANDIN_URL is off."
    made = []
    for trial in trials(stand_in) if server else ():
        print(f"{trial.name}: {'yes' if trial.works else 'no'}", file=sys.stderr, flush=True)
        made.append(trial)
    works = {trial.name for trial in made if trial.works}
    return {
        **found,
        "problem": problem,
        "tried": [dataclasses.asdict(trial) for trial in made],
        "lessons": [by_lesson(lesson, works) for lesson in written_lessons()],
    }


def _described(server: Server) -> dict[str, Any]:
    try:
        model, why = choose(server, environment.read("COURSE_STANDIN_MODEL").value or None)
    except Unavailable as error:
        model, why = None, str(error)
    return {"server": server.name, "url": server.url, "model": model, "why": why, "models": list(server.models)}


def _shown(result: dict[str, Any]) -> str:
    """The report for people."""
    parts = [result["problem"] or result["why"]]
    if not result["tried"]:
        parts += ["", "To get one:", *(f"  {line}" for line in note.STANDIN[:2])]
    else:
        rows = [
            [trial["name"], "yes" if trial["works"] else "no", f"{trial['seconds']:.1f}", trial["remark"]]
            for trial in result["tried"]
        ]
        parts += ["", repr(Table(["Request", "Works", "Seconds", "What was seen"], rows))]
    rows = [
        [row["lesson"], row["title"], row["recorded"], ", ".join(row["stand_in"]) or "–", ", ".join(row["note"]) or "–"]
        for row in result["lessons"]
    ]
    heads = ["No.", "Lesson", "Recorded", "Changes: the stand-in answers", "Changes: only a note"]
    return "\n".join(
        [*parts, "", repr(Table(heads, rows, "Recorded requests are always answered by their recording."))]
    )


def _short(text: str | None) -> str:
    text = " ".join((text or "it said nothing").split())
    return text[:60] + "…" * (len(text) > 60)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="start.py model", description="Try what the stand-in model can do.")
    parser.add_argument("url", nargs="?", help="base URL; left out, the stand-in that lessons would use")
    parser.add_argument("--json", action="store_true", help="the same for programs")
    options = parser.parse_args(arguments)
    environment.load(ROOT / ".env")
    try:
        wanted = settings.stand_in(options.url)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    stand_in = StandIn(lambda: wanted)
    stand_in.on_wait = lambda line: print(line, file=sys.stderr, flush=True)
    result = report(stand_in)
    print(json.dumps(result, indent=1, ensure_ascii=False) if options.json else _shown(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
