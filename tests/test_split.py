"""Which lines of a text file begin another article, and which only look as if they did."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles import distinct, read_articles
from kg.articles.split import read_headline, split_articles
from kg.model import Article, Place

SEEDS = Path(__file__).parent.parent / "seeds"

STORM = """Storm in Freedonia leaves thousands without power, roads closed

A winter storm left thousands of homes in Freedonia without power on Monday and closed roads in the north, the
government in Fredville said. Prime Minister Rufus Firefly called it the worst storm in a decade.

Firefly, who visited the town of Teasdale in the evening, promised help to families whose roofs were torn off. "Nobody
will be left alone," he told reporters.

The railway said that trains would not run before Wednesday."""

TALKS = """Sylvania, Osterlich sign border treaty after long talks

Sylvania and Osterlich signed a treaty on their common border on Thursday, ending talks that had lasted eleven years.
Foreign Minister Louis Trentino and his colleague Vera Marcal shook hands in the castle of Gloria.

Under the treaty both countries give up claims to the valley of the river Esker, and a commission will mark the line.

Marcal called the signing "a good day for our neighbours" and invited Trentino to a return visit."""

MARKET = """Why is bread so dear? Bakers blame flour, not wages

Bakers in the market of Kleindorf say that flour costs twice what it did last year, and that bread had to follow.
Wages have hardly moved, said Anna Bolkonski, who has run a bakery there since 1987.

The ministry of agriculture will publish its own figures in April."""


def joined(*texts: str, by: str = "\n\n") -> str:
    """Join articles into a file, each paragraph on one line."""
    return by.join("\n\n".join(p.replace("\n", " ") for p in text.split("\n\n")) for text in texts)


def titles(text: str, split: bool | None = None) -> list[str | None]:
    return [part.title for part in split_articles(text, split)]


HEADLINES = [text.partition("\n")[0] for text in (STORM, TALKS, MARKET)]


@pytest.mark.parametrize(
    "by",
    ["\n\n", "\n\n\n\n", "\n\n---\n\n", "\n \n\t\n", "\n\n* * *\n\n", "\n\n# "],
    ids=["blank line", "three", "rule", "white space", "stars", "Markdown"],
)
def test_articles_one_after_another_are_cut_at_their_headlines(by):
    text = joined(STORM, TALKS, MARKET, by=by)
    assert titles(text) == HEADLINES
    assert [text[part.start : part.end].removeprefix("# ") for part in split_articles(text)] == [
        joined(article) for article in (STORM, TALKS, MARKET)
    ]


def test_a_file_wrapped_into_lines_is_cut_as_well():
    assert titles("\n\n".join((STORM, TALKS, MARKET))) == HEADLINES


def test_a_by_line_belongs_to_the_headline_above_it():
    first, _, rest = joined(TALKS).partition("\n\n")
    for by_line in ("\nBy Vera Chasuble", "\n\nBy Vera Chasuble, Gloria\n\n14 January 2025"):
        assert titles(joined(STORM) + f"\n\n{first}{by_line}\n\n{rest}") == HEADLINES[:2]


def test_a_last_paragraph_without_full_stop_stays_with_its_article():
    text = joined(STORM).removesuffix(".") + "\n\n" + joined(TALKS)
    assert titles(text) == HEADLINES[:2]
    text = joined(STORM) + "\n\nNo trains are to run before Wednesday\n\n" + joined(TALKS)
    assert titles(text) == HEADLINES[:2]


NO_HEADLINES = {
    "capitals": "ROOFS TORN OFF IN TEASDALE",
    "quoted": '"Nobody will be left alone"',
    "sub-head": "Roofs torn off",
    "question": "What happens next?",
    "sentence": "Roofs were torn off in Teasdale, too.",
    "quotation within a sentence": "The mayor of Teasdale called the night “the longest of my life.”",
    "caption": "Firefly talks to families in Teasdale (Photo: Freedonia Press)",
    "credit": "Photo: Rufus Firefly in the town of Teasdale on Monday evening",
    "link": "Read more: Firefly promises new roofs for all families in Teasdale",
    "item": "- New roofs for all families in Teasdale by the end of March",
    "numbered": "2. Help for all families in Teasdale who lost their roofs",
    "turn": "Q: What will the government do for the families in Teasdale?",
    "Markdown sub-head": "## Families in Teasdale wait for help from the government",
    "by-line": "By Vera Chasuble in Teasdale",
    "table": "Teasdale | 1,200 homes | 40 roofs",
    "address": "www.example.org/storm-in-freedonia",
}


@pytest.mark.parametrize("line", NO_HEADLINES.values(), ids=NO_HEADLINES)
def test_other_lines_between_blank_lines_leave_an_article_whole(line):
    before, after = joined(STORM).rsplit("\n\n", 1)
    for text in (f"{before}\n\n{line}\n\n{after}", f"{line}\n\n{joined(STORM)}", f"{joined(STORM)}\n\n{line}"):
        assert len(titles(text)) == 1


def test_an_interview_stays_whole():
    turns = (
        ("How did you become a baker?", "My mother had a bakery in Kleindorf. I began there as a girl of fifteen."),
        (
            "What does a baker's day look like today?",
            "It begins at two in the night, with the ovens and the first dough.",
        ),
        ("Do you see the price of flour falling again soon?", "Not this year. Harvests in Sylvania were poor, I hear."),
    )
    text = joined(MARKET) + "".join(f"\n\n{question}\n\n{answer}" for question, answer in turns)
    assert len(titles(text)) == 1


@pytest.mark.parametrize("text", [STORM, TALKS, MARKET, joined(STORM), joined(TALKS), joined(MARKET)])
def test_one_article_stays_one_and_has_its_headline_as_title(text):
    assert [(part.start, part.end, part.title) for part in split_articles(text)] == [
        (0, len(text), text.partition("\n")[0])
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("STORM HITS FREEDONIA\n\nA storm hit Freedonia.", "STORM HITS FREEDONIA"),
        ("Storm hits Freedonia\n" + "A storm hit Freedonia. " * 6, "Storm hits Freedonia"),
        ("A storm hit Freedonia.\n\nIt has passed.", None),
        ("Storm hits Freedonia", None),
    ],
    ids=["capitals", "right above the lead", "a sentence", "nothing below"],
)
def test_the_first_line_is_the_title_if_it_reads_as_one(text, title):
    assert titles(text) == [title]


def test_splitting_can_be_forced_either_way():
    text = "Rain ends\n\nIt rained.\n\nNew mayor for Teasdale\n\nA mayor came.\n\nBread is dear again\n\nIt is."
    assert titles(text) == [None]
    assert titles(text, split=True) == [None, "New mayor for Teasdale", "Bread is dear again"]
    assert titles(joined(STORM, TALKS), split=False) == HEADLINES[:1]


def test_blank_texts_hold_no_article():
    assert titles("") == titles(" \n\n\t\n") == []


def test_a_headline_is_given_without_marks_of_markdown():
    assert read_headline("# **Rain ends in Freedonia**") == "Rain ends in Freedonia"


@given(st.text(alphabet="Ab .?!\n-#\"'“”1:", max_size=400), st.sampled_from([None, True, False]))
def test_parts_are_in_order_and_leave_out_nothing_but_space_and_rules(text, split):
    parts = list(split_articles(text, split))
    ends = [0, *(part.end for part in parts)]
    assert all(end <= part.start < part.end for end, part in zip(ends, parts, strict=False))
    between = [text[end : part.start] for end, part in zip(ends, parts, strict=False)] + [text[ends[-1] :]]
    assert set("".join(between)) <= set(" \n-.#")
    assert all(text[part.start : part.end].strip() == text[part.start : part.end] for part in parts)
    assert split is not False or len(parts) <= 1


def test_the_seeds_hold_ten_articles_of_which_the_second_file_repeats_six():
    places: dict[str, set[Place]] = {}
    articles = list(distinct(read_articles([SEEDS]), places))
    assert [article.title for article in articles if isinstance(article, Article)] == [
        "US, Russia agree to prepare for Trump-Putin meeting; key issues remain big obstacles: expert",
        "China welcomes all efforts dedicated to peace in Ukraine: envoy",
        "China never allows firms, individuals to hand over data gathered abroad, "
        "FM on Musk's remarks questioning TikTok",
        "Xi says China, Russia should jointly defend UN-centered int'l system",
        "Xi visits flood-affected residents in northeast China",
        "China, Netherlands pledge to build open world economy, strengthen green development cooperation",
        "Exclusive: Although our cultures may be different, we can all relate to those same messages: "
        "One Voice Children's Choir tells Global Times",
        "California fires may be among 'costliest natural disasters in US history'; causes still under investigation",
        "Chinese prosecutors to advance campaign against cross-border telecom fraud",
        "Xiplomacy: Xi's New Year cards cement friendship between Chinese, Americans",
    ]
    assert sorted(len(found) for found in places.values()) == [1] * 4 + [2] * 6
