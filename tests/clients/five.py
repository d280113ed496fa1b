"""Five clients of the OpenAI API that know nothing of the course, each asked the same question; prints what they got.

Run with an environment of its own by tests/test_clients.py: python five.py <base URL> ...
"""

import json
import os
import sys

KEY, MODEL, QUESTION = "sk-test-0000000000000000", "gpt-5.2", "Name a river."
os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "OPENAI_AGENTS_DISABLE_TRACING": "1", "OPENAI_API_KEY": KEY}
MESSAGES = [{"role": "user", "content": QUESTION}]


def litellm(address):
    import litellm

    answer = litellm.completion(f"openai/{MODEL}", MESSAGES, api_base=address, api_key=KEY)
    parts = litellm.completion(f"openai/{MODEL}", MESSAGES, api_base=address, api_key=KEY, stream=True)
    streamed = "".join(part.choices[0].delta.content or "" for part in parts)
    return answer.choices[0].message.content, answer.usage.total_tokens, streamed


def langchain(address):
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model=MODEL, base_url=address, api_key=KEY)
    answer = model.invoke(QUESTION)
    return (
        answer.content,
        answer.usage_metadata["total_tokens"],
        "".join(part.content for part in model.stream(QUESTION)),
    )


def pydantic_ai(address):
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=address, api_key=KEY))
    answer = Agent(model).run_sync(QUESTION)
    return answer.output, str(answer.usage() if callable(answer.usage) else answer.usage)


def instructor(address):
    import instructor
    from openai import OpenAI
    from pydantic import BaseModel

    class River(BaseModel):
        name: str

    client = instructor.from_openai(OpenAI(base_url=address, api_key=KEY))
    return client.create(model=MODEL, response_model=River, messages=MESSAGES).name


def agents(address):
    from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled
    from openai import AsyncOpenAI

    set_tracing_disabled(True)
    model = OpenAIChatCompletionsModel(MODEL, AsyncOpenAI(base_url=address, api_key=KEY))
    return Runner.run_sync(Agent("guide", model=model), QUESTION).final_output


CLIENTS = litellm, langchain, pydantic_ai, instructor, agents
print(json.dumps([{ask.__name__: ask(address) for ask in CLIENTS} for address in sys.argv[1:]]))
