"""A sentence and the actors expected in it: (the words, actor). A group is (the words, [members])."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.coder.actors import find_actors
from pipeline.coder.records import ActorMention

DAY = "2021-05-20"


@pytest.fixture(scope="module")
def find(read, small_actors):
    """find(text, published=DAY) -> mentions."""
    return lambda text, published=DAY: find_actors(read(text, published), small_actors)


def told(mentions: list[ActorMention]) -> list[tuple[str, object]]:
    return [(m.text, [member.actor_id for member in m.members] or m.actor_id) for m in mentions if m.mention != "pronoun"]


SENTENCES = {
    # Names with titles and nationality are one mention, about the person.
    "US Foreign Minister Antony Blinken left.": [("US Foreign Minister Antony Blinken", "antony-blinken")],
    "The Russian Vladimir Putin spoke to the American Joe Biden.": [
        ("The Russian Vladimir Putin", "vladimir-putin"),
        ("the American Joe Biden", "joe-biden"),
    ],
    "Sergei Lavrov, the Russian foreign minister, spoke.": [("Sergei Lavrov, the Russian foreign minister", "sergei-lavrov")],
    # The longest name wins: neither Jordan nor an alias of Trump's is meant here.
    "Michael Jordan met Mary Trump in Jordan.": [
        ("Michael Jordan", "discovered:michael-jordan"),
        ("Mary Trump", "discovered:mary-trump"),
        ("Jordan", "JOR"),
    ],
    # Other transliterations of a full name.
    "Aleksei Navalni went home.": [("Aleksei Navalni", "alexei-navalny")],
    # Role nouns take their country from an adjective, a possessor, or a phrase behind them.
    "Russian troops left.": [("Russian troops", "role:RUS:MIL")],
    "Russia's troops left.": [("Russia's troops", "role:RUS:MIL")],
    "The court in New Delhi ruled on Monday.": [("The court", "role:IND:JUD")],
    "Demonstrators shouted.": [("Demonstrators", "role::CVL")],
    "The US Government signed.": [("The US Government", "USA")],
    "Taliban fighters and Taliban militants fled.": [("Taliban", "taliban"), ("Taliban militants", "taliban")],
    # The deepest actor wins.
    "The German foreign minister's spokesman resigned.": [("The German foreign minister's spokesman", "role:DEU:GOV")],
    # Backed, led, pro and anti tell of relations, not of belonging.
    "Turkish-backed rebels attacked.": [("Turkish-backed rebels", "role::REB")],
    "Turkish-backed Syrian rebels attacked.": [("Turkish-backed Syrian rebels", "role:SYR:REB")],
    # The sender of an ambassador, not the post.
    "The US ambassador to Moscow, John Sullivan, left.": [("The US ambassador to Moscow, John Sullivan", "john-sullivan")],
    "The ambassador of France to Moscow was expelled.": [("The ambassador of France to Moscow", "role:FRA:GOV")],
    # The role table, by the day.
    "The US Foreign Minister and the head of Russian diplomacy met.": [
        ("The US Foreign Minister", "antony-blinken"),
        ("the head of Russian diplomacy", "sergei-lavrov"),
    ],
    "The Russian deputy foreign minister resigned.": [("The Russian deputy foreign minister", "role:RUS:GOV")],
    "A Russian foreign minister once resigned.": [("A Russian foreign minister", "role:RUS:GOV")],
    # What the book lists by its adjective is the same when it is told otherwise.
    "Israel's army left.": [("Israel's army", "israeli-army")],
    "The army of Israel left.": [("The army of Israel", "israeli-army")],
    "Poland's Congress voted.": [("Poland's Congress", "role:POL:LEG")],
    "Congress voted.": [("Congress", "us-congress")],
    # A listed name that only begins a longer one is another's; in its own country it is its own.
    "The Workers' Front of Poland left.": [("The Workers' Front of Poland", "discovered:workers-front-of-poland")],
    "The Workers' Front of Turkey left.": [("The Workers' Front", "workers-front"), ("Turkey", "TUR")],
    # Heads of organisations, by their rank or by any word for a head.
    "The NATO secretary general left.": [("The NATO secretary general", "jens-stoltenberg")],
    "The head of NATO left.": [("The head of NATO", "jens-stoltenberg")],
    "He hit his head.": [],
    # A surname with the title that its bearer has on the day.
    "Foreign Minister Maas spoke.": [("Foreign Minister Maas", "heiko-maas")],
    "Chancellor Maas spoke.": [("Chancellor Maas", "discovered:maas")],
    # A day that the parser takes into the phrase is none of it.
    "On Friday soldiers left.": [("soldiers", "role::MIL")],
    # Alike in sound, but not in writing.
    "Aleksei Novelani went home.": [("Aleksei Novelani", "discovered:aleksei-novelani")],
    # The driver is not the judge, nor the minister the president.
    "Jan Kowalski, a prosecutor from Lublin, and his spokesman left.": [
        ("Jan Kowalski, a prosecutor from Lublin", "discovered:jan-kowalski"),
        ("his spokesman", "role::GOV"),
    ],
    # Lists are separate mentions; what one noun is shared by is a group.
    "Germany, France and Poland agreed.": [("Germany", "DEU"), ("France", "FRA"), ("Poland", "POL")],
    "Russian and Chinese officials met.": [("Russian and Chinese officials", ["role:RUS:GOV", "role:CHN:GOV"])],
    "Dozens of Indian soldiers died.": [("Dozens of Indian soldiers", "role:IND:MIL")],
    # Nationalities.
    "Russians protested.": [("Russians", "role:RUS:CVL")],
    # Months, money and products are nobody.
    "In May the dollar fell against the yen.": [],
}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence[:50])
def test_who_is_mentioned(find, sentence):
    assert told(find(sentence)) == SENTENCES[sentence]


METONYMS = {
    "Ankara accused Moscow of lying.": ["TUR", "RUS"],
    "Talks between Moscow and Washington resumed.": ["RUS", "USA"],
    "Moscow's decision surprised the Kremlin.": ["RUS", "RUS"],
    "Washington is ready to lift sanctions on Damascus.": ["USA", "SYR"],
    # A town where something happens is no actor.
    "Talks in Moscow failed.": [],
    "It led through Paris and Lyon.": [],
    "He flew to Moscow.": [],
    "Moscow is cold in winter.": [],
    "He left Damascus by night.": [],
}


@pytest.mark.parametrize("sentence", METONYMS)
def test_towns_are_actors_only_where_they_act(find, sentence):
    assert [actor_id for _, actor_id in told(find(sentence))] == METONYMS[sentence]


def test_countries_that_only_locate_are_marked_so(find):
    (mention,) = find("It rained in France.")
    assert (mention.link_method, mention.link_score) == ("alias:location", 0.5)


def test_a_country_behind_its_town_is_left_out(find):
    assert told(find("Blinken arrived in Reykjavik, Iceland.")) == [("Blinken", "antony-blinken")]


# ---------------------------------------------------------------- discovered actors


@pytest.mark.parametrize(
    ("sentence", "text", "actor_id", "country", "sectors"),
    [
        ("Polish prosecutor Jan Kowalski resigned.", "Polish prosecutor Jan Kowalski", "jan-kowalski", "POL", ("JUD",)),
        ("Jan Kowalski, a prosecutor from Poland, left.", "Jan Kowalski, a prosecutor from Poland", "jan-kowalski", "POL", ("JUD",)),
        ("President Gloria Arroyo spoke.", "President Gloria Arroyo", "gloria-arroyo", None, ("GOV",)),
        ("The Munich Regional Court ruled.", "The Munich Regional Court", "munich-regional-court", None, ("JUD",)),
    ],
)
def test_an_actor_that_the_book_lacks_takes_country_and_sector_from_its_words(find, sentence, text, actor_id, country, sectors):
    (mention,) = find(sentence)
    assert (mention.text, mention.actor_id, mention.country, mention.sectors) == (text, f"discovered:{actor_id}", country, sectors)


def test_what_one_mention_tells_holds_for_all(find):
    mentions = find("Kowalski denied it all, said police. Polish prosecutor Jan Kowalski will appeal.")
    named = [mention for mention in mentions if "Kowalski" in mention.text]
    assert {(mention.actor_id, mention.country) for mention in named} == {("discovered:jan-kowalski", "POL")}


# ---------------------------------------------------------------- the day


def test_country_and_sectors_are_those_of_the_day(find):
    assert find("Trump spoke.", "2019-05-20")[0].sectors == ("GOV",)
    assert find("Trump spoke.", "2022-05-20")[0].sectors == ("ELI",)


def test_the_head_of_an_international_body_acts_for_no_country(find):
    (mention,) = find("Jens Stoltenberg spoke.")
    assert (mention.country, mention.sectors) == (None, ("IGO",))


def test_who_has_held_office_and_will_again_is_of_the_elite_in_between(find):
    assert find("Trump spoke.", "2024-05-20")[0].sectors == ("ELI",)


def test_a_former_president_is_of_the_elite(find):
    (mention,) = find("A former French president spoke.")
    assert (mention.country, mention.sectors) == ("FRA", ("ELI",))


def test_without_a_day_an_office_is_a_role(find):
    assert told(find("The US president spoke.", None)) == [("The US president", "role:USA:GOV")]


# ---------------------------------------------------------------- text that is not a sentence


def test_headings_give_no_mentions(find):
    assert told(find("Putin attacks Ukraine\n\nIt rained.")) == []


def test_words_in_capitals_are_read_whatever_the_case(find):
    assert told(find("RUSSIA AND UKRAINE AGREED ON A TRUCE IN GERMANY YESTERDAY.")) == [
        ("RUSSIA", "RUS"),
        ("UKRAINE", "UKR"),
        ("GERMANY", "DEU"),
    ]


def test_words_without_capitals_are_read_whatever_the_case(find):
    assert told(find("talks with russia on ukraine were broken off by germany.")) == [
        ("russia", "RUS"),
        ("ukraine", "UKR"),
        ("germany", "DEU"),
    ]


def test_us_and_it_are_not_shouted_countries(find):
    assert "USA" not in [actor_id for _, actor_id in told(find("THEY TOLD US THAT IT WAS OVER FOR ALL OF US."))]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", '"', "US", "'s", "the of in", "(PKK)", "\u202eevil\u202c <b>Putin</b>"])
def test_scraps_do_no_harm(find, text):
    for mention in find(text):
        assert text[mention.start : mention.end] == mention.text


PIECES = [
    "Putin", "the Russian president", "Turkish-backed rebels", ",", "and", "of", "in", "Moscow", "'s", "said", "met", "(", ")", '"',
    "he", "its", "both countries", "Germany", "-", "US", "ambassador", "to", "\n\n", ".", "two", "leaders", "the", "French", "ü",
    "discovered", "Jan Kowalski",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25))
def test_mentions_are_spans_in_order_that_hold_their_heads(read, small_actors, pieces):
    text = " ".join(pieces)
    document = read(text, date(2021, 5, 20))
    end = 0
    for mention in find_actors(document, small_actors):
        assert end <= mention.start < mention.end
        assert mention.text == text[mention.start : mention.end] == mention.text.strip()
        assert mention.start <= document.doc[mention.head].idx < mention.end
        assert 0 <= mention.link_score <= 1
        assert (mention.actor_id is None) == (mention.name is None)
        end = mention.end
