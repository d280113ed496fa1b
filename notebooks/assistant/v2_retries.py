"""An assistant for the terminal that survives errors: python v2_retries.py"""

import openai

MODEL = "gpt-6-luna"
INSTRUCTIONS = "You are a friendly assistant. Answer in one to three short sentences."
QUIT_WORDS = {"quit", "exit", "bye"}
TIMEOUT = 30  # seconds that one attempt may take; without this the SDK waits ten minutes
RETRIES = 3  # further attempts, which the SDK makes by itself, about 0.5, 1 and 2 seconds apart
HOPELESS = (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError)


def ask(client: openai.OpenAI, conversation: list) -> str:
    """Send the whole conversation and return the text of the answer."""
    response = client.chat.completions.create(
        model=MODEL,
        messages=conversation,
        reasoning_effort="none",
        max_completion_tokens=500,
    )
    return response.choices[0].message.content or ""


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
    print("Type your message. To leave, type quit, exit or bye.")
    try:
        while True:
            text = input("You: ").strip()
            if text.lower() in QUIT_WORDS:
                break
            if not text:
                continue
            conversation.append({"role": "user", "content": text})
            try:
                answer = ask(client, conversation)
            except openai.APIError as error:
                conversation.pop()  # else a question without an answer stays in the memory
                print(explain(error))
                if isinstance(error, HOPELESS):
                    break  # the next message would end the same way
                continue
            conversation.append({"role": "assistant", "content": answer})
            print(f"Assistant: {answer}")
    except (EOFError, KeyboardInterrupt):  # the input has ended, or somebody pressed Ctrl+C
        print()
    print("Goodbye.")


if __name__ == "__main__":
    main()
