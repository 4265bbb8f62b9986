import json
import os
from dataclasses import replace

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.errors import BadRecipe

try:
    import torch
    from onnx import numpy_helper
    from safetensors import torch as safetensors
except ImportError:
    if os.environ.get("CI") == "true":
        raise
    pytest.skip("training needs the extra kg[train]", allow_module_level=True)

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from kg.recognition.model import Recognizer
from kg.training.evaluate import evaluate
from kg.training.export import build
from kg.training.labels import ANY, LABELS, TAGS, bits
from kg.training.network import MOST, NEVER, Network, Product, Shape, illegal_moves, narrowed
from kg.training.readings import known_of
from kg.training.recipe import Source, read_recipe
from kg.training.spans import reader, tags_of

PEOPLE = ("Ana Silva", "Omar Khan", "Mei Chen", "John Okoro")
PLACES = ("Lima", "Cairo", "Oslo", "Accra")
TEXTS = [f"{person} flew to {place} today." for person in PEOPLE for place in PLACES]

RECIPE = """
title = "A toy"
epochs = 12
int8_from = 3
rate = 3e-3
head_rate = 1e-2
pieces = 64
dropout = 0.0
inner = 48

[[source]]
name = "toy"
files = ["toy.jsonl"]
readings = "readings.jsonl"
outside = []

[[measure]]
name = "toy"
file = "toy.jsonl"
readings = "readings.jsonl"
[measure.labels]
person = ["person"]
location = ["location", "country"]
"""


def annotated(text, i):
    person, place = next(p for p in PEOPLE if p in text), next(p for p in PLACES if p in text)
    spans = [(person, "person"), (place, "location")]
    entities = [{"start": text.index(x), "end": text.index(x) + len(x), "label": y, "text": x} for x, y in spans]
    return {"id": f"toy_{i}", "source": "toy", "labels": ["person", "location"], "text": text, "entities": entities}


def read(record):
    person = next(e["text"] for e in record["entities"])
    people = [{"name": person, "mentions": [person], "optional": False}]
    visit = {"label": "trip", "kind": "reported", "type": "visit", "mentions": ["flew to"], "optional": False}
    return {"id": record["id"], "people": people, "countries": [], "events": [visit]}


@pytest.fixture
def toy(tmp_path):
    """A folder with a recipe, its texts, and a tiny encoder to start from."""
    records = [annotated(text, i) for i, text in enumerate(TEXTS)]
    (tmp_path / "toy.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    (tmp_path / "readings.jsonl").write_text("".join(json.dumps(read(r)) + "\n" for r in records[:8]))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    base = tmp_path / "base"
    base.mkdir()
    words = sorted({word for text in TEXTS for word in text.lower().replace(".", " .").split()})
    vocabulary = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(base / "tokenizer.json"))
    sizes = {"vocab_size": len(vocabulary), "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    sizes |= {"intermediate_size": 64, "max_position_embeddings": 256}
    (base / "config.json").write_text(json.dumps(sizes))
    torch.manual_seed(0)
    tensors = {"embeddings.word_embeddings": (len(vocabulary), 32), "embeddings.position_embeddings": (256, 32)}
    tensors |= {"embeddings.token_type_embeddings": (2, 32)}
    layer = "encoder.layer.0."
    squares = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
    tensors |= {layer + name: (32, 32) for name in squares}
    tensors |= {f"{layer}intermediate.dense": (64, 32), f"{layer}output.dense": (32, 64)}
    weights = {f"{name}.weight": torch.randn(size) * 0.1 for name, size in tensors.items()}
    weights |= {f"{name}.bias": torch.zeros(size[0]) for name, size in tensors.items() if name.startswith(layer)}
    norms = ("embeddings.LayerNorm", f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm")
    weights |= {f"{name}.weight": torch.ones(32) for name in norms} | {
        f"{name}.bias": torch.zeros(32) for name in norms
    }
    safetensors.save_file(weights, base / "model.safetensors")
    return tmp_path


def test_a_dozen_sentences_teach_their_names_and_events(toy):
    command = ["train", str(toy / "recipe.toml"), "-o", str(toy / "out"), "--base", str(toy / "base"), "--threads", "1"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0
    doc = Recognizer(toy / "out/weights")(reader()("Mei Chen flew to Oslo today."))
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Mei Chen", "PERSON"), ("Oslo", "LOC")]
    group = doc.spans["triggers"]
    sure = [span for span, p in zip(group, group.attrs["probability"], strict=True) if p > 0.5]
    assert [(span.text, span.label_, span.id_) for span in sure] == [("flew", "visit", "reported")]
    card = (toy / "out/weights/MODEL_CARD.md").read_text()
    assert "| toy |" in card
    assert "| person | 1.000 | 1.000 | 1.000 | 1.000 | 16 |" in card
    figures = evaluate(toy / "out/weights", read_recipe(toy / "recipe.toml").measures, toy)
    assert figures["toy"]["person"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "gold": 16}


def test_an_interrupted_training_ends_as_an_uninterrupted_one(toy):
    from kg.training import train as training

    recipe = read_recipe(toy / "recipe.toml")
    whole = training.train(recipe, toy, toy / "whole", base=str(toy / "base"), threads=1, say=lambda _: None)
    steps = training.Run.one_step

    def interrupted(run, batch):
        run.stopped += [2] if run.step == 7 else []
        return steps(run, batch)

    training.Run.one_step = interrupted
    said = []
    training.train(recipe, toy, toy / "parts", base=str(toy / "base"), threads=1, say=said.append)
    training.Run.one_step = steps
    assert said[-1].startswith("interrupted")
    parts = training.train(recipe, toy, toy / "parts", base=str(toy / "base"), threads=1, say=lambda _: None)
    assert (parts / "recogniser.onnx").read_bytes() == (whole / "recogniser.onnx").read_bytes()


def allowed(source, start, end, label, text="Ana Silva left Cairo"):
    span = {"start": start, "end": end, "label": label, "text": text[start:end]}
    record = {"text": text, "labels": ["person"], "entities": [span]}
    return [
        [TAGS[i] for i in range(len(TAGS)) if may_be >> i & 1] for may_be in tags_of(reader()(text), record, source)
    ]


def test_what_a_source_does_not_annotate_is_unknown_there():
    first, second, third, fourth = allowed(Source("toy", ()), 0, 9, "person")
    assert (first, second) == (["B-person"], ["I-person"])
    assert third == fourth == [tag for tag in TAGS if "person" not in tag]


def test_a_label_of_a_source_may_be_several_of_ours():
    source = Source("toy", (), reads={"place": ["location", "country"]}, outside=[])
    assert allowed(source, 15, 20, "place")[2:] == [["O"], ["B-location", "B-country"]]


def test_of_a_word_that_a_span_cuts_nothing_is_known():
    record = {"labels": [], "entities": [{"start": 0, "end": 2, "label": "person"}]}
    assert tags_of(reader()("Ana"), record, Source("toy", ())) == [ANY]


def test_a_careful_reading_overrules_spans():
    record = annotated("Ana Silva flew to Cairo today.", 0)
    reading = read(record) | {"people": [{"name": "Silva", "mentions": ["Silva"], "optional": False}]}
    known = known_of(reader()(record["text"]), record, reading, Source("toy", (), outside=[]))
    assert known.tags[0] == ANY & ~bits(["person", "event"])
    assert known.tags[1] == bits(["person"], "B")
    assert known.types == [0, 0, 3, 0, 0, 0, 0]


def test_sequences_are_summed_as_if_one_by_one():
    torch.manual_seed(1)
    network = Network(Shape(vocabulary=5, width=8, layers=0, heads=1, inner=8, positions=8))
    scores, lengths = torch.randn(1, 2, len(TAGS)), torch.tensor([2])
    moves, first = illegal_moves()
    pairs = (scores[0, 0] + first)[:, None] + moves + scores[0, 1][None, :]
    assert torch.allclose(network.log_partition(scores, lengths), torch.logsumexp(pairs.flatten(), 0), atol=1e-4)
    assert (moves == NEVER).sum() == len(LABELS) * (len(TAGS) - 2)


def test_a_narrowed_network_keeps_the_neurons_that_tell_words_apart():
    torch.manual_seed(1)
    network = Network(Shape(vocabulary=30, width=8, layers=2, heads=2, inner=6, positions=8, dropout=0))
    idle = [1, 4]  # whatever comes in, they say the same
    for layer in network.layers:
        layer.inner.weight.data[idle] = 0
        layer.inner.bias.data[idle] = 2.0
    window = torch.arange(6).reshape(2, 3)
    zero, mask = torch.zeros_like(window), torch.tensor([[True, True, True], [True, True, False]])
    batch = {"pieces": window, "shapes": zero, "hints": zero, "mask": mask, "first": window % 3, "last": window % 3}
    narrow = narrowed(network, 4, [batch])
    assert narrow.layers[0].inner.weight.shape == (4, 8)
    assert torch.allclose(narrow.words(batch)[mask], network.words(batch)[mask], atol=1e-5)


def test_a_recipe_cannot_keep_more_than_the_encoder_has(toy):
    from kg.training import train as training

    for setting, says in ({"layers": 2}, "layers = 2"), ({"inner": 65}, "inner = 65"):
        recipe = replace(read_recipe(toy / "recipe.toml"), **setting)
        with pytest.raises(BadRecipe, match=says):
            training.train(recipe, toy, toy / "out", base=str(toy / "base"), threads=1, say=lambda _: None)


def test_a_rounded_product_is_that_of_whole_numbers():
    torch.manual_seed(1)
    product, x = Product(5, 3), torch.randn(1, 4, 5)
    product.rounded = True
    scale = product.weight.abs().amax(1) / MOST
    step = (x.max().clamp(min=0) - x.min().clamp(max=0)) / 255
    whole = torch.round(x / step) @ torch.round(product.weight / scale[:, None]).T
    assert torch.allclose(product(x), whole * step * scale + product.bias, atol=1e-5)


def test_pairs_of_int8_products_fit_into_16_bits():
    network = Network(Shape(vocabulary=5, width=8, layers=1, heads=1, inner=8, positions=8))
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    model = build(weights, network.shape)
    products = {node.input[1] for node in model.graph.node if node.op_type == "DynamicQuantizeMatMul"}
    whole = {c.name: numpy_helper.to_array(c).astype(int) for c in model.graph.initializer if c.name in products}
    assert len(whole) == 4
    assert {abs(weight).max() for weight in whole.values()} == {64}  # 64 * 255 * 2 < 2 ** 15


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        ("", "names no"),
        ("[[source]", "is no recipe"),
        ("[[source]]\nname = 'x'\nfiles = ['x.jsonl']\ncolour = 1", "colour"),
    ],
)
def test_a_recipe_that_cannot_be_used_says_why(recipe, says, tmp_path):
    (tmp_path / "recipe.toml").write_text(recipe)
    with pytest.raises(BadRecipe, match=says):
        read_recipe(tmp_path / "recipe.toml")
