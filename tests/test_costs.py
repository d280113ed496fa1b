"""Money: list prices against the fact sheet of 2026-11-22, costs against arithmetic done by hand."""

import pytest
from openai.types import CompletionUsage, CreateEmbeddingResponse
from openai.types.responses import ResponseUsage

from helpers import costs, models

# One model for each unit, from the fact sheet; the accepted prices of all are in data/course/prices_seen.json.
UNITS = {
    "gpt-5.4-pro": {"input": 30, "output": 180},  # rises with the length of a request
    "omni-moderation-latest": {"input": 0},
    "gpt-image-2": {"input": 5, "cached_input": 1.25, "image_input": 8, "output": 30},
    "tts-1": {"characters": 15},
    "gpt-transcribe": {"minute": 0.0045},
    "gpt-audio-1.5": {"input": 2.50, "output": 10, "audio_input": 32, "audio_output": 64},
}


@pytest.mark.parametrize(("model", "expected"), UNITS.items())
def test_list_prices_in_every_unit(model, expected):
    assert costs.price(model) == pytest.approx(expected)


@pytest.mark.parametrize("model", ["gpt-5.6-sol", "gpt-6-luna", "gpt-6.1-sol"])
def test_cache_writes_cost_a_quarter_more_than_input(model):
    listed = costs.price(model)
    assert listed["cache_write"] == pytest.approx(1.25 * listed["input"])


def test_unknown_prices_are_unknown():
    usage = {"prompt_tokens": 10, "completion_tokens": 10}
    for model in ("gpt-6.2-sol", "gpt-6.2-astra", "gpt-image-2.6-flare", "gpt-nope"):
        assert costs.price(model) is None and costs.cost(model, usage) is None
    for name, entry in models.TABLE["models"].items():
        assert ("price_note" in entry) == (entry["status"] != "gone" and costs.price(name) is None), name


def test_a_chat_completion():
    usage = {"prompt_tokens": 200, "completion_tokens": 300, "total_tokens": 500}
    assert costs.cost("gpt-5.2", usage) == pytest.approx(0.00035 + 0.0042)
    assert costs.cost("gpt-6-luna", usage) == pytest.approx(0.00002 + 0.00015)
    assert costs.cost("gpt-5.2-2025-12-11", usage) == costs.cost("gpt-5.2", usage)
    assert costs.cost("gpt-5.2", CompletionUsage(**usage)) == costs.cost("gpt-5.2", usage)


def test_reasoning_is_billed_as_output_and_not_twice():
    usage = {"prompt_tokens": 0, "completion_tokens": 1000, "completion_tokens_details": {"reasoning_tokens": 900}}
    assert costs.cost("gpt-5.2", usage) == pytest.approx(0.014)


def test_cached_input_and_cache_writes():
    details = {"cached_tokens": 1024, "cache_write_tokens": 500, "audio_tokens": 0}
    usage = {"prompt_tokens": 2000, "completion_tokens": 100, "prompt_tokens_details": details}
    expected = (476 * 0.10 + 1024 * 0.01 + 500 * 0.125 + 100 * 0.50) / 1e6
    assert costs.cost("gpt-6-luna", usage) == pytest.approx(expected)
    # gpt-5.2 has no fee for writes: they are plain input.
    assert costs.cost("gpt-5.2", usage) == pytest.approx((976 * 1.75 + 1024 * 0.175 + 100 * 14) / 1e6)


def test_long_requests_are_dearer_as_a_whole():
    below = {"prompt_tokens": 272_000, "completion_tokens": 1000}
    above = {"prompt_tokens": 272_001, "completion_tokens": 1000}
    assert costs.cost("gpt-6-luna", below) == pytest.approx((272_000 * 0.10 + 1000 * 0.50) / 1e6)
    assert costs.cost("gpt-6-luna", above) == pytest.approx((272_001 * 0.20 + 1000 * 0.75) / 1e6)


def test_a_response():
    usage = ResponseUsage(
        input_tokens=1220,
        input_tokens_details={"cached_tokens": 1000, "cache_write_tokens": 0},
        output_tokens=100,
        output_tokens_details={"reasoning_tokens": 54},
        total_tokens=1320,
    )
    assert costs.cost("gpt-5.2", usage) == pytest.approx((220 * 1.75 + 1000 * 0.175 + 100 * 14) / 1e6)


def test_embeddings():
    answer = CreateEmbeddingResponse(
        data=[], model="text-embedding-3-small", object="list", usage={"prompt_tokens": 5000, "total_tokens": 5000}
    )
    assert costs.cost(answer.model, answer.usage) == pytest.approx(0.0001)
    assert costs.cost("text-embedding-ada-002-v2", answer.usage) == pytest.approx(0.0005)


def test_images_made_and_changed():
    made = {"input_tokens": 20, "output_tokens": 196, "input_tokens_details": {"text_tokens": 20, "image_tokens": 0}}
    assert costs.cost("gpt-image-2", made) == pytest.approx((20 * 5 + 196 * 30) / 1e6)
    parts = {"text_tokens": 20, "image_tokens": 300}
    changed = {"input_tokens": 320, "output_tokens": 196, "input_tokens_details": parts}
    assert costs.cost("gpt-image-2", changed) == pytest.approx((20 * 5 + 300 * 8 + 196 * 30) / 1e6)


def test_speech_in_a_chat_answer():
    usage = {
        "prompt_tokens": 20, "completion_tokens": 60, "prompt_tokens_details": {"audio_tokens": 4, "text_tokens": 16},
        "completion_tokens_details": {"audio_tokens": 50, "text_tokens": 10},
    }  # fmt: skip
    expected = (16 * 2.50 + 4 * 32 + 10 * 10 + 50 * 64) / 1e6
    assert costs.cost("gpt-audio-1.5", usage) == pytest.approx(expected)


def test_transcriptions_by_the_second_and_by_the_token():
    assert costs.cost("gpt-transcribe", {"type": "duration", "seconds": 90}) == pytest.approx(0.00675)
    assert costs.cost("whisper-1", {"type": "duration", "seconds": 2}) == pytest.approx(0.0002)
    details = {"text_tokens": 4, "audio_tokens": 21}
    tokens = {"type": "tokens", "input_tokens": 25, "output_tokens": 6, "input_token_details": details}
    assert costs.cost("gpt-4o-mini-transcribe", tokens) == pytest.approx((4 * 1.25 + 21 * 3 + 6 * 5) / 1e6)


def test_speech_by_the_character_and_by_the_minute():
    assert costs.speech_cost("tts-1", "x" * 1000) == pytest.approx(0.015)
    assert costs.cost("tts-1-hd", {"characters": 1000, "input_text": "x" * 1000}) == pytest.approx(0.03)
    # Published: about $0.015 a minute.
    assert costs.speech_cost("gpt-4o-mini-tts", "x" * 800, seconds=60) == pytest.approx(0.015, rel=0.02)
    assert costs.speech_cost("gpt-4o-mini-tts", "x" * 900) == pytest.approx(0.015, rel=0.02)


def test_batch_is_half():
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0}
    assert costs.cost("gpt-6-luna", {**usage, "prompt_tokens": 100_000}, batch=True) == pytest.approx(0.005)
    assert costs.cost("gpt-5.2", usage, batch=True) == pytest.approx(0.875)
    assert costs.cost("text-embedding-3-small", usage, batch=True) == pytest.approx(0.01)


def test_moderation_is_free_and_no_usage_is_unknown():
    assert costs.cost(models.MODERATION, None) == 0
    assert costs.cost("gpt-5.2", None) is None


def test_contradicting_usage_is_refused():
    usage = {"prompt_tokens": 5, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 9}}
    with pytest.raises(ValueError, match="cannot exceed"):
        costs.cost("gpt-5.2", usage)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0.00"), (1, "$1.00"), (0.1, "$0.10"), (21, "$21.00"), (0.175, "$0.175"), (0.00455, "$0.00455"),
        (4.55, "$4.55"), (0.000012, "$0.000012"), (1e-9, "$0.000000001"), (1234.5, "$1,234.50"), (0.9999, "$1.00"),
        (0.0004567, "$0.000457"), (-0.5, "-$0.50"), (None, "unknown"),
    ],
)  # fmt: skip
def test_money_to_read(amount, text):
    assert costs.usd(amount) == text


def test_every_price_has_a_source_and_a_date():
    assert costs.prices_date("gpt-5.2") == "genai-prices 0.2.3, checked 2026-10-14"
    assert costs.prices_date() == "genai-prices 0.2.3, checked 2026-10-12 to 2026-10-26"
    assert costs.prices_date("tts-1") == "genai-prices 0.2.3, date of the check not given"


def test_the_cost_table():
    table = costs.cost_table(["gpt-5.2", "gpt-5-mini", "gpt-6.2-sol", "omni-moderation-latest", "gpt-transcribe"])
    assert table.columns == ["model", "input", "cached input", "output", "per minute", "ends on"]
    assert table.rows == [
        ["gpt-5.2", "$1.75", "$0.175", "$14.00", "–", "–"],
        ["gpt-5-mini", "$0.25", "$0.025", "$2.00", "–", "2026-12-11"],
        ["gpt-6.2-sol", "unknown", "–", "–", "–", "–"],
        ["omni-moderation-latest", "free", "–", "–", "–", "–"],
        ["gpt-transcribe", "–", "–", "–", "$0.0045", "–"],
    ]
    assert "genai-prices 0.2.3" in table.note and "2026-11-22" in table.note


def test_the_receipt_adds_up():
    usage = {"prompt_tokens": 200, "completion_tokens": 300}
    rows = [{"model": name, "usage": usage} for name in ("gpt-5.2", "gpt-6-luna", "gpt-6-luna", "gpt-6.2-sol")]
    assert costs.receipt(rows).rows == [
        ["gpt-5.2", "1", "200", "300", "$0.00455"],
        ["gpt-6-luna", "2", "400", "600", "$0.00034"],
        ["gpt-6.2-sol", "1", "200", "300", "unknown"],
        ["Total", "4", "800", "1,200", "$0.00489 + unknown"],
    ]


def test_the_receipt_keeps_the_calls_of_a_stand_in_apart():
    row = {"model": "gpt-5.2", "usage": {"prompt_tokens": 200, "completion_tokens": 300}}
    table = costs.receipt([row, {**row, "answered_by": "gemma4:e2b"}, {**row, "answered_by": None}])
    assert table.rows == [
        ["gpt-5.2", "2", "400", "600", "$0.0091"],
        ["gpt-5.2, answered by gemma4:e2b", "1", "200", "300", "$0.00455"],
        ["Total", "3", "600", "900", "$0.0137"],
    ]
    assert "2026" in table.note
