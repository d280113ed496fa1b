"""A model server as strict as those that people run: what it does not know, it refuses. In another process's place.

It answers what it was asked, word for word as far as a test can foretell: "You said: …". Everything that came in is in
`seen`.
"""

import contextlib
import hashlib
import json
import time

import numpy as np

from helpers.proxy.http import LoopbackServer

KNOWN = {
    "model", "messages", "stream", "stream_options", "temperature", "top_p", "stop", "seed", "max_tokens", "tools",
    "tool_choice", "response_format", "logprobs", "top_logprobs", "frequency_penalty", "presence_penalty", "n",
}  # fmt: skip
CHAT, SENTENCES = "gemma4:e2b", "all-minilm:latest"


def base_vector(text):
    """384 numbers that depend on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    vector = np.random.RandomState(seed).standard_normal(384)
    return vector / np.linalg.norm(vector)


class Stub:
    """A strict server on loopback.

    Args:
        models: what it has.
        responses: whether it speaks the Responses API.
        lacks: further parameters that it refuses.
        port: 0 picks a free one.
    """

    def __init__(self, models=(CHAT, SENTENCES), responses=False, lacks=(), port=0):
        self.models, self.responses, self.lacks = models, responses, set(lacks)
        self.seen, self.headers = [], []
        self.wake = 0.0  # seconds before it says which models it has
        self.delay = 0.0  # seconds before a chat is answered, as while a model loads
        self.leave_after = None  # chunks after which it drops the connection
        self.usage = True
        self.old_schemas = False  # as llama-cpp-python: the schema belongs beside the type json_object
        self.server = LoopbackServer(self.answer, port)
        self.server.start()
        self.url = self.server.url + "/v1"

    def close(self):
        self.server.close()

    def bodies(self, path="/v1/chat/completions"):
        """The JSON bodies that came to a path."""
        return [body for seen, body in self.seen if seen == path]

    def answer(self, handler):
        raw = handler.read_body()
        body = json.loads(raw) if raw else {}
        self.seen.append((handler.path, body))
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        routes = {"/v1/models": self.list, "/v1/chat/completions": self.chat, "/v1/embeddings": self.embed}
        if self.responses:
            routes["/v1/responses"] = self.respond
        if handler.path not in routes:
            handler.send_json(404, {"detail": "Not Found"})
            return
        with contextlib.suppress(ConnectionError):
            routes[handler.path](handler, body)

    def list(self, handler, body):
        time.sleep(self.wake)
        handler.send_json(200, {"object": "list", "data": [{"id": id, "object": "model"} for id in self.models]})

    def refusal(self, body):
        """Why a chat is refused, as these servers word it, or None."""
        if unknown := sorted(body.keys() - KNOWN | body.keys() & self.lacks):
            return 422, f"body.{unknown[0]}: Extra inputs are not permitted"
        if self.old_schemas and (body.get("response_format") or {}).get("type") == "json_schema":
            return 500, "response_format.type: Input should be 'text' or 'json_object', input: 'json_schema'"
        if body["model"] not in self.models:
            return 404, f'model "{body["model"]}" not found, try pulling it first'
        if body.get("n", 1) != 1:
            return 400, "n > 1 is not supported"
        for message in body["messages"]:
            if message["role"] not in ("system", "user", "assistant", "tool"):
                return 400, f"invalid message role: {message['role']}"
        return None

    def chat(self, handler, body):
        if refused := self.refusal(body):
            handler.send_json(refused[0], {"error": {"message": refused[1], "type": "invalid_request_error"}})
            return
        time.sleep(self.delay)
        reply, reason = self.reply(body)
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        frame = {"id": "chatcmpl-7", "created": 1, "model": body["model"]}
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", **reply}, "finish_reason": reason}
            if body.get("logprobs"):
                choice["logprobs"] = {"content": [{"token": "You", "logprob": -0.1, "bytes": None, "top_logprobs": []}]}
            counted = {"usage": usage} if self.usage else {}
            handler.send_json(200, {**frame, "object": "chat.completion", "choices": [choice], **counted})
            return
        handler.start_stream(200, {"content-type": "text/event-stream"})
        deltas = [{"role": "assistant", "content": ""}]
        if reply.get("content"):
            deltas += [{"content": word} for word in reply["content"].replace(" ", " \0").split("\0")]
        for index, call in enumerate(reply.get("tool_calls") or ()):
            function = {**call["function"], "arguments": ""}
            deltas.append({"tool_calls": [{**call, "index": index, "function": function}]})
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": call["function"]["arguments"]}}]})
        chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        if self.usage and (body.get("stream_options") or {}).get("include_usage"):
            chunks.append({"choices": [], "usage": usage})
        for number, chunk in enumerate(chunks):
            if number == self.leave_after:
                handler.hang_up()
                return
            data = json.dumps({**frame, "object": "chat.completion.chunk", **chunk})
            handler.send_chunk(f"data: {data}\n\n".encode())
        handler.send_chunk(b"data: [DONE]\n\n")
        handler.end_stream()

    def reply(self, body):
        """A message and why it ends: calls of every tool that there is, JSON where it must be, else an echo."""
        last = body["messages"][-1]
        if body.get("tools") and last["role"] == "user":
            calls = [
                {
                    "id": f"call_{number}",
                    "type": "function",
                    "function": {"name": tool["function"]["name"], "arguments": '{"city": "Oslo"}'},
                }
                for number, tool in enumerate(body["tools"])
            ]
            return {"content": None, "tool_calls": calls}, "tool_calls"
        shape = body.get("response_format") or {}
        if schema := shape.get("schema") or (shape.get("json_schema") or {}).get("schema"):
            return {"content": json.dumps(dict.fromkeys(schema["properties"], "x"))}, "stop"
        content = last["content"]
        if isinstance(content, list):
            kinds = [part["type"] for part in content]
            content = f"{content[0].get('text')} with {kinds.count('image_url')} picture"
        words = f"You said: {content}".split(" ")
        limit = body.get("max_tokens") or len(words)
        return {"content": " ".join(words[:limit])}, "stop" if limit >= len(words) else "length"

    def embed(self, handler, body):
        if body["model"] not in self.models:
            handler.send_json(404, {"error": f"model {body['model']} not found"})
            return
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        data = [
            {"object": "embedding", "index": number, "embedding": base_vector(text).tolist()}
            for number, text in enumerate(texts)
        ]
        handler.send_json(200, {"object": "list", "data": data[::-1], "model": body["model"]})

    def respond(self, handler, body):
        text = f"Native: {body['input'] if isinstance(body['input'], str) else body['input'][-1]['content']}"
        content = [{"type": "output_text", "text": text, "annotations": []}]
        message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": content}
        response = {
            "id": f"resp_{len(self.seen)}", "object": "response", "created_at": 1, "status": "completed",
            "model": body["model"], "output": [message], "parallel_tool_calls": True, "tool_choice": "auto",
            "tools": [], "usage": {
                "input_tokens": 3, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 2,
                "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 5,
            },
        }  # fmt: skip
        if not body.get("stream"):
            handler.send_json(200, response)
            return
        handler.start_stream(200, {"content-type": "text/event-stream"})
        events = [
            {"type": "response.created", "response": {**response, "status": "in_progress", "output": []}},
            {"type": "response.output_item.added", "item": {**message, "content": []}, "output_index": 0},
            {
                "type": "response.content_part.added",
                "part": {**content[0], "text": ""},
                "item_id": "msg_1",
                "output_index": 0,
            },
            {"type": "response.output_text.delta", "delta": text, "item_id": "msg_1", "output_index": 0},
            {"type": "response.completed", "response": response},
        ]
        for number, event in enumerate(events):
            data = json.dumps({**event, "content_index": 0, "logprobs": [], "sequence_number": number})
            handler.send_chunk(f"event: {event['type']}\ndata: {data}\n\n".encode())
        handler.end_stream()
