"""An assistant for the terminal whose answers appear as they are written: python v3_streaming.py"""

import openai

MODEL = "gpt-6-luna"
INSTRUCTIONS = "You are a friendly and helpful assistant. Be brief: two or three sentences."
QUIT_WORDS = {"quit", "exit", "bye"}
CUT = " […]"  # stands behind an answer that did not arrive whole


def ask(client, conversation):
    """Print the answer as it arrives; return its text, why it ended and its usage, both None if it broke off."""
    text, finish, usage = "", None, None
    try:
        with client.chat.completions.create(
            model=MODEL,
            messages=conversation,
            reasoning_effort="none",
            max_completion_tokens=500,
            stream=True,
            stream_options={"include_usage": True},
        ) as stream:
            for chunk in stream:
                if chunk.choices:
                    piece = chunk.choices[0].delta.content or ""
                    print(piece, end="", flush=True)
                    text += piece
                    finish = chunk.choices[0].finish_reason or finish
                usage = chunk.usage or usage
    except (openai.APIError, KeyboardInterrupt):
        if not text:  # nothing was seen, so the question counts as not asked
            raise
    return text, finish, usage
