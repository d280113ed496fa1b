"""The table of models: whole, consistent in itself, and true to the fact sheet of 2026-11-22."""

import re
import subprocess
import sys
from datetime import date

import pytest

from helpers import models

MODELS = models.TABLE["models"]
TEXT = [name for name, entry in MODELS.items() if "parameters" in entry]


def test_roles_name_models_of_the_table():
    assert set(models.ROLES.values()) <= set(MODELS)
    assert set(models.TABLE["teaches_its_ending"]) <= set(models.ROLES)


def test_every_role_is_a_constant():
    for role, name in models.ROLES.items():
        assert getattr(models, role.upper()) == name


def test_the_choices_of_the_course():
    assert (models.FLAGSHIP, models.SMALL, models.NEWEST) == ("gpt-5.2", "gpt-6-luna", "gpt-6.2-sol")
    assert (models.EMBEDDING, models.IMAGE) == ("text-embedding-3-small", "gpt-image-2")
    assert (models.SPEECH, models.TRANSCRIBE) == ("gpt-4o-mini-tts", "gpt-transcribe")


@pytest.mark.parametrize("name", MODELS)
def test_an_entry_is_consistent(name):
    entry = MODELS[name]
    ends = entry["shutdown"]
    expected = "active" if ends is None else "gone" if ends <= models.AS_OF else "ending"
    assert entry["status"] == expected
    assert ends is None or date.fromisoformat(ends)
    assert entry["endpoints"]
    replacement = entry["replacement"]
    assert replacement is None or (MODELS[replacement["model"]]["status"] == "active" and replacement["recommended_on"])
    if entry.get("default_effort"):
        assert entry["default_effort"] in entry["efforts"]
    if entry.get("vision"):
        assert entry["vision"]["rule"] in models.TABLE["vision_rules"]
    if "framing" in entry:
        assert entry["framing"] in models.TABLE["framing"]


@pytest.mark.parametrize("name", MODELS)
def test_every_statement_has_a_graded_source(name):
    sources = models.TABLE["sources"]
    assert all(source["grade"] in models.TABLE["grades"] for source in sources.values())
    vision = MODELS[name].get("vision") or {"source": "sdk"}
    named = [*MODELS[name]["sources"].values(), vision["source"], vision.get("rule_source", "assumed")]
    assert set(named) <= set(sources)
    for rules in ("no_reasoning", "reasons_unless_none", "always_reasons"):
        for rule in models.TABLE["parameters"][rules].values():
            assert rule["when"] in ("always", "never", "effort_none") and rule["source"] in sources


# Fact sheet 1a and 1b.
ENDS = {
    "gpt-5.2": None, "gpt-6-luna": None, "gpt-5.2-pro": None, "gpt-5-mini": "2026-12-11", "gpt-5": "2026-12-11",
    "gpt-5.1": "2027-04-01", "gpt-5.4-nano": "2027-04-01", "gpt-4o": "2027-01-14", "gpt-4.1-mini": "2027-01-14",
    "gpt-3.5-turbo": "2026-10-23", "gpt-4-turbo": "2026-10-23", "gpt-5.2-chat-latest": "2026-08-10",
    "gpt-image-2": None, "gpt-image-1.5": "2026-12-01", "dall-e-3": "2026-05-12", "gpt-image-1": "2026-10-23",
    "tts-1": "2027-01-06", "gpt-4o-mini-tts": "2027-01-06", "whisper-1": "2027-02-26", "gpt-transcribe": None,
    "gpt-audio-1.5": None, "gpt-audio": "2027-01-20", "text-embedding-3-small": None, "omni-moderation-latest": None,
}  # fmt: skip


@pytest.mark.parametrize(("name", "day"), ENDS.items())
def test_shutdown_dates(name, day):
    assert models.shutdown(name) == (date.fromisoformat(day) if day else None)


def test_gone_is_judged_by_the_day_given():
    assert models.is_gone("gpt-3.5-turbo") and not models.is_gone("gpt-5-mini")
    assert not models.is_gone("gpt-5-mini", "2026-12-10") and models.is_gone("gpt-5-mini", date(2026, 12, 11))
    assert not models.is_gone("gpt-5.2", "2030-01-01")


def test_names_aliases_and_snapshots_lead_to_the_same_entry():
    assert models.answers_as("gpt-5.2") == "gpt-5.2-2025-12-11"
    assert models.info("gpt-5.2-2025-12-11") == models.info("gpt-5.2")
    assert models.canonical("gpt-5.6") == "gpt-5.6-sol"
    assert models.answers_as("gpt-6-luna") == "gpt-6-luna"
    assert models.answers_as("gpt-6.2-sol") == "gpt-6.2-sol"  # no snapshot is known
    assert models.canonical("gpt-nope") is None
    with pytest.raises(LookupError, match="gpt-nope"):
        models.info("gpt-nope")


def test_context_and_efforts_of_the_models_in_use():
    flagship, small = models.info("gpt-5.2"), models.info("gpt-6-luna")
    assert (flagship["context"], flagship["max_output"], flagship["cutoff"]) == (400_000, 128_000, "2025-08-31")
    assert (small["context"], small["max_input"], small["cutoff"]) == (1_050_000, 922_000, "2026-05-18")
    assert flagship["efforts"] == ["none", "low", "medium", "high", "xhigh"] and flagship["default_effort"] == "none"
    assert small["efforts"] == ["none", "low", "medium", "high", "xhigh", "max"] and small["default_effort"] == "medium"
    assert models.info("gpt-5-mini")["efforts"] == ["minimal", "low", "medium", "high"]
    assert "none" not in models.info("gpt-6.2-sol")["efforts"]
    assert "max" not in models.chat_efforts("gpt-6-luna")


# Fact sheet 2, row by row: gpt-5.2, gpt-6-luna, gpt-5-mini, gpt-4o, each at its default effort.
ACCEPTED = {
    "max_tokens": (False, False, False, True),
    "max_completion_tokens": (True, True, True, True),
    "temperature": (True, False, False, True),
    "top_p": (True, False, False, True),
    "logprobs": (True, False, False, True),
    "frequency_penalty": (False, False, False, True),
    "presence_penalty": (False, False, False, True),
    "logit_bias": (False, False, False, True),
    "stop": (False, False, False, True),
    "n": (True, True, True, True),
    "seed": (True, True, True, True),
    "tools": (True, False, True, True),
    "reasoning_effort": (True, True, True, False),
}


@pytest.mark.parametrize(("parameter", "expected"), ACCEPTED.items())
def test_which_model_takes_which_parameter(parameter, expected):
    chosen = ("gpt-5.2", "gpt-6-luna", "gpt-5-mini", "gpt-4o")
    assert tuple(models.accepts(name, parameter) for name in chosen) == expected


def test_effort_none_opens_sampling_and_tools_of_the_small_model():
    for parameter in ("temperature", "top_p", "logprobs", "tools"):
        assert models.accepts("gpt-6-luna", parameter, effort="none")
        assert not models.accepts("gpt-6-luna", parameter, effort="low")
    assert not models.accepts("gpt-5.2", "temperature", effort="low")
    assert models.accepts("gpt-5.2", "tools", effort="low")
    assert not models.accepts("gpt-6.2-sol", "tools", effort="none")
    with pytest.raises(LookupError, match="colour"):
        models.accepts("gpt-5.2", "colour")


def test_the_parameter_table_has_a_row_for_each_parameter():
    table = models.parameter_table("gpt-5.2", "gpt-6-luna", "gpt-5-mini", "gpt-4o", "gpt-5.2-pro")
    cells = {row[0]: row[1:] for row in table.rows}
    assert set(cells) == set(ACCEPTED)
    assert cells["temperature"][:4] == ["while effort is none (default)", "only with effort none", "only 1", "yes"]
    assert cells["stop"][:4] == ["no", "no", "no", "yes"]
    assert cells["presence_penalty"][0] == "only 0"
    assert {row[-1] for row in table.rows} == {"not on Chat Completions"}


@pytest.mark.parametrize("name", TEXT)
def test_every_condition_can_be_said_in_words(name):
    for parameter in ACCEPTED:
        assert re.search(r"[a-z]", models.condition(name, parameter))


def test_importing_is_light():
    code = "import sys, helpers.models, helpers.costs, helpers.tokens; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("bpe_openai", "tiktoken", "genai_prices", "pydantic", "openai", "numpy"):
        assert f"'{heavy}'" not in loaded
