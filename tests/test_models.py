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
