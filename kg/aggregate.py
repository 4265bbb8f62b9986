"""From the tables of records to tables of nodes, links and evidence: SQL that DuckDB and Spark run alike.

The tables read are those of `kg.counting`, `entity` being the id of a node. An article that is a
copy of another one is counted as such and in no other way.

Each query makes the table it is named after, from those above it. An article adds the same whatever others say, so
`_OF_ARTICLES` can be run by DuckDB for some articles at a time, wherever they are. `_OF_ALL` then makes the graph of
what all add, on either engine, and keeps to the SQL that both take. Words in braces depend on the window.
"""

from collections.abc import Iterator
from enum import StrEnum


class Window(StrEnum):
    """How near to each other two entities must occur to be linked."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    ARTICLE = "article"


# Ways of writing a country that are no ways of naming it: "Russian" is not an alias of Russia.
_NO_ALIAS = "'adjective', 'demonym', 'metonym'"

# What an event node tells of itself.
EVENT_FACTS = ("type", "named", "place", "place_country", "when", "date", "modality", "plover")

_FACTS_TOLD = " union all ".join(
    f"select e.article, e.entity as node, '{fact}' as fact, cast(e.{fact} as string) as value from entities e"
    for fact in EVENT_FACTS
)

# The window decides what a passage is, and for which pairs of an article passages wider than the sentence are looked
# at: with a window of one sentence only for the participants of events, which are linked to them from afar too.
_BY_WINDOW = {
    Window.SENTENCE: {
        "passage": "sentence",
        "passages_shared": "count_if(closeness = 'sentence')",
        "wider": "select article, a, b from cast_of anti join together using (article, a, b)",
        "paragraphs": "nth = 1",
    },
    Window.PARAGRAPH: {
        "passage": "paragraph",
        "passages_shared": "count(distinct case when closeness <> 'article' then paragraph end)",
        "wider": """
            select x.article, x.node as a, y.node as b from occurrences x join occurrences y
            on y.article = x.article and y.paragraph = x.paragraph and x.node < y.node
            anti join only_listed o on o.article = x.article and o.a = x.node and o.b = y.node
            union select article, a, b from cast_of""",
        "paragraphs": "true",
    },
    Window.ARTICLE: {
        "passage": "article",
        "passages_shared": "1",
        "wider": """
            select distinct x.article, x.node as a, y.node as b from occurrences x join occurrences y
            on y.article = x.article and x.node < y.node
            anti join only_listed o on o.article = x.article and o.a = x.node and o.b = y.node""",
        "paragraphs": "true",
    },
}

_OF_ARTICLES = {
    # An article for each that is no copy, with the day it was published on and how many copies of it there are.
    "witnesses": """
        select a.article, a.source, coalesce(c.copies, 0) as copies,
               case when substring(a.published, 1, 10) like '____-__-__'
                    then cast(try_cast(substring(a.published, 1, 10) as date) as string) end as day
        from articles a
        left join (select original, count(*) as copies from copies group by original) c on c.original = a.article
        anti join copies on copies.article = a.article""",
    "sizes": """
        select s.article, count(*) as sentences, count(distinct s.{passage}) as passages
        from sentences s join witnesses w on w.article = s.article group by s.article""",
    # The first mention of each node in each sentence that has one.
    "occurrences": """
        select m.article, m.entity as node, m.sentence, min(s.paragraph) as paragraph,
               min_by(m.start, m.number) as start, min_by(m.end, m.number) as stop
        from mentions m
        join sentences s on s.article = m.article and s.sentence = m.sentence
        join witnesses w on w.article = m.article
        group by m.article, m.entity, m.sentence""",
    # Who takes part in which event, and when that was.
    "cast_of": """
        select p.article, least(p.event, p.entity) as a, greatest(p.event, p.entity) as b,
               max(coalesce(p.role, 'participant')) as role, min(d.first) as first, max(d.last) as last
        from participants p
        join witnesses w on w.article = p.article
        left join event_days d on d.article = p.article and d.event = p.event
        group by p.article, least(p.event, p.entity), greatest(p.event, p.entity)""",
    # Pairs in one long list, of no account in that sentence.
    "listed": """
        select x.article, x.sentence, x.node as a, y.node as b from lists x join lists y
        on y.article = x.article and y.sentence = x.sentence and y.list = x.list and x.node < y.node""",
    # Pairs in one sentence; in one paragraph of which no sentence has both; in one article of which no paragraph has.
    "together": """
        select x.article, x.node as a, y.node as b, 'sentence' as closeness, x.paragraph,
               x.sentence as a_sentence, x.start as a_start, x.stop as a_stop,
               y.sentence as b_sentence, y.start as b_start, y.stop as b_stop
        from occurrences x join occurrences y
        on y.article = x.article and y.sentence = x.sentence and x.node < y.node
        anti join listed l on l.article = x.article and l.sentence = x.sentence and l.a = x.node and l.b = y.node""",
    "only_listed": "select distinct article, a, b from listed anti join together using (article, a, b)",
    "wider": "{wider}",
    # The first mention of a node in each paragraph, and in each article, where they are looked at.
    "opening": """
        select article, node, paragraph, min(sentence) as sentence,
               min_by(start, sentence) as start, min_by(stop, sentence) as stop
        from occurrences semi join wider using (article) group by article, node, paragraph""",
    "debut": """
        select article, node, min(sentence) as sentence, min_by(paragraph, sentence) as paragraph,
               min_by(start, sentence) as start, min_by(stop, sentence) as stop
        from occurrences semi join wider using (article) group by article, node""",
    "beside": """
        select article, a, b, 'paragraph' as closeness, paragraph,
               a_sentence, a_start, a_stop, b_sentence, b_start, b_stop
        from (
            select w.article, w.a, w.b, x.paragraph,
                   x.sentence as a_sentence, x.start as a_start, x.stop as a_stop,
                   y.sentence as b_sentence, y.start as b_start, y.stop as b_stop,
                   row_number() over (partition by w.article, w.a, w.b order by x.paragraph) as nth
            from wider w
            join opening x on x.article = w.article and x.node = w.a
            join opening y on y.article = w.article and y.node = w.b and y.paragraph = x.paragraph
            anti join together t
            on t.article = w.article and t.a = w.a and t.b = w.b and t.paragraph = x.paragraph
        ) ranked
        where {paragraphs}""",
    "apart": """
        select w.article, w.a, w.b, 'article' as closeness, x.paragraph,
               x.sentence as a_sentence, x.start as a_start, x.stop as a_stop,
               y.sentence as b_sentence, y.start as b_start, y.stop as b_stop
        from wider w
        join debut x on x.article = w.article and x.node = w.a
        join debut y on y.article = w.article and y.node = w.b
        anti join together t on t.article = w.article and t.a = w.a and t.b = w.b
        anti join beside s on s.article = w.article and s.a = w.a and s.b = w.b""",
    "shared": "select * from together union all select * from beside union all select * from apart",
    # How often a node is mentioned, and how often on its own, not within the name of something else.
    "mentioned": """
        select m.article, m.entity as node, count(*) as mentions, count_if(not m.within_name) as own
        from mentions m group by m.article, m.entity""",
    # Each node in each article, and the passages that have it.
    "appearances": """
        select e.article, e.entity as node, e.kind, e.label, m.mentions, m.own, p.passages, w.source, w.copies, w.day
        from entities e
        join witnesses w on w.article = e.article
        left join mentioned m on m.article = e.article and m.node = e.entity
        left join (
            select article, node, count(distinct {passage}) as passages from occurrences group by article, node
        ) p on p.article = e.article and p.node = e.entity""",
    "told": f"""
        select f.article, f.node, f.fact, f.value from ({_FACTS_TOLD}) f
        join witnesses w on w.article = f.article
        where f.node like 'event/%' and f.value is not null""",
    "called": f"""
        select distinct m.entity as node, m.text as alias
        from mentions m
        join entities e on e.article = m.article and e.entity = m.entity
        join witnesses w on w.article = m.article
        where coalesce(m.form, '') not in ({_NO_ALIAS}) and coalesce(e.named, true)
          and (e.kind <> 'event' or lower(m.text) <> m.text) -- "the crisis" is no other name of the Ukraine crisis""",
    # What each article adds to a link.
    "contributions": """
        select s.article, s.a, s.b, count_if(closeness = 'sentence') as sentences,
               count_if(closeness = 'paragraph') as paragraphs, count_if(closeness = 'article') as apart,
               {passages_shared} as passages, max(w.source) as source, max(w.copies) as copies, max(w.day) as day
        from shared s join witnesses w on w.article = s.article group by s.article, s.a, s.b""",
    # The stretch of text from the sentence of one to that of the other; if they are apart, the sentence of each.
    "proofs": """
        select p.article, p.a, p.b, s.start, e.end as stop, substring(t.text, s.start + 1, e.end - s.start) as text,
               p.a_start, p.a_stop, substring(t.text, p.a_start + 1, p.a_stop - p.a_start) as a_text,
               p.b_start, p.b_stop, substring(t.text, p.b_start + 1, p.b_stop - p.b_start) as b_text
        from (
            select article, a, b, least(a_sentence, b_sentence) as opens, greatest(a_sentence, b_sentence) as closes,
                   a_start, a_stop, b_start, b_stop from shared where closeness <> 'article'
            union all select article, a, b, a_sentence, a_sentence, a_start, a_stop, null, null from apart
            union all select article, a, b, b_sentence, b_sentence, null, null, b_start, b_stop from apart
        ) p
        join sentences s on s.article = p.article and s.sentence = p.opens
        join sentences e on e.article = p.article and e.sentence = p.closes
        join articles t on t.article = p.article""",
}

_OF_ALL = {
    "totals": """
        select coalesce(sum(sentences), 0) as sentences, coalesce(sum(passages), 0) as passages from sizes""",
    "labels": """
        select node, label from (
            select node, label, row_number() over (partition by node order by count(*) desc, label desc) as nth
            from appearances group by node, label
        ) ranked where nth = 1""",
    "facts": """
        select node, fact, value from (
            select node, fact, value,
                   row_number() over (partition by node, fact order by count(*) desc, value desc) as nth
            from told group by node, fact, value
        ) ranked where nth = 1""",
    "aliases": "select distinct node, alias from called",
    "nodes": """
        select x.node, max(x.kind) as kind, max(l.label) as label, sum(x.mentions) as mentions, sum(x.own) as own,
               sum(x.passages) as passages, count(*) as articles, count(distinct x.source) as outlets,
               sum(x.copies) as copies, min(x.day) as first_seen, max(x.day) as last_seen
        from appearances x join labels l on l.node = x.node
        where x.passages is not null
        group by x.node
        having max(x.kind) <> 'country' or sum(x.own) > 0 or {countries_in_names}""",
    "roles": """
        select a, b, max(case when nth = 1 then role end) as role, min(first) as first, max(last) as last from (
            select a, b, role, min(first) as first, max(last) as last,
                   row_number() over (partition by a, b order by count(*) desc, role desc) as nth
            from cast_of group by a, b, role
        ) ranked group by a, b""",
    "links": """
        select l.a, l.b, r.role, l.sentences, l.paragraphs, l.apart, l.passages, x.passages as a_passages,
               y.passages as b_passages, l.articles, l.outlets, l.copies,
               coalesce(r.first, l.first_seen) as first_seen, coalesce(r.last, l.last_seen) as last_seen
        from (
            select a, b, sum(sentences) as sentences, sum(paragraphs) as paragraphs, sum(apart) as apart,
                   sum(passages) as passages, count(*) as articles, count(distinct source) as outlets,
                   sum(copies) as copies, min(day) as first_seen, max(day) as last_seen
            from contributions group by a, b
        ) l
        join nodes x on x.node = l.a
        join nodes y on y.node = l.b
        left join roles r on r.a = l.a and r.b = l.b""",
    "link_days": """
        select a, b, day, count(*) as articles, sum(passages) as passages
        from contributions where day is not null group by a, b, day""",
    "node_days": """
        select node, day, count(*) as articles, sum(mentions) as mentions
        from appearances where day is not null and mentions is not null group by node, day""",
    "evidence": "select p.* from proofs p semi join links l on l.a = p.a and l.b = p.b order by p.a, p.b",
}


def of_articles(window: Window = Window.SENTENCE) -> Iterator[tuple[str, str]]:
    """Yield the name of each table of what articles add and the query that makes it, each after those it builds on."""
    for name, query in _OF_ARTICLES.items():
        yield name, query.format(**_BY_WINDOW[window])


def of_all(*, countries_in_names: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the same for the tables of the graph, from what all articles add."""
    for name, query in _OF_ALL.items():
        yield name, query.format(countries_in_names=str(countries_in_names).lower())
