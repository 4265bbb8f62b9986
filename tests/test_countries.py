"""Which countries a text mentions, and in which form; and that the tables behind it are sound."""

import re
from collections import Counter
from importlib.resources import files

import pytest
import spacy
from spacy.tokens import Doc, Span

from kg.documents import load_pipeline
from kg.gazetteers import table
from kg.model import Entity, Kind, Mention
from kg.recognition.countries import countries, find_forms, in_context, make_countries, meant

FORMS = ["name", "abbreviation", "adjective", "demonym", "historical", "metonym"]


@pytest.fixture(scope="module")
def nlp():
    """The tokenizer of the default pipeline, and of its components only ours."""
    pipeline = load_pipeline()
    pipeline.select_pipes(enable=["kg_countries"])
    return pipeline


def found(doc):
    return "; ".join(f"{span.text} {span.kb_id_} {span.id_}" for span in doc.spans["countries"])


NAMES = [
    ("Russia and the United States met.", "Russia RU name; United States US name"),
    (
        "The US, the U.S., the USA, the UK, U.K. and UAE",
        "US US abbreviation; U.S. US abbreviation; USA US abbreviation; UK GB abbreviation; "
        "U.K. GB abbreviation; UAE AE abbreviation",
    ),
    ("DPRK, ROK, PRC and DRC", "DPRK KP abbreviation; ROK KR abbreviation; PRC CN abbreviation; DRC CD abbreviation"),
    (
        "A Dutchman, two Filipinas, a Saudi, an Emirati and some Kiwis",
        "Dutchman NL demonym; Filipinas PH demonym; Saudi SA adjective; Emirati AE adjective; Kiwis NZ demonym",
    ),
    (
        "Swedes, Danes, Finns, Poles, Turks, Thais, Brits and Scots",
        "Swedes SE demonym; Danes DK demonym; Finns FI demonym; Poles PL demonym; Turks TR demonym; "
        "Thais TH demonym; Brits GB demonym; Scots GB demonym",
    ),
    (
        "Burkinabè, Motswana, Basotho, Ni-Vanuatu, I-Kiribati, Bissau-Guinean, Malagasy, Ivorian",
        "Burkinabè BF adjective; Motswana BW demonym; Basotho LS adjective; Ni-Vanuatu VU adjective; "
        "I-Kiribati KI adjective; Bissau-Guinean GW adjective; Malagasy MG adjective; Ivorian CI adjective",
    ),
    ("Côte d’Ivoire, Cote d'Ivoire, Ivory Coast", "Côte d’Ivoire CI name; Cote d'Ivoire CI name; Ivory Coast CI name"),
    (
        "Türkiye, Timor–Leste, East Timor and Cabo Verde",
        "Türkiye TR name; Timor–Leste TL name; East Timor TL name; Cabo Verde CV name",
    ),
    (
        "England beat Scotland, Wales and Northern Ireland.",
        "England GB name; Scotland GB name; Wales GB name; Northern Ireland GB name",
    ),
    (
        "Kosovo, Taiwan, Hong Kong and Puerto Rico",
        "Kosovo XK name; Taiwan TW name; Hong Kong HK name; Puerto Rico PR name",
    ),
    (
        "The Soviet Union, Burma, Zaire, Ceylon and East Germans",
        "Soviet Union RU historical; Burma MM historical; Zaire CD historical; Ceylon LK historical; "
        "East Germans DE historical",
    ),
    ("Yugoslavia and Czechoslovakia have several successors.", ""),
    ("Japan’s yen, Finland's lakes, the Philippines’ reefs", "Japan JP name; Finland FI name; Philippines PH name"),
    ("NORTH KOREA AND CUBA TALK", "NORTH KOREA KP name; CUBA CU name"),
    ("South\nKorea, Sri\xa0Lanka", "South\nKorea KR name; Sri\xa0Lanka LK name"),
    ("It is in the U.S. The next day it was not.", "U.S. US abbreviation"),
]

COMPOUNDS = [
    ("US-Russian relations", "US US abbreviation; Russian RU adjective"),
    (
        "Sino-Indian and Franco–German talks",
        "Sino CN adjective; Indian IN adjective; Franco FR adjective; German DE adjective",
    ),
    ("the Russia-Ukraine conflict", "Russia RU name; Ukraine UA name"),
    (
        "U.S.-China, US–China and US/China trade",
        "U.S. US abbreviation; China CN name; US US abbreviation; China CN name; US US abbreviation; China CN name",
    ),
    ("China-EU ties", "China CN name"),
    ("a Kenyan-born, Chinese-American writer", "Kenyan KE adjective; Chinese CN adjective; American US adjective"),
    ("pro-US, anti-American, US-made", "US US abbreviation; American US adjective; US US abbreviation"),
    ("the two Koreas", "Koreas KP name; Koreas KR name"),
    ("North and South Korea", "North and South Korea KP name; North and South Korea KR name"),
]

OTHER_THINGS = [
    "Fires burned in Washington state and in Washington, D.C.",
    "George Washington crossed the river.",
    "She moved from New Mexico to New England.",
    "The South China Sea, the Indian Ocean, the Gulf of Mexico, the Sea of Japan and the Philippine Sea",
    "Latin America, South and Central America, the British Isles and the Indo-Pacific",
    "Native Americans, African-American voters and Asian-American voters",
    "American football, French fries, Swiss cheese and German shepherds",
    "He carved a turkey on china plates and gave us hope.",
    "GIVE US MONEY",
    "It cost US$5 million.",
    "She speaks French. The letter was written in Spanish. It said so in English, he wrote.",
    "English lessons and English-speaking, Spanish-language schools",
    "West Indian food in Indian Wells",
    "Mexico City, Kuwait City, New South Wales, British Columbia and Inner Mongolia",
    "Lebanon, Pennsylvania, and Peru, Indiana, are towns.",
    "Sinologists and Francophone readers of Americana from Indiana",
    "Michael Jordan, Tom Holland and Chad Kowalski",
    "Mr England met Ms. French.",
    "the Niger River and the Congo Basin",
    "Franco ruled; Anglo songs",
    "Anglo-Saxons and the Indo-European languages",
    "Africa, Europe, Asia, the EU and the UN",
    "He wore a jersey. Jersey is soft to wear.",
    "Guinea pigs",
    "The Guardian wrote of the guinea, the pole and the reunion.",
]

READINGS = [
    ("Georgia's ruling party met in Tbilisi.", "Georgia GE name"),
    ("Georgia, like Alabama, votes in Atlanta.", ""),
    ("Georgia signed it.", "Georgia GE name"),
    ("Georgian mansions line the street.", ""),
    ("Congolese troops fought M23 near Goma.", "Congolese CD adjective"),
    ("Congolese voters in Brazzaville", "Congolese CG adjective"),
    ("The Republic of the Congo and DR Congo", "Republic of the Congo CG name; DR Congo CD name"),
    ("Korean cars", "Korean KR adjective"),
    ("Kim Jong Un, the Korean leader", "Korean KP adjective"),
    ("A Dominican pitcher from Santo Domingo", "Dominican DO adjective"),
    ("Dominican voters in Roseau", "Dominican DM adjective"),
    ("Dominican friars sang.", ""),
    ("Dominica and the Dominican Republic", "Dominica DM name; Dominican Republic DO name"),
    (
        "Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea",
        "Guinea GN name; Guinea-Bissau GW name; Equatorial Guinea GQ name; Papua New Guinea PG name",
    ),
    ("Niger and Nigeria", "Niger NE name; Nigeria NG name"),
    ("Indians in Mumbai", "Indians IN demonym"),
    ("The Cherokee and other Indians", ""),
    ("Samoa, American Samoa", "Samoa AS name; American Samoa AS name"),
    ("Jersey, one of the Channel Islands", "Jersey JE name"),
    ("The Virgin Islands and the British Virgin Islands", "Virgin Islands VG name; British Virgin Islands VG name"),
    (
        "The Republic of China is Taiwan; the People's Republic of China is not.",
        "Republic of China TW name; Taiwan TW name; People's Republic of China CN name",
    ),
    (
        "Jordan and Chad met Israel, Kenya and India.",
        "Jordan JO name; Chad TD name; Israel IL name; Kenya KE name; India IN name",
    ),
]

GOVERNMENTS = [
    ("Moscow hopes to see it lifted, and Washington said no.", "Moscow RU metonym; Washington US metonym"),
    ("Relations between Moscow and Washington are cold.", "Moscow RU metonym; Washington US metonym"),
    ("They put pressure on Kiev and told Tehran to stop.", "Kiev UA metonym; Tehran IR metonym"),
    ("Beijing's policy", "Beijing CN metonym"),
    ("a Tehran-backed militia", "Tehran IR metonym"),
    ("Moscow-Washington relations", "Moscow RU metonym; Washington US metonym"),
    (
        "The White House, the Kremlin, Downing Street and the Blue House",
        "White House US metonym; Kremlin RU metonym; Downing Street GB metonym; Blue House KR metonym",
    ),
    ("White House Middle East Envoy", "White House US metonym"),
    ("He arrived in Moscow from Paris.", ""),
    ("A resident in Beijing said no.", ""),
    ("Brussels said so.", ""),
    ("a London-based firm at the Beijing Olympics", ""),
    ("the Paris Agreement and the Washington Post", ""),
    ("MOSCOW, Jan. 3 - It snowed.", ""),
]


@pytest.mark.parametrize(("text", "expected"), NAMES + COMPOUNDS + READINGS + GOVERNMENTS)
def test_a_country_is_found_in_every_form(nlp, text, expected):
    assert found(nlp(text)) == expected


@pytest.mark.parametrize("text", OTHER_THINGS)
def test_what_only_looks_like_a_country_is_none(nlp, text):
    assert found(nlp(text)) == ""


def with_entity(nlp, text, name, label):
    """Return the document of `text` in which somebody has recognised `name`."""
    doc = nlp.make_doc(text)
    start = text.index(name)
    doc.ents = [doc.char_span(start, start + len(name), label=label)]
    return make_countries(doc)


def test_nothing_within_a_person_is_a_country(nlp):
    assert found(with_entity(nlp, "Jordan Smith left Jordan.", "Jordan Smith", "PERSON")) == "Jordan JO name"


def test_no_mention_runs_over_the_end_of_a_sentence():
    doc = Doc(spacy.blank("en").vocab, words=["He", "went", "South", "Korea", "rose"], sent_starts=[1, 0, 0, 1, 0])
    assert found(make_countries(doc)) == ""


WITHIN = [
    ("He works at the Bank of China.", "Bank of China", "ORG", True),
    ("He works at the China Foreign Affairs University.", "China Foreign Affairs University", "ORG", True),
    ("the Russian Foreign Ministry", "Russian Foreign Ministry", "ORG", False),
    ("the Supreme Court of India", "Supreme Court of India", "ORG", False),
    ("Japan's Ministry of Finance", "Japan's Ministry of Finance", "ORG", False),
    ("Old Russia fell", "Russia", "GPE", False),
    ("the Soviet Union", "Soviet Union", "ORG", False),
    ("the US Open", "US Open", "EVENT", True),
    ("the Vietnam War", "Vietnam War", "EVENT", True),
    ("the Ukraine crisis", "Ukraine crisis", "EVENT", False),
    ("the long war in Ukraine", "war in Ukraine", "EVENT", False),
    ("the Communist Party of Sri Lanka", "Party of Sri", "ORG", True),
    ("northern Nigeria", "northern Nigeria", "LOC", False),
    ("Chinese President Xi Jinping", "Xi Jinping", "PERSON", False),
    # nobody has recognised anything around the country
    ("the Communist Party of China, it said", "it", "DATE", True),
    ("the U.S.-India Youth and Student Exchange Association, it said", "it", "DATE", True),
    ("the Iraqi Ministry of Finance, it said", "it", "DATE", False),
    ("US Secretary of State Marco Rubio, it said", "it", "DATE", False),
]


@pytest.mark.parametrize(("text", "name", "label", "expected"), WITHIN)
def test_a_country_in_the_name_of_something_else_is_marked(nlp, text, name, label, expected):
    doc = with_entity(nlp, text, name, label)
    assert {mention.within_name for entity in countries(doc) for mention in entity.mentions} == {expected}


def test_the_mentions_of_a_country_become_one_entity(nlp):
    doc = with_entity(nlp, "The Dutch fear Russia. Bank of Russia: the Netherlands owe.", "Bank of Russia", "ORG")
    assert countries(doc) == [
        Entity(
            "country/NL",
            Kind.COUNTRY,
            "Netherlands",
            (Mention(4, 9, "Dutch", "adjective"), Mention(43, 54, "Netherlands", "name")),
            iso="NL",
        ),
        Entity(
            "country/RU",
            Kind.COUNTRY,
            "Russia",
            (Mention(15, 21, "Russia", "name"), Mention(31, 37, "Russia", "name", within_name=True)),
            iso="RU",
        ),
    ]


def test_a_text_without_countries_and_an_unprocessed_document_have_none(nlp):
    assert countries(nlp("Nothing here.")) == countries(nlp.make_doc("Russia")) == []


def test_spans_are_as_other_components_expect_them(nlp):
    doc = nlp("In Peru.")
    (span,) = doc.spans["countries"]
    assert isinstance(span, Span)
    assert (span.start, span.end, span.label_, span.kb_id_, span.id_) == (1, 2, "COUNTRY", "PE", "name")


# The tables.

COUNTRIES = table("countries")
NAME_ROWS = table("country_names")
ISOS = {row["iso"] for row in COUNTRIES}
AMBIGUOUS = {form for row in table("country_clues") for form in row["forms"].split("|")}


def test_every_country_is_there_once():
    assert len(COUNTRIES) == 250
    for column, shape in [
        ("iso", r"[A-Z]{2}"),
        ("iso3", r"[A-Z]{3}"),
        ("wikidata", r"Q[1-9]\d*"),
        ("label", r"\S.*\S"),
    ]:
        values = [row[column] for row in COUNTRIES]
        assert [value for value, count in Counter(values).items() if count > 1 or not re.fullmatch(shape, value)] == []
    numbers = [row["numeric"] for row in COUNTRIES if row["iso"] != "XK"]
    assert [
        number for number, count in Counter(numbers).items() if count > 1 or not re.fullmatch(r"\d{3}", number)
    ] == []


@pytest.mark.parametrize(
    ("iso", "row"),
    [
        ("RU", "RU RUS 643 Q159 Russia Moscow"),
        ("US", "US USA 840 Q30 United States Washington, D.C."),
        ("CN", "CN CHN 156 Q148 China Beijing"),
        ("NL", "NL NLD 528 Q55 Netherlands Amsterdam"),
        ("DK", "DK DNK 208 Q35 Denmark Copenhagen"),
        ("KR", "KR KOR 410 Q884 South Korea Seoul"),
        ("CD", "CD COD 180 Q974 DR Congo Kinshasa"),
        ("CG", "CG COG 178 Q971 Republic of the Congo Brazzaville"),
        ("EH", "EH ESH 732 Q6250 Western Sahara Laayoune"),
        ("PS", "PS PSE 275 Q219060 Palestine Ramallah"),
        ("XK", "XK XKX  Q1246 Kosovo Pristina"),
    ],
)
def test_a_row_says_what_is_known_of_a_country(iso, row):
    assert [" ".join(found.values()) for found in COUNTRIES if found["iso"] == iso] == [row]


def test_countries_are_in_order_and_names_are_in_order_without_doubles():
    assert [row["iso"] for row in COUNTRIES] == sorted(ISOS)
    keys = [(row["iso"], FORMS.index(row["kind"]), row["form"]) for row in NAME_ROWS]
    assert keys == sorted(keys)
    assert [form for form, count in Counter(row["form"] for row in NAME_ROWS).items() if count > 1] == []
    others = [row["name"] for row in table("country_not")]
    assert [name for name, count in Counter(others).items() if count > 1] == []
    assert set(others) & {row["form"] for row in NAME_ROWS} == set()


def test_names_clues_and_contexts_speak_of_known_things():
    assert {iso for row in NAME_ROWS for iso in row["iso"].split()} == ISOS
    assert {row["context"] for row in NAME_ROWS} == {"", "actor", "prefix", "given", "pronoun"}
    assert {row["iso"] for row in table("country_clues")} <= ISOS | {"-"}
    assert {row["forms"] for row in table("country_clues") if "||" in row["clues"] or not row["clues"]} == set()
    assert {row["form"] for row in NAME_ROWS} >= AMBIGUOUS
    for context in {row["context"] for row in table("country_context")}:
        in_context(context, "a Peru b", 2, 6)  # all patterns are valid


def test_every_country_has_its_label_for_a_name_and_an_adjective_where_there_is_one():
    rows = {(row["iso"], row["form"], row["kind"]) for row in NAME_ROWS}
    assert [row["label"] for row in COUNTRIES if (row["iso"], row["label"], "name") not in rows] == []
    without = ISOS - {row["iso"] for row in NAME_ROWS if row["kind"] == "adjective"}
    # Congolese and Dominican are rows of the other Congo and of the Dominican Republic, told apart by clues
    assert without == {"BV", "CG", "DM", "GG", "GS", "HM", "JE", "MF", "SJ", "SX", "TF", "UM", "VA"}


# A sentence in which a form can only be meant: the words before it and after it.
PLAIN = {"actor": ("pressure on ", " grew"), "prefix": ("the ", "-Peruvian")}


@pytest.mark.parametrize("row", [row for row in NAME_ROWS if row["form"] not in AMBIGUOUS], ids=lambda row: row["form"])
def test_every_form_is_found_in_a_plain_sentence(row):
    before, after = PLAIN.get(row["context"], ("we saw ", " grow"))
    text = f"{before}{row['form']}{after}"
    start, end, form = next(find_forms(text))
    assert (start, end, form.kind, meant(form, text, start, end)) == (
        len(before),
        len(text) - len(after),
        row["kind"],
        tuple(row["iso"].split()),
    )


@pytest.mark.parametrize("row", table("country_not"), ids=lambda row: row["name"])
def test_every_name_of_another_thing_holds_no_country(row):
    assert [form.isos for _, _, form in find_forms(row["name"])] == [()]


@pytest.mark.parametrize("name", ["countries", "country_names", "country_not", "country_clues", "country_context"])
def test_a_table_names_its_source(name):
    text = files("kg.gazetteers").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    comment = " ".join(line for line in text.splitlines() if line.startswith("#"))
    assert re.search(r"Unicode licence|Our own list|Written by hand", comment)
