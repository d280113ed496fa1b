"""The first call as a script: python hello_gpt.py"""

from openai import OpenAI

MODEL = "gpt-5.2"

client = OpenAI()  # reads the key from the environment variable OPENAI_API_KEY

response = client.chat.completions.create(
    model=MODEL,
    messages=[
        {"role": "developer", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of France?"},
    ],
)
print(response.choices[0].message.content)
