"""The lab model: its counts, and every parameter of `complete` as the API reference defines it."""

import math
import re
import time
from collections import Counter

import numpy as np
import pytest

from helpers.demos.lab import model as lab_model
from helpers.demos.lab import sampling

PROMPTS = ["The capital of France is", "The weather today is", "Once upon a time there was a", "The robot", ""]
SONG = "The old song goes:"


@pytest.fixture(scope="module")
def model():
    return lab_model.load()


def text_of(model, prompt, **parameters):
    return model.complete(prompt, **{"seed": 3, **parameters})[0].text


# The text and the training


def test_text_has_the_size_that_was_meant():
    words = lab_model.TEXT.read_text(encoding="utf-8").split()
    assert 3000 <= len(words) <= 5000


def test_training_takes_less_than_a_second():
    text, times = lab_model.TEXT.read_text(encoding="utf-8"), []
    for _ in range(3):
        start = time.perf_counter()
        lab_model.LabModel(text)
        times.append(time.perf_counter() - start)
    assert min(times) < 1


def test_trained_once():
    assert lab_model.load() is lab_model.load()


def test_text_survives_encoding(model):
    for paragraph in lab_model.TEXT.read_text(encoding="utf-8").strip().split("\n\n"):
        assert model.decode(model.encode(paragraph)) == " " + " ".join(paragraph.split())


def test_unknown_words_have_no_token_but_may_be_prompted_with(model):
    with pytest.raises(ValueError, match="never read 'xylophone'"):
        model.encode("The xylophone is")
    assert model.complete("The xylophone is", seed=1)[0].text


def test_a_prompt_may_be_written_in_another_case(model):
    assert model.next_tokens("the capital of france is")[0].token == " Paris"


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_token_has_a_finite_logit(model, prompt):
    logits = model.logits(model.context(prompt))
    assert logits.shape == (len(model.vocabulary),)
    assert np.isfinite(logits).all()
    assert np.exp(logits).sum() == pytest.approx(1)


def counted(prompt_words, word):
    """P(word | last three words), interpolated by hand from plain counts of the text."""
    streams = [
        ["<start>", *re.findall(r"[A-Za-z]+|[.,:?]", paragraph), "<end>"]
        for paragraph in lab_model.TEXT.read_text(encoding="utf-8").strip().split("\n\n")
    ]
    after = Counter(token for stream in streams for token in stream[1:])
    share = after[word] / after.total()
    for length in (1, 2, 3):
        context = prompt_words[-length:]
        after = Counter(
            stream[i + length]
            for stream in streams
            for i in range(len(stream) - length)
            if stream[i : i + length] == context
        )
        if len(context) < length or not after:
            break
        weight = 0.4 * len(after)
        share = (after[word] + weight * share) / (after.total() + weight)
    return share


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("The capital of France is", "Paris"),
        ("The capital of France is", "soup"),
        ("The weather today is", "grey"),
        ("the sea is", "calm"),
        ("a robot is", "not"),
        ("robot", "<end>"),
        ("", "Once"),
    ],
)
def test_probabilities_equal_counts_mixed_by_hand(model, prompt, word):
    found = {candidate.token.strip(): candidate.before for candidate in model.next_tokens(prompt, top=None)}
    assert found[word] == pytest.approx(counted(["<start>", *prompt.split()], word))


def test_a_fact_is_surer_than_a_choice_and_a_choice_than_a_story(model):
    def bits(prompt):
        shares = sampling.softmax(model.logits(model.context(prompt)))
        return -sum(share * math.log2(share) for share in shares)

    assert (
        bits("The capital of France is") < 0.5 < 2 < bits("The weather today is") < bits("Once upon a time there was a")
    )
    assert model.next_tokens("The capital of France is")[0].token == " Paris"


# next_tokens


def test_candidates_before_and_after(model):
    candidates = model.next_tokens("The weather today is", temperature=0.5, top=5)
    assert len(candidates) == 5
    assert [one.before for one in candidates] == sorted((one.before for one in candidates), reverse=True)
    # At temperature 0.5 the odds are squared.
    grey, sunny = candidates[0], candidates[1]
    assert grey.after / sunny.after == pytest.approx((grey.before / sunny.before) ** 2)


def test_penalties_look_at_what_was_generated_and_not_at_the_prompt(model):
    untouched = model.next_tokens(SONG + " haul away, haul away,", frequency_penalty=2, presence_penalty=2, top=3)
    assert all(one.before == one.after for one in untouched)
    haul = model.next_tokens(SONG, " haul away, haul away,", frequency_penalty=1, presence_penalty=0.5, top=None)
    by_token = {one.token: one for one in haul}
    for token, times in {" haul": 2, " away": 2, " sea": 0}.items():
        factor = by_token[token].after / by_token[token].before / (by_token[" moon"].after / by_token[" moon"].before)
        assert factor == pytest.approx(math.exp(-times * 1 - (times > 0) * 0.5))


# complete, parameter by parameter


def test_temperature_0_takes_the_likeliest_token_each_time(model):
    so_far = ""
    for _ in range(15):
        so_far += model.next_tokens("In the morning the", so_far, top=1)[0].token
    for seed in (1, 2, None):
        assert text_of(model, "In the morning the", temperature=0, max_tokens=15, seed=seed) == so_far


@pytest.mark.parametrize("prompt", PROMPTS)
def test_neutral_values_change_no_text(model, prompt):
    plain = text_of(model, prompt)
    assert (
        text_of(model, prompt, temperature=1, top_p=1, frequency_penalty=0, presence_penalty=0, logit_bias={}) == plain
    )


def test_the_same_seed_gives_the_same_text(model):
    texts = {seed: text_of(model, "The robot", seed=seed) for seed in range(6)}
    assert texts == {seed: text_of(model, "The robot", seed=seed) for seed in range(6)}
    assert len(set(texts.values())) > 3
    assert len({text_of(model, "The robot", seed=None) for _ in range(6)}) > 3


def test_choices_do_not_depend_on_n(model):
    three = model.complete("The robot", seed=5, n=3)
    five = model.complete("The robot", seed=5, n=5)
    assert five[:3] == three
    assert [choice.index for choice in five] == [0, 1, 2, 3, 4]
    assert len({choice.text for choice in five}) > 1


def test_higher_temperature_spreads(model):
    def different(temperature):
        return len({choice.text for choice in model.complete("The robot", temperature=temperature, seed=1, n=20)})

    assert different(0) == 1 < different(0.3) <= different(1) <= different(2) == 20


def test_small_top_p_is_greedy(model):
    greedy = text_of(model, "The robot", temperature=0)
    assert text_of(model, "The robot", temperature=2, top_p=0) == greedy


def test_max_tokens_and_finish_reason(model):
    for limit in (1, 7, 300):
        for choice in model.complete("Once upon a time", max_tokens=limit, seed=2, n=5):
            assert len(choice.tokens) <= limit
            assert "".join(choice.tokens) == choice.text
            assert (choice.finish_reason == "length") == (len(choice.tokens) == limit)
    reasons = {choice.finish_reason for choice in model.complete("The robot", max_tokens=20, seed=1, n=30)}
    assert reasons == {"stop", "length"}


def test_stop_ends_the_text_before_the_stop_sequence(model):
    whole = text_of(model, "In the evening", max_tokens=60)
    assert "." in whole
    choice = model.complete("In the evening", max_tokens=60, seed=3, stop=".")[0]
    assert choice.text == whole[: whole.index(".")]
    assert choice.finish_reason == "stop"
    assert "".join(choice.tokens) == choice.text


def test_the_first_of_several_stops_ends_the_text_also_across_tokens(model):
    whole = text_of(model, "In the evening", max_tokens=60)
    second = whole.split(" ")[3]
    across = whole[whole.index(second) - 2 : whole.index(second) + 2]  # the end of one word, and half of the next
    choice = model.complete("In the evening", max_tokens=60, seed=3, stop=["xylophone", ".", across])[0]
    assert choice.text == whole[: whole.index(across)]
    assert "".join(choice.tokens).startswith(choice.text)


def test_the_first_of_two_stops_in_one_token_counts(model):
    [token] = model.encode("lighthouse")
    choice = model.complete("The", logit_bias={token: 100}, stop=["house", "light"])[0]
    assert choice.text == " " and choice.finish_reason == "stop"


def test_penalties_leave_the_prompt_alone(model):
    prompt = SONG + " haul away," * 8
    strict = {"temperature": 0, "frequency_penalty": 2, "presence_penalty": 2, "max_tokens": 1}
    assert model.complete(prompt, **strict)[0].text == " haul"
    assert model.complete(SONG, so_far=" haul away," * 8, **strict)[0].text != " haul"


def test_frequency_penalty_breaks_a_loop(model):
    looped = model.complete(SONG, temperature=0, max_tokens=30)[0].tokens
    freed = model.complete(SONG, temperature=0, max_tokens=30, frequency_penalty=2)[0].tokens
    assert len(set(looped)) == 3  # haul, away and the comma
    assert len(set(freed)) > 10


def test_negative_penalty_invites_repetition(model):
    plain = model.complete("The robot", seed=1, n=10, max_tokens=60)
    stuck = model.complete("The robot", seed=1, n=10, max_tokens=60, frequency_penalty=-2)
    assert sum(len(set(choice.tokens)) for choice in stuck) < 0.8 * sum(len(set(choice.tokens)) for choice in plain)


def test_logit_bias_bans_and_forces(model):
    [paris], [soup] = model.encode("Paris"), model.encode("soup")
    france = "The capital of France is"
    assert "Paris" not in "".join(c.text for c in model.complete(france, logit_bias={paris: -100}, seed=1, n=10))
    assert text_of(model, france, logit_bias={soup: 100}, max_tokens=4) == " soup" * 4


def test_so_far_goes_on_from_there(model):
    choice = model.complete(SONG, so_far=" haul away, haul away, haul away", temperature=0, max_tokens=3)[0]
    assert choice.text == ", haul away"


def test_logprobs_are_the_models_own(model):
    candidates = {one.token: one.before for one in model.next_tokens("The weather today is", top=None)}
    parameters = {"temperature": 0.4, "top_p": 0.9, "logit_bias": {5: 1}, "seed": 1, "max_tokens": 6}
    choice = model.complete("The weather today is", logprobs=True, top_logprobs=4, **parameters)[0]
    assert [entry.token for entry in choice.logprobs] == choice.tokens
    first = choice.logprobs[0]
    assert first.logprob == pytest.approx(math.log(candidates[first.token]))
    assert bytes(first.bytes).decode("utf-8") == first.token
    best = sorted(candidates.values(), reverse=True)[:4]
    assert [entry.logprob for entry in first.top_logprobs] == pytest.approx([math.log(share) for share in best])
    assert all(entry.top_logprobs == [] for entry in first.top_logprobs)
    assert model.complete("The robot", seed=1)[0].logprobs is None


def test_logprob_of_a_token_outside_the_top_20_is_the_documented_one(model):
    [token] = model.encode("Cairo")
    choice = model.complete("The weather today is", logit_bias={token: 100}, max_tokens=1, logprobs=True)[0]
    assert choice.logprobs[0].token == " Cairo"
    assert choice.logprobs[0].logprob == -9999.0


def test_logprobs_stop_where_the_text_does(model):
    choice = model.complete("In the evening", max_tokens=60, seed=3, stop=".", logprobs=True)[0]
    assert [entry.token for entry in choice.logprobs] == choice.tokens


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"temperature": 2.1}, "temperature must be a number from 0 to 2"),
        ({"top_p": -0.5}, "top_p must be a number from 0 to 1"),
        ({"frequency_penalty": 3}, "frequency_penalty must be a number from -2 to 2"),
        ({"presence_penalty": -3}, "presence_penalty must be a number from -2 to 2"),
        ({"logit_bias": {0: 101}}, "logit_bias must be a number from -100 to 100"),
        ({"logit_bias": {10**6: 1}}, "ids here are 0 to"),
        ({"max_tokens": 0}, "max_tokens must be a whole number from 1 up"),
        ({"max_tokens": 2.5}, "max_tokens must be a whole number"),
        ({"n": 0}, "n must be a whole number from 1 to 128"),
        ({"n": 129}, "n must be a whole number from 1 to 128"),
        ({"seed": "7"}, "seed must be a whole number"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "up to 4 texts"),
        ({"stop": [""]}, "none of them empty"),
        ({"top_logprobs": 3}, "needs logprobs=True"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs must be a whole number from 0 to 20"),
    ],
    ids=str,
)
def test_what_the_api_refuses_is_refused_with_a_reason(model, parameters, message):
    with pytest.raises(ValueError, match=message):
        model.complete("The robot", **parameters)


def test_words_that_it_has_never_read_are_named(model, capsys):
    model.complete("The robot and the SEA", seed=1)
    assert capsys.readouterr().out == ""
    model.complete("Tell me about pizza, pizza", seed=1)
    line = capsys.readouterr().out
    assert line.startswith("This model knows only the ") and line.count("pizza") == 1
    model.complete("pizza", seed=1, quiet=True)
    assert capsys.readouterr().out == ""
    assert model.unknown("Pizza the zeppelin") == ["Pizza", "zeppelin"]
