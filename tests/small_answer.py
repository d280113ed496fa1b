"""A small chat answer, for tests that need one and do not care what it says."""

from typing import Any


def small_answer(text: str = "hello", model: str = "gpt-5.2-2025-12-11", tokens: tuple = (10, 1)) -> dict[str, Any]:
    """A chat completion with this text; `tokens` are those of the prompt and of the answer."""
    prompt, completion = tokens
    return {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
    }
