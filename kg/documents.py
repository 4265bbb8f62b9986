"""The one place that builds or loads a spaCy pipeline: from the text of an article to a `Doc` with its spans.

The default pipeline needs no download: blank English, the rules of `kg.recognition`, and the trained recogniser, which
weighs what they found; without the recogniser it is faster and finds less. Each component is
also registered with spaCy by entry point, so that `nlp.add_pipe("kg_countries")` works in a user's own pipeline.
"""

import re
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_suffix_regex, get_installed_models

from kg.articles.article import MAX_LENGTH
from kg.errors import UnknownModel

# In this order: later components read what earlier ones wrote.
RULES = ("kg_named_events", "kg_names", "kg_people")
LINKERS = ("kg_countries", "kg_events")
BEST = "best"
ACCURACIES = {BEST: (*RULES, "kg_recognizer"), "fast": RULES}

# "U.S.-China", "US/China" and "Russia–Ukraine" are two names each, "Russians-" is one before a dash; the tokenizer
# of spaCy keeps them whole.
_SUFFIXES = (r"(?<=[A-Za-z])[-–—]+",)
_INFIXES = (r"(?<=[A-Za-z]\.)[-–—/](?=[A-Z])", r"(?<=[A-Za-z])[/–—](?=[A-Za-z])")

# Words that the tokenizer remembers how to split; spaCy's default, 10,000, are soon used up.
MOST_KNOWN = 100_000

# Longer than any word or address; it is cut into pieces of so many characters.
_LONG_RUN = re.compile(r"\S{500,}")
_PIECE = 50


def load_pipeline(model: str | None = None, accuracy: str = BEST) -> Language:
    """Return the pipeline that recognises people, countries and events.

    `accuracy` is one of `ACCURACIES`. With `model` it is of no account: an installed spaCy pipeline (a package name or
    a folder) supplies the entities PERSON, GPE, LOC, NORP, ORG and EVENT; countries and events are still ours.
    Raises `UnknownModel` if there is no such pipeline or it cannot be loaded.
    """
    nlp = _load(model) if model else spacy.blank("en")
    if not {"parser", "senter", "sentencizer"} & set(nlp.pipe_names):
        nlp.add_pipe("kg_sentences", first=True)
    split_words(nlp)
    for name in LINKERS if model else (*ACCURACIES[accuracy], *LINKERS):
        nlp.add_pipe(name)
    nlp.max_length = MAX_LENGTH  # the readers let nothing longer through
    return nlp


def split_words(nlp: Language) -> None:
    """Make the tokenizer of `nlp` split compounds of names, and take no longer for runs without a space."""
    if isinstance(nlp.tokenizer, Tokenizer):
        given = nlp.tokenizer
        nlp.tokenizer = BoundedTokenizer(
            nlp.vocab,
            rules=given.rules,
            prefix_search=given.prefix_search,
            suffix_search=compile_suffix_regex((*_SUFFIXES, *(nlp.Defaults.suffixes or ()))).search,
            infix_finditer=compile_infix_regex((*_INFIXES, *(nlp.Defaults.infixes or ()))).finditer,
            token_match=given.token_match,
            url_match=given.url_match,
            max_cache_size=MOST_KNOWN,
        )


class BoundedTokenizer(Tokenizer):  # type: ignore[misc]
    """spaCy's tokenizer, which takes the square of the time for a long run of marks; here such a run is cut first."""

    def __call__(self, text: str) -> Doc:
        runs = [run.span() for run in _LONG_RUN.finditer(text)]
        if not runs:
            doc: Doc = super().__call__(text)
            return doc
        cuts = sorted({0, len(text), *(cut for start, end in runs for cut in (*range(start, end, _PIECE), end))})
        tokens = [
            token for start, end in pairwise(cuts) for token in super(BoundedTokenizer, self).__call__(text[start:end])
        ]
        return Doc(self.vocab, [token.text for token in tokens], [bool(token.whitespace_) for token in tokens])


def _load(model: str) -> Language:
    try:
        return spacy.load(model)
    except (OSError, ValueError, ImportError) as error:
        installed = ", ".join(sorted(get_installed_models())) or "none"
        raise UnknownModel(
            f"cannot load the spaCy pipeline {model!r} (installed: {installed}); "
            "install it, or leave --model out to use the built-in one"
        ) from error
