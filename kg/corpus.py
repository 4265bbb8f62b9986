"""The main job composed: from files and folders to articles to records to who is who to the graph."""

import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import networkx as nx

from kg.articles import distinct, read_articles
from kg.errors import NoArticles
from kg.graph import Window, graph_of
from kg.identity import relabelled, resolve
from kg.model import EVENT_TYPES, Article, Notice, Place, Record
from kg.records import extract, select_events
from kg.syndication import copies

Places = dict[str, set[Place]]  # by article id
OnNotice = Callable[[Notice], None]


def _warn(notice: Notice) -> None:
    warnings.warn(str(notice), stacklevel=2)


def build(
    *inputs: str | Path,
    split: bool | None = None,
    model: str | None = None,
    accuracy: str = "best",
    processes: int = 1,
    window: Window | str = Window.SENTENCE,
    countries_in_names: bool = False,
    events: str = "all",
    types: Collection[str] = EVENT_TYPES,
    on_notice: OnNotice = _warn,
) -> nx.Graph:
    """Return the graph of the people, countries and events in the articles of `inputs`, files or folders.

    `split` says whether a text file may hold several articles (None: if it looks so); `accuracy` is "best", with the
    trained recogniser, or "fast"; `model` names an installed spaCy pipeline to take the entities from instead; `window`
    says how near two entities must be to be linked; a country named only inside other names makes a node only with
    `countries_in_names`; `events` ("all", "named" or "none") and `types` select events. What could not be read, or only
    with a doubt, goes to `on_notice`, by default as a Python warning. ARCHITECTURE.md lists the attributes of nodes and
    links.

    Raises `NoArticles` if nothing could be read, and `UnknownModel`.
    """
    places: Places = {}
    records = extract(
        articles(in_order(inputs), places, split=split, on_notice=on_notice),
        model=model,
        accuracy=accuracy,
        processes=processes,
    )
    selected = (select_events(record, events, types) for record in records)
    return fold(selected, places, window=Window(window), countries_in_names=countries_in_names)


def in_order(inputs: Iterable[str | Path]) -> list[str | Path]:
    """Return `inputs` in the order in which a graph reads them: of two texts with one id the first counts."""
    return sorted(inputs, key=str)


def articles(
    inputs: Iterable[str | Path], places: Places, *, split: bool | None = None, on_notice: OnNotice = _warn
) -> Iterator[Article]:
    """Yield each article of `inputs` once, in order, and add to `places` where it was found, each time."""
    for read in distinct(read_articles(inputs, split=split), places):
        if isinstance(read, Article):
            yield read
        else:
            on_notice(read)


def fold(
    records: Iterable[Record], places: Places, *, window: Window = Window.SENTENCE, countries_in_names: bool = False
) -> nx.Graph:
    """Return the graph of `records`, in whatever order they come. Raises `NoArticles` if there are none."""
    records = list(records)
    if not records:
        raise NoArticles("no article could be read; give files or folders of articles")
    identity = resolve(records)
    return graph_of(
        (_found(relabelled(record, identity), places) for record in records),
        window,
        countries_in_names=countries_in_names,
        copies=copies(record.article for record in records),
    )


def _found(record: Record, places: Places) -> Record:
    """Return `record` with everywhere that its article was found."""
    found = tuple(sorted(places.get(record.article.id, ())))
    return replace(record, article=replace(record.article, found=found))
