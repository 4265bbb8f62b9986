import pytest
import spacy
from spacy.tokens import Span
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from kg.recognition.windows import CAPITAL, HINTS, LOWER, MARK, MAX_PIECES_IN_WORD, NONE, UPPER, Pieces, windows

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "##b", ".", "paris", "li", "##ma"]


@pytest.fixture
def pieces(tmp_path):
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return Pieces(tmp_path / "tokenizer.json")


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sentences")
    return nlp


def told(window):
    return [WORDS[i] for i in window.pieces]


def test_words_become_pieces_with_their_shape(nlp, pieces):
    (window,) = windows(nlp("PARIS a Lima."), pieces)
    assert told(window) == ["[CLS]", "paris", "a", "li", "##ma", ".", "[SEP]"]
    assert window.shapes == [NONE, UPPER, LOWER, CAPITAL, CAPITAL, MARK, NONE]
    assert (window.words, window.first, window.last) == ([0, 1, 2, 3], [1, 2, 3, 5], [1, 2, 4, 5])


def test_entities_become_hints(nlp, pieces):
    doc = nlp("a Paris Lima a")
    assert windows(doc, pieces).__next__().hints == [0] * 7
    doc.ents = [Span(doc, 1, 3, label="PERSON")]
    (window,) = windows(doc, pieces)
    names = ["unknown", "nothing", "first person", "inside person", "inside person", "nothing", "unknown"]
    assert [HINTS[i] for i in window.hints] == names


def test_a_window_holds_whole_sentences_and_sets_paragraphs_apart(nlp, pieces):
    doc = nlp("A paris.\n\nA lima. A a a.")
    assert [told(window) for window in windows(doc, pieces, size=11)] == [
        ["[CLS]", "a", "paris", ".", "[SEP]", "a", "li", "##ma", ".", "[SEP]"],
        ["[CLS]", "a", "a", "a", ".", "[SEP]"],
    ]


def test_a_long_sentence_is_cut_between_words_and_nothing_is_lost(nlp, pieces):
    doc = nlp("lima " * 1000)
    found = list(windows(doc, pieces, size=21))
    assert [i for window in found for i in window.words] == [token.i for token in doc if not token.is_space]
    assert max(len(window.pieces) for window in found) == 20  # no half words


@pytest.mark.parametrize("text", ["b" * 1_000_000, "." * 5000, "\u200b\u200b", "مرحبا بالعالم", "🙂" * 300, "\n\n", ""])
def test_hostile_text_gives_windows_of_the_size_asked_for(text, nlp, pieces):
    for window in windows(nlp.make_doc(text) if not text.strip() else nlp(text), pieces, size=64):
        assert len(window.pieces) == len(window.shapes) == len(window.hints) <= 64
        assert all(last - first < MAX_PIECES_IN_WORD for first, last in zip(window.first, window.last, strict=True))
