"""Where an event happened, and what told."""

from collections.abc import Callable

import pytest

from pipeline.codebook.gazetteer import load_gazetteer
from pipeline.coder.document import Document
from pipeline.coder.places import find_places, place_event
from pipeline.coder.records import EventPlace

Where = Callable[[str, str], EventPlace | None]


@pytest.fixture
def where(read: Callable[..., Document]) -> Where:
    """where(text, trigger) -> the place of the event that the first token of that form tells."""

    def place_of(text: str, trigger: str) -> EventPlace | None:
        document = read(text)
        token = next(token for token in document.doc if token.text == trigger)
        return place_event(document, token, find_places(document, load_gazetteer()))

    return place_of


# text, trigger, the place's words, what told it
EXAMPLES = [
    # A preposition on the trigger.
    ("Blinken and Lavrov met in Reykjavik, Iceland.", "met", "Reykjavik", "clause"),
    ("Talks in Geneva between Russia and Ukraine collapsed.", "Talks", "Geneva", "clause"),
    ("The army shelled rebel positions near the Syrian city of Homs.", "shelled", "Homs", "clause"),
    ("A bomber killed 12 people at a market in Kandahar, southern Afghanistan.", "killed", "Kandahar", "clause"),
    ("Militants kidnapped a teacher in Nigeria's Borno state.", "kidnapped", "Borno", "clause"),
    # On the verb that a noun is subject of.
    ("The meeting will take place in Vienna.", "meeting", "Vienna", "clause"),
    # What the deed is done to is where it is done.
    ("The attack on Kirkuk killed ten people.", "attack", "Kirkuk", "clause"),
    ("Rebels attacked the town of Kobani on Monday.", "attacked", "Kobani", "clause"),
    ("Israel bombed the outskirts of Damascus.", "bombed", "Damascus", "clause"),
    ("Mosul was recaptured by Iraqi forces.", "recaptured", "Mosul", "clause"),
    ("The Nairobi attack shocked the world.", "attack", "Nairobi", "clause"),
    # Where somebody went, or left.
    ("President Macron visited Kigali.", "visited", "Kigali", "clause"),
    ("Turkey deployed troops to Libya.", "deployed", "Libya", "clause"),
    ("Troops withdrew from Afghanistan in August.", "withdrew", "Afghanistan", "clause"),
    ("Soldiers drove out of the Afghan city of Jalalabad.", "drove", "Jalalabad", "clause"),
    ("He denied it from Brussels.", "denied", "Brussels", "clause"),
    # A capital by its country.
    ("The ministers met in the Icelandic capital.", "met", "Icelandic capital", "clause"),
    # Relative words stand for the place before them.
    ("Tensions rose over Ukraine, on whose border Russia concentrated troops.", "concentrated", "Ukraine", "clause"),
    ("Geneva, where they signed the accord, was calm.", "signed", "Geneva", "clause"),
    # The clause around, or one that tells the same deed again.
    ("In Cairo, police fired tear gas and arrested dozens.", "arrested", "Cairo", "sentence"),
    ("They opened a dialogue, with a meeting of Blinken and Lavrov, who met in Reykjavik.", "meeting", "Reykjavik", "sentence"),
    # The dateline, where the sentence names no other country.
    ("KHARTOUM, Jan 5 (Reuters) - Soldiers shot dead three protesters.", "shot", "KHARTOUM", "dateline"),
    ("Khartoum: Soldiers shot dead three protesters.", "shot", "Khartoum", "dateline"),
    # The document's focus, where one place dominates.
    ("Crowds filled Lima. Lima was calm by night. The court in Lima was shut. Police arrested ten men.", "arrested", "Lima", "focus"),
]


@pytest.mark.parametrize(("text", "trigger", "place", "basis"), EXAMPLES, ids=[text for text, *_ in EXAMPLES])
def test_an_event_has_a_place(where: Where, text: str, trigger: str, place: str, basis: str) -> None:
    found = where(text, trigger)
    assert found is not None
    assert (found.mention.text, found.basis) == (place, basis)


NOWHERE = [
    # Somebody's post, origin or seat is not where something happens.
    ("Moscow summoned the US ambassador to Moscow.", "summoned"),
    ("Police arrested a migrant from Afghanistan.", "arrested"),
    ("The Paris-based company accused Iran.", "accused"),
    ("Libya expelled the Maltese ambassador.", "expelled"),
    # Where the judges sit, the deed was not done.
    ("Judges in Santiago approved a request that named the killing of fifteen people.", "killing"),
    # A capital that stands for its government.
    ("Washington imposed sanctions on Moscow.", "imposed"),
    ("Sanctions on Iran were lifted.", "Sanctions"),
    # Where another deed is done, or where somebody speaks.
    ("Iraq agreed to hold talks in Vienna.", "agreed"),
    ("France condemned the bombing of Aleppo.", "condemned"),
    ("Officials in Kabul said that the Taliban killed two soldiers.", "killed"),
    # The reporter sits in Washington, the troops do not.
    ("WASHINGTON, Jan 5 (Reuters) - Russia sent soldiers over the border of Ukraine, and France protested.", "protested"),
]


@pytest.mark.parametrize(("text", "trigger"), NOWHERE, ids=[text for text, _ in NOWHERE])
def test_an_event_has_none(where: Where, text: str, trigger: str) -> None:
    assert where(text, trigger) is None


def test_the_finest_place_wins(where: Where) -> None:
    found = where("A bomb exploded in Peshawar in northern Pakistan.", "exploded")
    assert found is not None and found.mention.text == "Peshawar"


def test_a_country_is_no_point(where: Where) -> None:
    found = where("Thousands protested in Yemen.", "protested")
    assert found is not None
    assert (found.mention.country, found.mention.precision) == ("YEM", "country")
    assert found.mention.latitude is None and found.mention.longitude is None
