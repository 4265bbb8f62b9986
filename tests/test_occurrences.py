from datetime import date

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span, SpanGroup

from kg.model import Entity, Kind, Mention
from kg.occurrences import events
from kg.recognition.events import make_events

PEOPLE = {"Donald Trump": "Trump", "Vladimir Putin": "Putin", "Ding Xuexiang": "Ding", "Marco Rubio": "Rubio"}
COUNTRIES = {"Netherlands": "NL", "Dutch": "NL", "Russia": "RU", "Russian": "RU", "China": "CN", "France": "FR"}
LABELS = {"NL": "Netherlands", "RU": "Russia", "CN": "China", "FR": "France"}
PLACES = ("Munich", "The Hague", "Paris")


def find(doc, names):
    """Yield the bounds of each of `names` in the tokens of `doc`."""
    tokens = [token.text for token in doc]
    for name in names:
        words = name.split()
        for i in range(len(tokens)):
            if tokens[i : i + len(words)] == words:
                yield name, i, i + len(words)


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sentences")
    nlp.add_pipe("kg_named_events")
    return nlp


def read(nlp, text, article="a", published=None, triggers=None):
    """Return the events of `text`, with the people, countries and places above recognised by their spelling.

    `triggers` gives the type of each word that a recogniser would take for the head of a mention of an event.
    """
    doc = nlp(text)
    taken = {token.i for token in doc if token.ent_type_}
    people, countries, ents = {}, {}, []
    for full, short in PEOPLE.items():
        for name, start, end in find(doc, [full, short]):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                ents.append(Span(doc, start, end, label="PERSON"))
                people.setdefault(full, []).append(Mention(ents[-1].start_char, ents[-1].end_char, name))
    for _, start, end in find(doc, PLACES):
        if taken.isdisjoint(range(start, end)):
            ents.append(Span(doc, start, end, label="LOC"))
    doc.ents = [*doc.ents, *ents]
    spans = []
    for name, start, end in find(doc, COUNTRIES):
        spans.append(Span(doc, start, end, label="COUNTRY", kb_id=COUNTRIES[name], span_id="name"))
        within = bool(doc[start].ent_type_)
        mention = Mention(spans[-1].start_char, spans[-1].end_char, name, form="name", within_name=within)
        countries.setdefault(COUNTRIES[name], []).append(mention)
    doc.spans["countries"] = spans
    if triggers is not None:
        heads = [Span(doc, t.i, t.i + 1, triggers[t.text], span_id="reported") for t in doc if t.text in triggers]
        attrs = {"probability": [0.99] * len(heads), "type": [0.99] * len(heads), "named": [0.01] * len(heads)}
        doc.spans["triggers"] = SpanGroup(doc, name="triggers", attrs=attrs, spans=heads)
    make_events(doc)
    return events(
        doc,
        [Entity(f"person/{n.lower().replace(' ', '-')}", Kind.PERSON, n, tuple(sorted(m))) for n, m in people.items()],
        [Entity(f"country/{i}", Kind.COUNTRY, LABELS[i], tuple(sorted(m)), iso=i) for i, m in countries.items()],
        article,
        published,
    )


def test_an_event_has_all_its_fields(nlp):
    text = "Ding Xuexiang met with Dutch leaders in The Hague on Wednesday and Thursday."
    assert read(nlp, text, published=date(2025, 2, 14)) == [
        Entity(
            id="event/ding-xuexiang-meeting-in-the-hague-1f35c478",
            kind=Kind.EVENT,
            label="Ding Xuexiang's meeting in The Hague",
            mentions=(Mention(14, 22, "met with"),),
            type="meeting",
            named=False,
            participants=("person/ding-xuexiang", "country/NL"),
            place="The Hague",
            place_country="NL",
            when="Wednesday and Thursday",
            roles=(("person/ding-xuexiang", "participant"), ("country/NL", "participant")),
            modality="happened",
            date="2025-02-12/2025-02-13",
            plover=("CONSULT", "", "verbal cooperation"),
        )
    ]


def test_a_named_event_has_its_name_for_id(nlp):
    text = "Marco Rubio spoke at the Munich Security Conference."
    assert read(nlp, text) == [
        Entity(
            id="event/munich-security-conference",
            kind=Kind.EVENT,
            label="Munich Security Conference",
            mentions=(Mention(25, 51, "Munich Security Conference"),),
            type="conference",
            named=True,
            participants=("person/marco-rubio",),
            roles=(("person/marco-rubio", "participant"),),
            modality="happened",
            plover=("CONSULT", "multilateral", "verbal cooperation"),
        )
    ]


# Each row: a text, and its events as the texts of their mentions.
GROUPS = [
    ("Trump met with Putin in Paris. The meeting was short. Trump and Putin meet with care.",
     [["met with", "meet with"]]),
    ("Trump met with Putin in Paris. Ding met with Rubio in Munich.", [["met with"], ["met with"]]),
    ("The Ukraine crisis goes on. China wants the war to end.", [["Ukraine crisis", "war"]]),
    ("China wants the war in Ukraine to end. The Ukraine crisis goes on.", [["war in Ukraine", "Ukraine crisis"]]),
    ("China wants the crisis to end. The Ukraine crisis goes on.", [["crisis", "Ukraine crisis"]]),
    ("China hailed the recent agreement. The Paris Agreement holds.", [["recent agreement"], ["Paris Agreement"]]),
    ("China visited Paris in 1993. China visited Munich in 2015.", [["visited"], ["visited"]]),
    ("Trump met separately with Putin and Rubio in Paris on Friday.", [["met"], ["met"]]),
    ("Trump visited Paris. Weeks before, floods had hit France.", [["visited"], ["floods"]]),
    ("The fire in France is among the costliest disasters.", [["fire"]]),
    ("France fell at the end of World War II.", [["World War II"]]),
    ("The 2022 FIFA World Cup began. France liked the World Cup.", [["2022 FIFA World Cup", "World Cup"]]),
    ("In World War II, WWII for short, France fell.", [["World War II", "WWII"]]),
    pytest.param("Trump was shot in Paris. Police in France call the incident closed.", [["shot", "incident"]],
                 marks=pytest.mark.xfail(reason="an incident is taken for a disaster, a shot for an attack")),
    ("Brexit hurts France. BREXIT! The Eaton Fire and the EATON FIRE.", [["Brexit"], ["Eaton Fire", "EATON FIRE"]]),
    ("The fires in France rage. The Eaton Fire began in Paris.", [["fires"], ["Eaton Fire"]]),
    ("The crisis hurts France. War in the region of Paris! The Ukraine crisis goes on.",
     [["crisis", "War", "Ukraine crisis"]]),
    ("The Paris Agreement and the Minsk Agreements hold.", [["Paris Agreement"], ["Minsk Agreements"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "groups"), GROUPS)
def test_mentions_of_one_occurrence_make_one_event(nlp, text, groups):
    assert [[mention.text for mention in event.mentions] for event in read(nlp, text)] == groups


LABELLED = [
    ("Trump will meet with Putin.", ["Trump–Putin meeting (planned)"]),
    ("Trump made a phone call to Putin.", ["Trump–Putin phone call"]),
    ("Ding Xuexiang paid a visit to the Netherlands.", ["Ding Xuexiang's visit to the Netherlands"]),
    ("Russia and China held talks.", ["Russia–China talks"]),
    ("Floods hit France.", ["Floods in France"]),
    ("Trump was arrested in Paris.", ["Arrest of Donald Trump"]),
    ("Putin attacked Rubio.", ["Vladimir Putin's attack on Marco Rubio"]),
    ("Russia imposed sanctions on China.", ["Russia's sanctions against China"]),
    ("In World War Two France fell.", ["World War II"]),
    ("China recalls the World Anti-Fascist War and the victory of WWII.", ["World War II"]),
    ("China began a campaign against online fraud.", ["Campaign against online fraud"]),
    ("China marks the 50th anniversary of its ties.", ["50th anniversary"]),
    (
        "China marks the 80th anniversary of the victory in World War II.",
        ["80th anniversary of the victory", "World War II"],
    ),
    ("The Olympics, the Paris Olympics and the 2024 Paris Olympics were one.", ["Olympics"]),
]


@pytest.mark.parametrize(("text", "labels"), LABELLED)
def test_the_label_says_who_what_and_where(nlp, text, labels):
    assert [event.label for event in read(nlp, text)] == labels


ROLES = [
    ("Putin attacked Rubio.", {"vladimir-putin": "source", "marco-rubio": "target"}),
    ("Putin was arrested by France.", {"vladimir-putin": "target", "FR": "source"}),
    ("Trump met with Putin.", {"donald-trump": "participant", "vladimir-putin": "participant"}),
    ("The talks between Russia and China failed.", {"RU": "participant", "CN": "participant"}),
    ("Russia imposed sanctions on China.", {"RU": "source", "CN": "target"}),
    ("Trump visited France.", {"donald-trump": "source", "FR": "target"}),
    ("Rubio said that Putin was arrested.", {"vladimir-putin": "target"}),
    (
        "Russian President Putin met with Rubio.",
        {"RU": "participant", "vladimir-putin": "participant", "marco-rubio": "participant"},
    ),
]


@pytest.mark.parametrize(("text", "roles"), ROLES)
def test_who_takes_part_and_how_is_told_by_the_clause(nlp, text, roles):
    assert [{id_.partition("/")[2]: role for id_, role in event.roles} for event in read(nlp, text)] == [roles]


RECOGNISED = [
    ("Trump braved the cold to inspect a dam in France.", {"inspect": "visit"}, [("visit", ["inspect"])]),
    ("Trump met with Putin in Paris. The meeting was short.", {"met": "meeting", "meeting": "meeting"},
     [("meeting", ["met with", "meeting"])]),
    ("Russia and China held peace talks. The talks failed.", {"talks": "talks"}, [("talks", ["peace talks", "talks"])]),
    ("Trump met with Putin. Ding met with Rubio.", {"met": "meeting"},
     [("meeting", ["met with"]), ("meeting", ["met with"])]),
    ("Trump met with Putin.", {}, []),
    ("Trump went to Paris.", {"to": "visit"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "triggers", "found"), RECOGNISED)
def test_where_a_recogniser_has_been_its_triggers_head_the_mentions(nlp, text, triggers, found):
    events_ = read(nlp, text, triggers=triggers)
    assert [(event.type, [mention.text for mention in event.mentions]) for event in events_] == found


# Each row: a text, the words that a recogniser takes for heads, and each event's label and the people in it.
CASTS = [
    # steps towards an event are no events, and whoever takes them takes no part in it
    ("Rubio and Ding agreed on preparations for a meeting between Trump and Putin.",
     {"agreed": "meeting", "preparations": "meeting", "meeting": "meeting"},
     [("Trump–Putin meeting (planned)", ["donald-trump", "vladimir-putin"])]),
    # those whom the noun of one event names are not in another event of the sentence
    ("Rubio was arrested in Paris after the meeting between Trump and Putin.",
     {"arrested": "justice", "meeting": "meeting"},
     [("Arrest of Marco Rubio", ["marco-rubio"]), ("Trump–Putin meeting", ["donald-trump", "vladimir-putin"])]),
    ("Trump made separate phone calls to Putin and Ding.", {"calls": "call"},
     [("Trump–Putin phone call", ["donald-trump", "vladimir-putin"]),
      ("Trump–Ding phone call", ["donald-trump", "ding-xuexiang"])]),
    ("Ding visited the Netherlands in 1993. In 2015 he came with Rubio during his visit to France.",
     {"visited": "visit", "visit": "visit"},
     [("Ding Xuexiang's visit to the Netherlands (1993)", ["ding-xuexiang"]),
      ("Ding Xuexiang's visit to France (2015)", ["ding-xuexiang", "marco-rubio"])]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "triggers", "found"), CASTS)
def test_each_event_has_its_own_people(nlp, text, triggers, found):
    events_ = read(nlp, text, triggers=triggers, published=date(2025, 2, 14))
    people = [[i.removeprefix("person/") for i in e.participants if i.startswith("person/")] for e in events_]
    assert list(zip([event.label for event in events_], people, strict=True)) == found


WHEN = [
    ("on Friday", "Friday"),
    ("on Wednesday and Thursday", "Wednesday and Thursday"),
    ("last fall", "last fall"),
    ("on Jan. 29", "Jan. 29"),
    ("on January 29, 2025", "January 29, 2025"),
    ("on 29 January 2025", "29 January 2025"),
    ("in 2015", "2015"),
    ("in September 2015", "September 2015"),
    ("next week", "next week"),
    ("10 years ago", "10 years ago"),
    ("yesterday evening", "yesterday evening"),
    ("earlier this month", "earlier this month"),
    ("for 2000 people", None),
    ("and sang Tomorrow Will Be Better", None),
]


@pytest.mark.parametrize(("words", "when"), WHEN)
def test_the_time_is_given_in_the_words_of_the_text(nlp, words, when):
    assert [event.when for event in read(nlp, f"Trump met with Putin {words}.")] == [when]


def test_when_somebody_spoke_is_not_when_it_happened(nlp):
    assert [event.when for event in read(nlp, "Trump will meet with Putin, the ministry said on Monday.")] == [None]


def test_what_is_said_besides_has_a_time_of_its_own(nlp):
    found = read(nlp, "Trump, who visited France on Friday, will meet with Putin.")
    assert [(event.type, event.when) for event in found] == [("visit", "Friday"), ("meeting", None)]


def test_a_place_must_be_led_by_a_preposition_and_stand_for_itself(nlp):
    text = "Trump met with Putin in Munich. Ding met with Rubio in France team colours."
    assert [event.place for event in read(nlp, text)] == ["Munich", None]


def test_the_country_of_a_place_is_told_where_it_is_known(nlp):
    text = "Trump met with Putin in Munich. Ding met with Rubio in Paris, France."
    assert [event.place_country for event in read(nlp, text)] == ["DE", "FR"]


def test_what_is_only_said_is_no_event(nlp):
    assert read(nlp, "China answers remarks by Trump.", triggers={"remarks": "other"}) == []


def test_what_is_commemorated_is_long_ago_but_not_the_anniversary(nlp):
    text = "This year marks the 80th anniversary of the victory of World War II in France."
    told = {event.label: (event.when, event.modality) for event in read(nlp, text, published=date(2025, 2, 14))}
    assert told == {
        "80th anniversary of the victory of World War II": ("This year", "happened"),
        "World War II": (None, "historical"),
    }


def test_countries_within_names_take_no_part(nlp):
    assert [event.participants for event in read(nlp, "The China Open began.")] == [()]


def test_reported_events_stay_with_their_article(nlp):
    text = "Trump met with Putin."
    here, there = (read(nlp, text, article)[0] for article in ("here", "there"))
    assert here.label == there.label
    assert here.id != there.id


def test_what_is_mentioned_once_with_nobody_near_is_left_out(nlp):
    far = "and so on and so forth " * 4
    assert [event.label for event in read(nlp, f"Trump said {far} that the incident was closed.")] == []


WORDS = st.sampled_from(
    [
        "Trump",
        "Putin",
        "met",
        "with",
        "the",
        "visit",
        "in",
        "Paris",
        "France",
        "World",
        "War",
        "II",
        "Friday",
        ".",
        "his",
        "\n\n",
    ]
)
_NLP = spacy.blank("en")
_NLP.add_pipe("kg_sentences")
_NLP.add_pipe("kg_named_events")


@given(st.one_of(st.text(), st.lists(WORDS, max_size=60).map(" ".join)))
def test_any_text_gives_events_that_hold_together(text):
    found = read(_NLP, text)
    known = {f"person/{n.lower().replace(' ', '-')}" for n in PEOPLE} | {f"country/{i}" for i in LABELS}
    assert len({event.id for event in found}) == len(found)
    assert {id_ for event in found for id_ in event.participants} <= known
    assert all(text[m.start : m.end] == m.text and m.text for event in found for m in event.mentions)
    assert all(event.label == " ".join(event.label.split()) != "" for event in found)


def test_a_long_text_that_is_no_prose_is_read_in_time(nlp):
    words = ["Trump", "met", "Putin", "in", "Paris", "his", "visit", "World", "Cup", "on", "Friday"] * 1_500
    doc = Doc(nlp.vocab, words=words, sent_starts=[True] + [False] * (len(words) - 1))
    doc.ents = [Span(doc, i, i + 1, label="PERSON") for i in range(0, len(words), 11)]
    trump = tuple(Mention(doc[i].idx, doc[i].idx + 5, "Trump") for i in range(0, len(words), 11))
    found = events(make_events(doc), [Entity("person/trump", Kind.PERSON, "Trump", trump)], [], "a")
    assert {event.type for event in found} == {"meeting", "visit"}


# Each row: a text, the words that a recogniser takes for heads, and the labels of its events.
TRIGGERED = [
    ("Putin was inspired to study abroad in Paris.", {"abroad": "visit"}, []),
    ("Trump wants a political settlement with Putin.", {"settlement": "agreement"}, []),
    ("China said France was hit by the Cold War.", {}, ["Cold War"]),
    ("Putin wants to settle it through dialogue with France.", {"dialogue": "talks"}, []),
    ("Ding wants a life without fraud in France.", {"fraud": "justice"}, []),
    ("Putin left the China peace talks.", {"talks": "talks"}, ["China peace talks"]),
    # unnamed officials do not meet in the place of those who are named, and what they meet for is their meeting
    (
        "A Trump-Putin meeting is near. Russian and Dutch officials will meet in Paris to start talks.",
        {"meeting": "meeting", "meet": "meeting", "talks": "talks"},
        ["Trump–Putin meeting", "Russia–Netherlands meeting (planned)"],
    ),
    ("Russia visited France in 1993, decades ago.", {"visited": "visit"}, ["Russia's visit to France (1993)"]),
]


@pytest.mark.parametrize(("text", "triggers", "labels"), TRIGGERED)
def test_a_label_has_a_noun_and_adverbs_and_aims_are_no_events(nlp, text, triggers, labels):
    assert [event.label for event in read(nlp, text, triggers=triggers)] == labels


def test_a_verb_is_no_mention_of_a_named_event(nlp):
    (event,) = read(nlp, "Trump won the 2016 United States presidential election, elected by France.",
                    triggers={"election": "election", "elected": "election"})  # fmt: skip
    assert [mention.text for mention in event.mentions] == ["2016 United States presidential election"]


def test_who_wins_medals_takes_part_in_the_games(nlp):
    text = "The 2024 Olympics are over. Trump won a gold medal."
    games = read(nlp, text, triggers={"Olympics": "sport", "won": "sport", "medal": "sport"})[0]
    assert (games.label, games.participants) == ("2024 Olympics", ("person/donald-trump",))
