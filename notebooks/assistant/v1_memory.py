"""An assistant for the terminal that remembers the conversation: python v1_memory.py"""

import openai

MODEL = "gpt-6-luna"
INSTRUCTIONS = "You are a friendly and helpful assistant. Be brief: two or three sentences."
QUIT_WORDS = {"quit", "exit", "bye"}


def ask(client, conversation):
    """Send the whole conversation and return the text of the answer."""
    response = client.chat.completions.create(
        model=MODEL,
        messages=conversation,
        reasoning_effort="none",
        max_completion_tokens=500,
    )
    return response.choices[0].message.content


def main():
    client = openai.OpenAI()
    conversation = [{"role": "developer", "content": INSTRUCTIONS}]
    print("Ask me anything. To leave, type quit, exit or bye.")
    while True:
        try:
            text = input("You: ").strip()
            if text.lower() in QUIT_WORDS:
                break
            if not text:
                continue
            conversation.append({"role": "user", "content": text})
            try:
                answer = ask(client, conversation)
            except openai.APIError as error:
                conversation.pop()  # a question without an answer must not stay in the memory
                print(f"That did not work, so I forgot your last message. {error}")
                continue
            conversation.append({"role": "assistant", "content": answer})
            print(f"Assistant: {answer}")
        except (EOFError, KeyboardInterrupt):
            print()
            break
    print("Goodbye.")


if __name__ == "__main__":
    main()
