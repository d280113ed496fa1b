"""An assistant for the terminal that answers word by word: python v3_streaming.py"""

import openai
from openai.types import CompletionUsage

MODEL = "gpt-6-luna"
INSTRUCTIONS = "You are a friendly assistant. Answer in one to three short sentences."
QUIT_WORDS = {"quit", "exit", "bye"}
TIMEOUT = 30  # seconds of silence; in a stream each piece restarts the clock
RETRIES = 3  # further attempts, which the SDK makes by itself, about 0.5, 1 and 2 seconds apart
CUT = " […]"  # marks an answer that did not arrive whole
HOPELESS = (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError)


def ask(
    client: openai.OpenAI, conversation: list
) -> tuple[str, str | None, CompletionUsage | None]:
    """Show the answer as it comes; return the text, finish reason and usage that came."""
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
                    finish = chunk.choices[0].finish_reason
                usage = chunk.usage
    except (openai.APIError, KeyboardInterrupt):
        if not text:  # nothing was shown, so there is nothing to keep
            raise
    return text, finish, usage


def explain(error: openai.APIError) -> str:
    """Say what happened and what to do. Narrower classes come first."""
    if isinstance(error, openai.AuthenticationError):
        return "The API rejects this key. Check OPENAI_API_KEY, then start me again."
    if isinstance(error, openai.PermissionDeniedError):
        return f"Not allowed. Ask the account's administrator. {error.message}"
    if isinstance(error, openai.NotFoundError):
        return f"This key can't use {MODEL}. Change MODEL, then start me again."
    if isinstance(error, openai.RateLimitError) and error.type == "insufficient_quota":
        return "Out of credit, or at a spending limit. Add credit, then ask again."
    if isinstance(error, openai.RateLimitError):
        return "The account sends too many requests. Wait a while, then ask again."
    if isinstance(error, openai.InternalServerError):
        return f"OpenAI has trouble. Ask again later. Request id: {error.request_id}"
    if isinstance(error, openai.APITimeoutError):
        return f"No answer within {TIMEOUT} seconds. Ask again, or ask for less."
    if isinstance(error, openai.APIConnectionError):
        return "The connection failed. Check the network, then ask again."
    body = error.body if isinstance(error.body, dict) else {}
    return f"This was not answered: {body.get('message', error.message)}"


def main() -> None:
    try:
        client = openai.OpenAI(max_retries=RETRIES, timeout=TIMEOUT)
    except openai.OpenAIError:
        print("There is no API key. Set OPENAI_API_KEY, then start me again.")
        return
    conversation = [{"role": "developer", "content": INSTRUCTIONS}]
    usages = []
    print("Type your message. Ctrl+C stops an answer. To leave, type quit, exit or bye.")
    try:
        while True:
            text = input("You: ").strip()
            if text.lower() in QUIT_WORDS:
                break
            if not text:
                continue
            conversation.append({"role": "user", "content": text})
            print("Assistant: ", end="", flush=True)
            try:
                answer, finish, usage = ask(client, conversation)
            except KeyboardInterrupt:
                conversation.pop()
                print("Stopped before the first word.")
                continue
            except openai.APIError as error:
                conversation.pop()  # else a question without an answer stays in the memory
                print(explain(error))
                if isinstance(error, HOPELESS):
                    break  # the next message would end the same way
                continue
            if finish == "stop":
                print()
            else:  # what was on the screen goes into the memory, and the mark with it
                answer += CUT
                print(f"{CUT}\nThis answer was cut off. Type go on for the rest.")
            conversation.append({"role": "assistant", "content": answer})
            usages.append(usage)
    except (EOFError, KeyboardInterrupt):  # the input has ended, or somebody pressed Ctrl+C
        print()
    counted = [usage.total_tokens for usage in usages if usage]
    uncounted = len(usages) - len(counted)
    print(f"Tokens used: {sum(counted)}. Answers without a count: {uncounted}.")
    print("Goodbye.")


if __name__ == "__main__":
    main()
