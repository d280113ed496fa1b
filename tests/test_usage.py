"""Counting offline equals `usage` on every recorded answer of chat models.

What an offline count cannot know is left out by name, in LEFT_OUT; all else must agree to the token. Authored
answers got their usage from the same rule, so for them this holds lessons, recordings and counter together.
The rule itself is held against the real API in test_tokens.py, and here as soon as answers are captured.
"""

import json
from collections import Counter
from functools import cache

import pytest

from helpers import tokens
from helpers.setup.files import ROOT

RECORDINGS = ROOT / "data" / "recordings"
CHAT, RESPONSES, COUNT = "/v1/chat/completions", "/v1/responses", "/v1/responses/input_tokens"

LEFT_OUT = {  # side and name of what is left out -> why
    "prompt: tools": "how the API writes tools into the prompt is not published",
    "prompt: schema": "how the API writes a schema into the prompt is not published",
    "prompt: no text": "recordings keep digests of pictures, sounds and files, so their size is unknown",
    "answer: several calls": "public recordings of two calls differ by tokens that nothing explains",
    "answer: sound": "the tokens of sound follow from its length, not from its words",
    "both: tokenizer": "OpenAI has not published the tokenizer of gpt-6; only authored answers use gpt-5's",
}


class Answer:
    """One recorded answer.

    Attributes:
        messages: the conversation that was sent, earlier responses included, as chat messages.
        said: (text, function calls, whether it was cut off) of each choice.
        prompt, completion, hidden: tokens by its usage; None where it does not tell them.
    """

    def __init__(self, recording, past=()):
        """`past`: the messages before those that the request has itself."""
        self.body, response = recording["request"]["json"], recording["response"]
        self.model, self.captured = self.body["model"], recording["origin"]["kind"] == "captured"
        self.api = "chat" if recording["request"]["path"] == CHAT else "responses"
        found = whole(recording["request"]["path"], response)
        usage = found.get("usage") or {}
        if self.api == "chat":
            self.messages, self.limit = self.body["messages"], self.body.get("max_completion_tokens")
            choices = found["choices"]
            self.said = [said([one["message"]], one["finish_reason"] == "length") for one in choices]
            self.prompt, self.completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
            details = usage.get("completion_tokens_details")
        else:
            rules, self.limit = self.body.get("instructions"), self.body.get("max_output_tokens")
            first = [{"role": "developer", "content": rules}] if rules else []
            self.messages = [*first, *past, *as_chat(self.body.get("input", []))]
            self.said = [said(as_chat(found.get("output", [])), found.get("status") == "incomplete")]
            self.prompt, self.completion = usage.get("input_tokens"), usage.get("output_tokens")
            self.prompt = found.get("input_tokens", self.prompt)  # the endpoint that only counts
            details = usage.get("output_tokens_details")
        self.hidden = (details or {}).get("reasoning_tokens", 0)

    def left_out(self):
        """Names, out of LEFT_OUT, of what keeps this answer from being counted."""
        form = self.body.get("response_format") or (self.body.get("text") or {}).get("format") or {}
        contents = [message.get("content") for message in self.messages]
        parts = [part for content in contents if isinstance(content, list) for part in content]
        reasons = {
            "prompt: tools": bool(self.body.get("tools")),
            "prompt: schema": form.get("type") == "json_schema",
            "prompt: no text": any("text" not in part for part in parts),
            "answer: several calls": any(len(calls) > 1 for _, calls, _ in self.said),
            "answer: sound": "audio" in (self.body.get("modalities") or ()),
            "both: tokenizer": self.captured and tokens.is_estimate(self.model),
        }
        return [name for name, holds in reasons.items() if holds]

    def counted(self):
        """Tokens of the prompt and of the answer, counted offline. A cut answer is billed up to its limit."""
        hidden, completion = self.hidden // len(self.said), 0
        for text, calls, cut in self.said:
            full = tokens.completion_tokens(text, self.model, self.api, hidden, calls)
            completion += self.limit if cut else full
        return tokens.chat_tokens(self.messages, self.model), completion


def whole(path, response):
    """The answer as JSON, put together again when it was streamed."""
    if "json" in response:
        return response["json"]
    events = [data for _, data, *_ in response["events"] if isinstance(data, dict)]
    if path != CHAT:
        return next((event["response"] for event in reversed(events) if "response" in event), {})
    choices, usage = {}, None
    for chunk in events:
        usage = chunk.get("usage") or usage
        for part in chunk["choices"]:
            delta, message = part["delta"], {"content": "", "tool_calls": []}
            choice = choices.setdefault(part["index"], {"message": message})
            choice["finish_reason"], message = part["finish_reason"], choice["message"]
            message["content"] += delta.get("content") or delta.get("refusal") or ""
            for call in delta.get("tool_calls") or ():
                piece = call["function"]
                if "id" in call:
                    message["tool_calls"].append({"function": {"name": piece["name"], "arguments": ""}})
                message["tool_calls"][call["index"]]["function"]["arguments"] += piece["arguments"]
    return {"choices": list(choices.values()), "usage": usage}


def said(messages, cut):
    texts, calls = "", []
    for message in messages:
        content = message.get("content") or message.get("refusal") or ""
        parts = [{"text": content}] if isinstance(content, str) else content
        texts += "".join(part.get("text") or part.get("refusal") or "" for part in parts)
        functions = [call["function"] for call in message.get("tool_calls") or ()]
        calls += [(function["name"], function["arguments"]) for function in functions]
    return texts, calls, cut


def as_chat(items):
    """Input or output items of the Responses API as chat messages; reasoning has no words."""
    if isinstance(items, str):
        return [{"role": "user", "content": items}]
    messages = []
    for item in items:
        if item.get("type") == "function_call":
            function = {"name": item["name"], "arguments": item["arguments"]}
            messages.append({"role": "assistant", "content": None, "tool_calls": [{"function": function}]})
        elif item.get("type") == "function_call_output":
            messages.append({"role": "tool", "content": item["output"]})
        elif "role" in item:
            messages.append({"role": item["role"], "content": item["content"]})
    return messages


@cache
def answers():
    """Every recorded answer of a chat model that tells its usage, by lesson and file name."""
    recordings = {}
    for path in sorted(RECORDINGS.rglob("*.json")):
        recording = json.loads(path.read_text(encoding="utf-8"))
        asked, answered = recording["request"], recording["response"]
        if asked["path"] in (CHAT, RESPONSES, COUNT) and answered["status"] == 200:
            recordings[f"{path.parent.name}/{path.name}"] = recording
    kept = {}
    for recording in recordings.values():
        if recording["request"]["path"] == RESPONSES:
            kept[whole(RESPONSES, recording["response"]).get("id")] = recording

    def past(recording):
        """The messages of the responses that a request continues; instructions are not passed on."""
        before = recording["request"].get("json", {}).get("previous_response_id")
        if before is None:
            return []
        heard = as_chat(kept[before]["request"]["json"].get("input", []))
        return past(kept[before]) + heard + as_chat(whole(RESPONSES, kept[before]["response"])["output"])

    found = {name: Answer(recording, past(recording)) for name, recording in recordings.items()}
    return {name: answer for name, answer in found.items() if answer.prompt is not None}


def compare(found):
    """Counts that differ, in sentences; how many agree, by side; how many are left out, by name."""
    wrong, agree, left_out = [], Counter(), Counter()
    for name, answer in found.items():
        reasons = answer.left_out()
        left_out.update(reasons)
        billed = {"prompt": answer.prompt, "answer": answer.completion}
        for (side, number), counted in zip(billed.items(), answer.counted(), strict=True):
            if number is None or any(reason.startswith((side, "both")) for reason in reasons):
                continue
            agree[side] += number == counted
            wrong += [f"{name}: {side} of {number} tokens, counted {counted}"] if number != counted else []
    return wrong, agree, left_out


def test_counting_equals_usage_on_every_recorded_answer(capsys):
    wrong, agree, left_out = compare(answers())
    shown = "".join(f"; left out {name}, {number} times" for name, number in sorted(left_out.items()))
    matched = f"{agree['prompt']} prompts and {agree['answer']} answers agree"
    with capsys.disabled():
        print(f"\nOf {len(answers())} recorded answers {matched}{shown}")
    assert wrong == []


def test_plain_chats_are_there_and_all_agree():
    plain = {name: one for name, one in answers().items() if one.api == "chat" and not one.left_out()}
    wrong, agree, _ = compare(plain)
    assert wrong == [] and agree["prompt"] == agree["answer"] == len(plain) >= 30


# --- the tests above can fail ------------------------------------------


def made(prompt=13, completion=10, finish="stop", **request):
    """gpt-5.2: 7 tokens and 6 around them in the question, 7 and 3 behind them in the answer."""
    asked = [{"role": "user", "content": "What is the capital of France?"}]
    message = {"role": "assistant", "content": "The capital of France is Paris."}
    answer = {
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion},
    }
    return Answer(
        {
            "request": {"path": CHAT, "json": {"model": "gpt-5.2", "messages": asked, **request}},
            "response": {"status": 200, "json": answer},
            "origin": {"kind": "authored"},
        }
    )


def test_a_right_count_agrees():
    assert compare({"made": made()}) == ([], Counter(prompt=1, answer=1), Counter())


WRONG = [{"prompt": 12}, {"completion": 11}, {"finish": "length", "max_completion_tokens": 9}]


@pytest.mark.parametrize("change", WRONG)
def test_a_wrong_count_is_found(change):
    assert len(compare({"made": made(**change)})[0]) == 1


def test_a_cut_answer_is_billed_up_to_its_limit():
    assert compare({"made": made(completion=9, finish="length", max_completion_tokens=9)})[0] == []


def test_what_is_left_out_is_named():
    schema, tool = {"type": "json_schema"}, {"type": "function"}
    answer = made(1, 1, tools=[tool], response_format=schema, modalities=["text", "audio"])
    names = ["prompt: tools", "prompt: schema", "answer: sound"]
    assert compare({"made": answer}) == ([], Counter(), Counter(names)) and set(names) < set(LEFT_OUT)
