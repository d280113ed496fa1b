"""The lab model: a tiny language model that runs here, so that every parameter can be felt at once, for free.

It is a teaching model. It has read one short text (`data/lessons/02/lab_text.txt`) and knows nothing else: it predicts
the next word from the three before it. What it does with temperature, top_p and the others is the real
arithmetic (`helpers.demos.lab.sampling`), and `complete` takes the parameters of the API under the API's names.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...setup.files import LESSONS
from . import sampling
from .ngram import END, NGram

TEXT = LESSONS / "02" / "lab_text.txt"
TOP_LIMIT = 20  # the API reports the log-probabilities of the 20 most likely tokens
NOT_IN_THE_TOP = -9999.0  # and gives this for a token outside them


@dataclass(frozen=True)
class Logprob:
    """A token, the natural logarithm of its probability and, for a generated token, the likeliest there."""

    token: str
    logprob: float
    bytes: list[int]
    top_logprobs: list[Logprob]


@dataclass(frozen=True)
class Choice:
    """One answer. `finish_reason` is "stop" (the text ended or met a stop sequence) or "length"."""

    index: int
    text: str
    tokens: list[str]
    finish_reason: str
    logprobs: list[Logprob] | None = None


@dataclass(frozen=True)
class Candidate:
    """A possible next token: its probability as the model gives it, and after the parameters."""

    token: str
    before: float
    after: float


class LabModel(NGram):
    """An n-gram model with the sampling parameters of the API. `load()` gives the one of the course."""

    def next_tokens(self, prompt: str, so_far: str = "", top: int | None = 10, **parameters: Any) -> list[Candidate]:
        """The candidates for the next token, likeliest (before the parameters) first.

        Args:
            prompt: the text to go on from.
            so_far: what the model has already generated after the prompt; the penalties count its tokens.
            top: how many candidates; None for the whole vocabulary.
            parameters: temperature, top_p, frequency_penalty, presence_penalty, logit_bias, as in the API.
        """
        generated = self.context(so_far)
        logits = self.logits([*self.context(prompt), *generated])
        before = sampling.softmax(logits)
        after = sampling.next_token_distribution(logits, counts=self._counts(generated), **parameters)
        ranked = np.argsort(-before, kind="stable")[:top]
        return [Candidate(self.vocabulary[i], float(before[i]), float(after[i])) for i in ranked]

    def complete(
        self,
        prompt: str,
        *,
        temperature: float = 1.0,
        top_p: float = 1.0,
        frequency_penalty: float = 0.0,
        presence_penalty: float = 0.0,
        logit_bias: Mapping[int, float] | None = None,
        max_tokens: int = 40,
        stop: str | Sequence[str] | None = None,
        seed: int | None = None,
        n: int = 1,
        logprobs: bool = False,
        top_logprobs: int = 0,
        so_far: str = "",
        quiet: bool = False,
    ) -> list[Choice]:
        """Go on from `prompt`, with the parameters of the API, and return `n` choices.

        Args:
            temperature, top_p, frequency_penalty, presence_penalty: see `helpers.demos.lab.sampling`.
            logit_bias: token id -> -100 to 100; `encode` gives the ids.
            max_tokens: at most so many tokens are generated, 1 or more.
            stop: up to 4 texts; generation ends where the first of them appears, and it is not returned.
            seed: the same seed and parameters give the same text, and choice k is the same for every n.
            n: number of choices, 1 to 128.
            logprobs: also return log-probabilities, as the model gives them before the parameters. (The API
                reference leaves open whether before or after; OpenAI's have been seen to be before.) A token
                outside the 20 likeliest has -9999.0, as the reference says.
            top_logprobs: 0 to 20 likeliest tokens at each place; needs `logprobs`.
            so_far: beyond the API: go on as if this text had been generated already (penalties count it).
            quiet: beyond the API: do not print which words of the prompt the model has never read.

        Raises:
            ValueError: a parameter is outside of what the API reference allows.
        """
        stops = [stop] if isinstance(stop, str) else list(stop or [])
        if len(stops) > 4 or not all(isinstance(end, str) and end for end in stops):
            raise ValueError("stop must be one text or up to 4 texts, none of them empty.")
        _check_whole("max_tokens", max_tokens, 1, math.inf)
        _check_whole("n", n, 1, 128)
        _check_whole("seed", 0 if seed is None else seed, -math.inf, math.inf)
        _check_whole("top_logprobs", top_logprobs, 0, TOP_LIMIT)
        if top_logprobs and not logprobs:
            raise ValueError("top_logprobs needs logprobs=True.")
        parameters = {
            "temperature": temperature,
            "top_p": top_p,
            "frequency_penalty": frequency_penalty,
            "presence_penalty": presence_penalty,
            "logit_bias": logit_bias,
        }
        if not quiet and (line := self.limits(prompt)):
            print(line)
        choices = []
        for index in range(n):
            rng = random.Random() if seed is None else random.Random(f"{seed}/{index}")
            text, drawn, finish_reason = self._generate(prompt, so_far, parameters, max_tokens, stops, rng)
            details = [self._logprob(logits, token, top_logprobs) for token, logits in drawn if logprobs]
            tokens = [self.vocabulary[token] for token, _ in drawn]
            choices.append(Choice(index, text, tokens, finish_reason, details if logprobs else None))
        return choices

    def limits(self, prompt: str) -> str:
        """A line that names the words of a prompt that this model has never read; "" when it knows them all."""
        names = ", ".join(f"“{word}”" for word in self.unknown(prompt))
        words = sum(piece[-1].isalnum() for piece in self.vocabulary)
        return f"This model knows only the {words:,} words of one short story, and not {names}." if names else ""

    def _generate(
        self,
        prompt: str,
        so_far: str,
        parameters: Mapping[str, Any],
        max_tokens: int,
        stops: Sequence[str],
        rng: random.Random,
    ) -> tuple[str, list[tuple[int, np.ndarray]], str]:
        """Draw token after token. Returns the text, its tokens with the logits they came from, the reason."""
        context = [*self.context(prompt), *self.context(so_far)]
        counts = self._counts(self.context(so_far))
        text, drawn, starts = "", [], []
        while len(drawn) < max_tokens:
            logits = self.logits(context)
            odds = sampling.next_token_distribution(logits, counts=counts, **parameters)
            token = sampling.sample(odds, rng)
            if self.vocabulary[token] == END:
                return text, drawn, "stop"
            drawn.append((token, logits))
            starts.append(len(text))
            context.append(token)
            counts[token] += 1
            text += self.vocabulary[token]
            ends = [text.index(stop) for stop in stops if stop in text]
            if ends:
                kept = sum(start < min(ends) for start in starts)
                return text[: min(ends)], drawn[:kept], "stop"
        return text, drawn, "length"

    def _counts(self, generated: Sequence[int]) -> np.ndarray:
        """How often each token of the vocabulary occurs in `generated`, shape (vocabulary,)."""
        counts = np.zeros(len(self.vocabulary), dtype=int)
        for token in generated:
            if token >= 0:  # a word that the model has never read cannot be generated again
                counts[token] += 1
        return counts

    def _logprob(self, logits: np.ndarray, token: int, top: int) -> Logprob:
        values = sampling.log_probabilities(logits)
        ranked = np.argsort(-values, kind="stable")[:TOP_LIMIT].tolist()

        def entry(number: int, rivals: list[Logprob]) -> Logprob:
            piece = self.vocabulary[number]
            value = float(values[number]) if number in ranked else NOT_IN_THE_TOP
            return Logprob(piece, value, list(piece.encode("utf-8")), rivals)

        return entry(token, [entry(number, []) for number in ranked[:top]])


@functools.cache
def load() -> LabModel:
    """The lab model of the course, trained on `data/lessons/02/lab_text.txt` at the first call and kept."""
    return LabModel(TEXT.read_text(encoding="utf-8"))


def _check_whole(name: str, value: int, low: float, high: float) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        limits = "" if low == -math.inf else f" from {low} up" if high == math.inf else f" from {low} to {high}"
        raise ValueError(f"{name} must be a whole number{limits}, not {value!r}.")
