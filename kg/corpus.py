"""The main job composed: from files and folders to articles to records to who is who to the graph."""

import warnings
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sized
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx

from kg.articles import distinct, read_articles
from kg.collector import collector_paused
from kg.corrections import corrected
from kg.counting import counted, fetched
from kg.curation import Curation, find_curation, read_curation
from kg.errors import NoArticles
from kg.extractor import Settings
from kg.graph import Window, to_graph
from kg.graph_tables import Tables
from kg.identity import Identity, former_ids, profile_of, relabelled, resolve
from kg.identity.knowledge import Knowledge, read_knowledge
from kg.identity.profiles import Profile
from kg.model import EVENT_TYPES, Article, Notice, Place, Record
from kg.records import pipeline, select_events
from kg.store import Store, finish, kept_records, opened, read_waiting, take_in, unread
from kg.syndication import Signatures, copies

Places = dict[str, set[Place]]  # by article id
OnNotice = Callable[[Notice], None]
Watch = Callable[[Iterable[Any], int | None, str], Iterable[Any]]  # values, their number if known, what is done
NOWHERE: Places = {}
NOTHING = "no article could be read; give files or folders of articles"
NO_CURATION = Curation()


def _warn(notice: Notice) -> None:
    warnings.warn(str(notice), stacklevel=2)


def _unwatched(values: Iterable[Any], number: int | None, doing: str) -> Iterable[Any]:
    return values


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
    store: str | Path | None = None,
    curation: str | Path | None = None,
    knowledge: str | Path | None = None,
    on_notice: OnNotice = _warn,
) -> nx.Graph:
    """Return the graph of the people, countries and events in the articles of `inputs`, files or folders.

    `split` says whether a text file may hold several articles (None: if it looks so); `accuracy` is "best", with the
    trained recogniser, or "fast"; `model` names an installed spaCy pipeline to take the entities from instead; `window`
    says how near two entities must be to be linked; a country named only inside other names makes a node only with
    `countries_in_names`; `events` ("all", "named" or "none") and `types` select events. `store` is a file that keeps
    what was read, so that building again reads only what is new or changed. `curation` is a file of corrections;
    without it, the curation.csv in each folder given. `knowledge` is a table of known people and events, or the URL of
    a reconciliation service, to find their Wikidata items in. What could not be read, or only with a
    doubt, goes to `on_notice`, by default as a Python warning. ARCHITECTURE.md lists the attributes of nodes and links.

    Raises `NoArticles` if nothing could be read, `UnknownModel`, `BadCuration` and `BadKnowledge`.
    """
    corrections = corrections_to(inputs, curation, on_notice)
    known = read_knowledge(knowledge) if knowledge else None
    with opened(store, create=True) as kept:
        settings = Settings(model, accuracy)
        bring_up(kept, inputs, settings=settings, split=split, processes=processes, on_notice=on_notice)
        return fold(
            kept_records(kept),
            window=window,
            countries_in_names=countries_in_names,
            events=events,
            types=types,
            curation=corrections,
            knowledge=known,
            on_notice=on_notice,
        )


def bring_up(
    store: Store,
    inputs: Iterable[str | Path],
    *,
    settings: Settings | None = None,
    split: bool | None = None,
    processes: int = 1,
    on_notice: OnNotice = _warn,
    watch: Watch = _unwatched,
) -> None:
    """Put the articles of `inputs` into `store` and read what is not yet read.

    With `settings`, the store is built: what is not in `inputs` is taken out, and all is read with these settings;
    without, the inputs are added. `watch` is handed the articles and then the records, with their number as far as it
    is known, and hands them on. Raises `NoArticles` if a store is to be built of nothing.
    """
    if settings and settings.model:
        pipeline(settings.model)  # fails here, before anything is changed
    command = "build" if settings else "add"
    found = watch(read_articles(in_order(inputs), split=split), None, "finding")
    given = take_in(store, found, on_notice, command=command, only=settings is not None, settings=settings)
    if settings and not given:
        raise NoArticles(NOTHING)
    read_up(store, processes=processes, watch=watch)


def read_up(store: Store, *, processes: int = 1, watch: Watch = _unwatched) -> None:
    """Read what `store` holds and has not read, and take away the mark that it is unfinished."""
    number = unread(store)
    for _ in watch(read_waiting(store, processes=processes), number, "reading"):
        pass
    finish(store)


def corrections_to(
    inputs: Iterable[str | Path], curation: str | Path | None = None, on_notice: OnNotice = _warn
) -> Curation:
    """Return the corrections in the file `curation`; without it, those that lie beside the articles of `inputs`.

    What cannot be read in them goes to `on_notice`. Raises `BadCuration`.
    """
    found = read_curation(*([curation] if curation is not None else find_curation(inputs)))
    for notice in found.notices:
        on_notice(notice)
    return found


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


def who_is_who(
    records: Iterable[Record],
    profiles: Iterable[Profile],
    curation: Curation = NO_CURATION,
    on_notice: OnNotice = _warn,
    knowledge: Knowledge | None = None,
) -> Identity:
    """Return who is who in `records`, told from their `profiles`, as corrected.

    Corrections that meet nothing go to `on_notice`. The records are looked at only if there are corrections.
    """
    identity = corrected(resolve(profiles, knowledge=knowledge), records, curation)
    for notice in identity.unmatched:
        on_notice(notice)
    return identity


def fold(records: Iterable[Record], places: Places = NOWHERE, **how: Any) -> nx.Graph:
    """Return the graph of `records`, in whatever order they come. The options are those of `tabled`.

    Raises `NoArticles` if there are none.
    """
    with collector_paused(), tabled(records, places, **how) as tables:
        return to_graph(tables)


@contextmanager
def tabled(
    records: Iterable[Record],
    places: Places = NOWHERE,
    *,
    window: Window | str = Window.SENTENCE,
    countries_in_names: bool = False,
    events: str = "all",
    types: Collection[str] = EVENT_TYPES,
    curation: Curation = NO_CURATION,
    knowledge: Knowledge | None = None,
    on_notice: OnNotice = _warn,
    watch: Watch = _unwatched,
) -> Iterator[Tables]:
    """Give the tables of the graph of `records`, which need not fit into memory. Raises `NoArticles` if there are none.

    The records are gone through two or three times, one by one; they are held here only if they are an iterator.
    `watch` is handed them each time, and hands them on.
    """
    with ExitStack() as open_tables:
        with collector_paused():
            if isinstance(records, Iterator):
                records = list(records)
            number = len(records) if isinstance(records, Sized) else None
            profiles, signatures = list[Profile](), Signatures()
            for record in watch(records, number, "comparing"):
                profiles.append(profile_of(record))
                signatures.add(record.article)
            identity = who_is_who(records, profiles, curation, on_notice, knowledge)
            del profiles
            counting = watch(records, number, "counting")
            selected = (select_events(relabelled(record, identity), events, types) for record in counting)
            made = _tables(selected, identity, places, signatures.copies(), Window(window), countries_in_names)
            tables = open_tables.enter_context(made)
            del records, signatures, identity, counting, selected  # which are long, and not needed to list the graph
        yield tables


def graph_of(
    records: Collection[Record], identity: Identity, places: Places, window: Window, *, countries_in_names: bool = False
) -> nx.Graph:
    """Return the graph of `records`, which have the ids of nodes. Raises `NoArticles` if there are none."""
    copied = copies(record.article for record in records)
    with _tables(records, identity, places, copied, window, countries_in_names) as tables:
        return to_graph(tables)


@contextmanager
def _tables(
    records: Iterable[Record],
    identity: Identity,
    places: Places,
    copied: Mapping[str, str],
    window: Window,
    countries_in_names: bool,
) -> Iterator[Tables]:
    found = (_found(record, places) for record in records)
    with counted(found, window, countries_in_names=countries_in_names, copies=copied) as database:
        tables = Tables(lambda query: fetched(database, query), window, told_of_nodes(identity))
        del records, found, identity
        if not tables.facts["articles"]:
            raise NoArticles(NOTHING)
        yield tables


def _found(record: Record, places: Places) -> Record:
    """Return `record` with everywhere that its article was found."""
    found = tuple(sorted({*record.article.found, *places.get(record.article.id, ())}))
    return replace(record, article=replace(record.article, found=found))


def told_of_nodes(identity: Identity) -> dict[str, dict[str, Any]]:
    """Return what is said of nodes besides what the articles say.

    That is the item of Wikidata that a node is, as `wikidata`, or those that it may be, as `candidates`, and the ids
    that lead on to it, as `replaces`.
    """
    told: dict[str, dict[str, Any]] = defaultdict(dict)
    for node, candidates in identity.wikidata.items():
        told[node]["wikidata"] = next((known.item for known in candidates if known.exact), None)
        told[node]["candidates"] = tuple(known for known in candidates if not known.exact)
    for node, ids in former_ids(identity).items():
        told[node]["replaces"] = ids
    return dict(told)
