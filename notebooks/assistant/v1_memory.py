"""An assistant for the terminal that remembers the conversation: python v1_memory.py"""

import openai

MODEL = "gpt-6-luna"
INSTRUCTIONS = "You are a friendly assistant. Answer in one to three short sentences."
QUIT_WORDS = {"quit", "exit", "bye"}


def ask(client: openai.OpenAI, conversation: list) -> str:
    """Send the whole conversation and return the text of the answer."""
    response = client.chat.completions.create(
        model=MODEL,
        messages=conversation,
        reasoning_effort="none",
        max_completion_tokens=500,
    )
    return response.choices[0].message.content or ""


def main() -> None:
    client = openai.OpenAI()
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
                print(f"That message was not answered, so I have forgotten it: {error}")
                continue
            conversation.append({"role": "assistant", "content": answer})
            print(f"Assistant: {answer}")
    except (EOFError, KeyboardInterrupt):  # end of input, or Ctrl+C
        print()
    print("Goodbye.")


if __name__ == "__main__":
    main()
