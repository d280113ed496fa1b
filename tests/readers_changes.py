"""The 139 changes that two readers made of their own, each with its lesson and the request that it sends today.

What a change is of the recorded request, the reader knew: the same to the API, refused by it, or new. These words
come from OpenAI's reference and from answers seen on the wire, not from what the course server does.
"""

import base64
import io
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image

from helpers.proxy.recordings import Recordings
from helpers.setup.files import ROOT

LARGE, SMALL = "gpt-5.2", "gpt-6-luna"
CHAT = "/v1/chat/completions"
SAME, REFUSED, NEW = "means the same", "is refused", "is new"
FRIENDLY = "You are a friendly assistant. Answer in one to three short sentences."


@dataclass
class Change:
    """What a reader sent.

    Attributes:
        lesson: two digits.
        name: what was changed, in the reader's words.
        body: the request's JSON; None for a GET.
        kind: what the change is to the API.
        path: of the request.
        key: that the client sends.
    """

    lesson: str
    name: str
    body: dict[str, Any] | None
    kind: str = NEW
    path: str = CHAT
    key: str = "replay-needs-no-key"


def chat(*texts: str, rules: str | None = None, role: str = "developer", model: str = LARGE, **more: Any) -> dict:
    """A chat in which the user and the assistant speak in turn."""
    said = [{"role": role, "content": rules}] if rules is not None else []
    said += [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]
    return {"model": model, "messages": said, **more}


def small(*texts: str, rules: str = FRIENDLY, **more: Any) -> dict:
    """A turn of the assistant that lesson 04 builds."""
    return chat(
        *texts, rules=rules, **{"model": SMALL, "reasoning_effort": "none", "max_completion_tokens": 500} | more
    )


@cache
def _recordings(lesson: str) -> list[dict]:
    return Recordings(ROOT / "data" / "recordings" / lesson).all()


def recorded(lesson: str, words: str, old: str = "", new: str = "", path: str = CHAT, **more: Any) -> dict:
    """The first recorded request with `old` and all `words` (split at |), with `old` replaced and parameters added."""
    for recording in _recordings(lesson):
        request = recording["request"]
        text = json.dumps(request.get("json"), ensure_ascii=False)
        good = recording["response"]["status"] == 200 and request["path"] == path and "sha256:" not in text
        if good and all(word in text for word in (old, *words.split("|"))):
            return json.loads(text.replace(old, new) if old else text) | more
    raise LookupError(f"Nothing is recorded in lesson {lesson} with {words!r} and {old!r}.")


def picture(question: str, **more: Any) -> dict:
    """A question about a picture of the reader's own."""
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(file, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    content = [{"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": url}}]
    return {"model": LARGE, "messages": [{"role": "user", "content": content}], **more}


def embed(texts: Any, **more: Any) -> dict:
    return {"model": "text-embedding-3-small", "input": texts, "encoding_format": "base64", **more}


def changes() -> list[Change]:
    """All of them. Requests of later lessons are recorded ones with an edit, for their prompts are long."""
    return [*_first(), *_knobs(), *_costs_and_memory(), *_errors(), *_tools_and_pictures(), *_search(), *_projects()]


def _first() -> list[Change]:
    hello = "Say hello to someone learning the OpenAI API."
    france, italy, one_word = "What is the capital of France?", "What is the capital of Italy?", "Answer in one word."
    rule = "Answer with one word and nothing else."
    tale = "Tell me a short story about a lighthouse."
    dialogue = ("Hi! My name is Noor.", "Nice to meet you, Noor!")
    return [
        Change("00", "French", chat("Say hello in French to someone learning the OpenAI API.")),
        Change("00", "other model", chat(hello, model=SMALL)),
        Change(
            "00", "effort written out, which is the default of the model", chat(hello, reasoning_effort="none"), SAME
        ),
        Change("00", "without the full stop", chat(hello.rstrip("."))),
        Change("01", "Italy", chat(italy)),
        Change("01", "grumpy", chat(france, rules="You are grumpy.")),
        Change("01", "no developer", chat(france)),
        Change("01", "system", chat(france, rules=rule, role="system"), SAME),
        *(Change("01", f"max tokens {limit}", chat(tale, max_completion_tokens=limit)) for limit in (50, 200, 8)),
        Change("01", "max tokens 1", chat(tale, max_completion_tokens=1)),
        Change("01", "max tokens none", chat(tale)),
        Change("01", "max_tokens", chat(tale, max_tokens=16), REFUSED),
        Change("01", "dragon", chat("Tell me a short story about a dragon.", max_completion_tokens=16)),
        Change("01", "poet", chat(france, rules="You are a poet.")),
        Change("01", "joke", chat("Tell me a joke.")),
        Change("01", "SMALL", chat(france, model=SMALL)),
        Change("01", "temperature 0", chat(france, temperature=0)),
        Change("01", "n=2", chat(france, n=2)),
        Change("01", "follow-up", chat(*dialogue, "And how do I spell it?")),
        Change("01", "bad model", chat(france, model="gpt-52"), REFUSED),
        Change("01", "models.list", None, path="/v1/models"),
        Change("01", "in one word", chat(france, rules=one_word)),
        Change("01", "script with Italy", chat(italy, rules="You are a helpful assistant.")),
        Change("01", "own script", chat("Write a haiku about bread.")),
    ]


def _knobs() -> list[Change]:
    sky = "Why is the sky blue? One sentence."
    attempts = [
        ({}, NEW),
        ({"model": SMALL, "max_tokens": 60}, REFUSED),
        ({"max_tokens": 60}, REFUSED),
        ({"max_completion_tokens": 60}, NEW),
        ({"temperature": 0.7}, NEW),
        ({"model": SMALL, "temperature": 0.7}, REFUSED),
        ({"temperature": 2.5}, REFUSED),
        ({"temperature": -1}, REFUSED),
        ({"top_p": 0.5}, NEW),
        ({"top_p": 1.5}, REFUSED),
        ({"n": 0}, REFUSED),
        ({"n": 129}, REFUSED),
        ({"max_completion_tokens": 0}, REFUSED),
        ({"reasoning_effort": "low"}, NEW),
        ({"reasoning_effort": "huge"}, REFUSED),
        ({"top_logprobs": 21, "logprobs": True}, REFUSED),
        ({"stop": ["."]}, REFUSED),
        ({"model": "gpt-5.2-large"}, REFUSED),
    ]
    others = [
        ("love is like", chat("Finish: love is like")),
        ("temp 0.7", chat("Write a slogan for a bakery.", temperature=0.7)),
        ("seed 8", chat("Pick a number from 1 to 100.", seed=8)),
        ("animal", chat("Name an animal.")),
        ("delete it", chat("Delete it.")),
        ("limit 80", chat(sky, max_completion_tokens=80)),
        ("effort high", chat(sky, reasoning_effort="high")),
        ("other time", chat("What time is it in Oslo at noon in Rome?")),
        ("effort low", chat(sky, model=SMALL, reasoning_effort="low")),
    ]
    return [
        *(Change("02", f"attempt {more}", chat(sky, **more), kind) for more, kind in attempts),
        *(Change("02", name, body) for name, body in others),
    ]


def _costs_and_memory() -> list[Change]:
    guide = "You are a guide. Answer in one sentence."
    ana, noor = "My name is Ana.", "My name is Noor."
    hello, pirate = "Hello!", "You are a pirate."
    nice = "Nice to meet you!"
    turns = [noor, nice, "What is my name?", "Noor.", "How many letters does my name have?"]
    return [
        Change("03", "coffee", chat("Why does coffee keep me awake?", rules=guide)),
        Change("03", "Sunday ferry", recorded("03", "last ferry|gpt-5.2", "leave on Sunday?", "leave on Monday?")),
        Change("03", "limit 60", chat("Why is the sea salty?", rules=guide, max_completion_tokens=60)),
        Change("03", "own review", chat("The room was cold and the soup was warm.", rules=guide)),
        Change("03", "windowsill", chat("What grows on a windowsill?", rules=guide)),
        Change("03", "blue sky", chat("Why is the sky blue?", rules=guide)),
        Change("04", "Ana", small(ana)),
        Change("04", "Ana, and asked", small(ana, nice, "What is my name?")),
        Change("04", "my cat", small("My cat is called Miso.")),
        Change("04", "Hello with rules", small("Hello")),
        *(
            Change("04", f"script: {text}", small(text))
            for text in ("Hello", "I am Tom.", "I have a cat.", "What can you do?", "How old are you?")
        ),
        *(Change("04", f"last {n} turns", small(*turns[-(2 * n - 1) :])) for n in (2, 3, 6)),
        Change("04", "temperature 1.5", small(hello, temperature=1.5)),
        Change("04", "no effort", small(hello, reasoning_effort=None)),
        Change("04", "pirate", small(noor, rules=pirate)),
        Change("04", "pirate, another question", small("Where is the treasure?", rules=pirate)),
        *(
            Change("04", f"chat box: {text}", small(text))
            for text in ("Good morning", "Why do cats purr?", "Tell me more about that")
        ),
        Change("04", "other facts", small("My sister likes figs.", nice, "What does my sister like?")),
        Change("04", "plain Hello!", small(hello)),
    ]


def _errors() -> list[Change]:
    count = {"model": SMALL, "reasoning_effort": "none", "max_completion_tokens": 40}
    five, ten = "Count from one to five in words.", "Count from one to ten in words."
    return [
        Change("05", "ten", chat(ten, **count)),
        Change("05", "model typo", chat(five, **{**count, "model": "gpt-6-lunna"}), REFUSED),
        Change("05", "empty list", {"model": SMALL, "messages": []}, REFUSED),
        Change("05", "bad role", {"model": SMALL, "messages": [{"role": "wizard", "content": "Hello"}]}, REFUSED),
        Change("05", "Hello?", chat("Hello?", model=SMALL)),
        Change("05", "v2 Hello", small("Hello")),
        Change("05", "v2 blue sky", small("Why is the sky blue?")),
        Change("05", "wrong key", chat(five, **count), REFUSED, key="sk-wrong"),
        Change("05", "tiny timeout, which is the client's alone", chat(five, **count), SAME),
    ]


def _tools_and_pictures() -> list[Change]:
    umbrella = "Do I need an umbrella in Lisbon right now?"
    weather = recorded("08", umbrella)
    tide = {
        "type": "object",
        "properties": {"port": {"type": "string"}},
        "required": ["port"],
        "additionalProperties": False,
    }
    own = [
        {
            "type": "function",
            "function": {"name": "tide", "description": "The tide.", "strict": True, "parameters": tide},
        }
    ]
    broken = [{"type": "function", "function": {"name": "the tide", "parameters": tide}}]
    product = {"type": "json_schema", "json_schema": {"name": "Tide", "strict": True, "schema": tide}}
    v4 = recorded("08", '"stream": true|17.5 %')
    v4["messages"] = v4["messages"][:2]
    ask = lambda text: {**v4, "messages": [v4["messages"][0], {"role": "user", "content": text}]}  # noqa: E731
    called = recorded("08", f"{umbrella}|tool_call_id")
    failed = [*called["messages"][:-1], {**called["messages"][-1], "content": '{"error": "the station is closed"}'}]
    return [
        Change("08", "Porto", recorded("08", umbrella, "in Lisbon right", "in Porto right")),
        Change("08", "own tool", weather | {"tools": own}),
        Change("08", "own tool with a space in its name", weather | {"tools": broken}, REFUSED),
        Change("08", "own description", recorded("08", umbrella, "in one city", "in any city")),
        Change("08", "tool_choice auto, which is the default", weather | {"tool_choice": "auto"}, SAME),
        Change("08", "own result", called | {"messages": failed}),
        Change(
            "08",
            "a result without its call",
            weather | {"messages": called["messages"][:1] + called["messages"][-1:]},
            REFUSED,
        ),
        Change("08", "v4: 12 * 12", ask("What is 12 * 12?")),
        Change("08", "v4: hello", ask("hello")),
        Change("08", "v4: own note", ask("Note that the mooring is paid.")),
        Change("10", "own picture", picture("What is in this picture?")),
        Change("10", "own question", picture("Which colour is the sea?")),
        Change("10", "own schema", picture("List the tides.", response_format=product)),
        Change(
            "10", "v5: own /image", {**ask("x"), "messages": [v4["messages"][0], *picture("What is it?")["messages"]]}
        ),
        Change(
            "10",
            "a file that is no picture",
            {
                "model": LARGE,
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"type": "image_url", "image_url": {"url": "data:image/png;base64,bm8gcGljdHVyZQ=="}}
                        ],
                    }
                ],
            },
            REFUSED,
        ),
    ]


def _search() -> list[Change]:
    python, favourite = "I love programming in Python", "Python is my favorite coding language"
    vectors = "/v1/embeddings"
    careful = "15", "fuel pontoon?|Citation"
    passages = recorded(*careful)["messages"]
    few = [passages[0], {**passages[1], "content": "</passage>".join(passages[1]["content"].split("</passage>")[-3:])}]
    short = re.sub(r"(<passage[^>]*>)(.{,100}).*?(?=</passage>)", r"\1\2", passages[1]["content"], flags=re.DOTALL)
    whole = [
        passages[0],
        {**passages[1], "content": passages[1]["content"] * (20_000 // len(passages[1]["content"]) + 1)},
    ]
    own = [
        passages[0],
        {
            **passages[1],
            "content": '<passage document="own.md" page="1">\nTea is at five.\n</passage>\nQuestion: When is tea?',
        },
    ]
    return [
        Change("14", "two sentences swapped", embed([favourite, python]), SAME, vectors),
        Change("14", "one sentence of two", embed([favourite]), SAME, vectors),
        Change("14", "own sentence", embed(["My boat is blue"]), path=vectors),
        *(
            Change("14", f"own query: {text}", embed([text]), path=vectors)
            for text in ("make it cheaper", "talk to a database", "robots")
        ),
        Change("14", "empty list", embed([]), REFUSED, vectors),
        Change("15", "K=3", recorded(*careful) | {"messages": few}),
        Change("15", "one word of CAREFUL", recorded(*careful, "from the passages", "from these passages")),
        Change(
            "15",
            "a chunk size of 100",
            recorded(*careful) | {"messages": [passages[0], {**passages[1], "content": short}]},
        ),
        Change("15", "own .md", recorded(*careful) | {"messages": own}),
        Change("15", "fuel pontoon in the app", recorded(*careful), SAME),
        Change(
            "15", "own question", recorded(*careful, "How deep is the water at the fuel pontoon?", "Is there a sauna?")
        ),
        Change("15", "v7: own /docs", recorded("15", '"stream": true|showers', "four showers", "six showers")),
        Change(
            "15",
            "v7: hi",
            recorded("15", '"stream": true|showers', "What do four showers cost, and where do I get", "hi"),
        ),
        Change("15", "WHOLE=20_000", recorded(*careful) | {"messages": whole}),
    ]


def _projects() -> list[Change]:
    summary, code = ("17", "at most 3 sentences|Summary"), ("17", "average(ratings)|Explanation")
    email = "17", "Write an email|refund 6.90"
    edits, cards = ("18", "Suggest edits|recieved"), ("18", "quiz questions|ood through the whole body")
    minutes, document = ("18", "Write the minutes|Lena, Ravi"), ("18", "parts of a document|signal tower")
    agent, beacon = ("19", "browse|free delivery"), ("19", "You are Beacon|museum open on Mondays")
    own = [
        {
            "type": "function",
            "function": {
                "name": "today",
                "description": "The date.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]
    return [
        Change("17", "sentences 3 to 2", recorded(*summary, "at most 3 sentences", "at most 2 sentences")),
        Change("17", "LONGEST=25", recorded(*summary, "at most 30 words", "at most 25 words")),
        Change(
            "17",
            "German to French",
            recorded("17", "Translate into German|bike is ready", "into German", "into French"),
        ),
        Change("17", "tone to firm", recorded(*email, "Write an email", "Write a firm email")),
        Change("17", "own text", recorded(*summary, "20:40", "21:00")),
        Change("17", "own code", recorded(*code, "average(ratings)", "mean(ratings)")),
        Change("17", "own email", recorded(*email, "refund 6.90", "refund 7.50")),
        Change("17", "a space at the end", recorded(*email, "refund 6.90 shipping", "refund 6.90 shipping "), SAME),
        Change("18", "style", recorded(*edits, "Correct spelling and grammar", "Make it cheerful")),
        Change("18", "own text", recorded(*edits, "12 desks", "14 desks")),
        Change("18", "own notes", recorded(*cards, "60 to 100", "50 to 90")),
        Change("18", "date", recorded(*minutes, "2026-11-23", "2026-11-24")),
        Change("18", "own document", recorded(*document, "62 steps", "70 steps")),
        Change("18", "own picture", picture("Describe this picture.")),
        Change("19", "a tool added to the agent", recorded(*agent) | {"tools": recorded(*agent)["tools"] + own}),
        Change("19", "one space at the end", recorded(*agent, "free delivery?", "free delivery? "), SAME),
        Change("19", "own question to the agent", recorded(*agent, "free delivery?", "a discount?")),
        Change("19", "own question to the guide", recorded(*beacon, "open on Mondays", "open on Fridays")),
        Change("19", "v8: hi", small("hi", stream=True, stream_options={"include_usage": True})),
    ]
