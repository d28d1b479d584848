"""Toponyms of a text: spans as written, and the place that each stands for in its document."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.codebook.gazetteer import load_gazetteer
from pipeline.coder.document import Document
from pipeline.coder.places import find_places
from pipeline.coder.records import PlaceMention
from pipeline.contracts import PLACE_PRECISIONS

Read = Callable[..., Document]


@pytest.fixture
def find(read: Read) -> Callable[..., list[PlaceMention]]:
    return lambda text, home=None: find_places(read(text), load_gazetteer(), home)


# text, and for each place in it: words, name, country, precision
EXAMPLES = [
    # A city, its country after a comma.
    (
        "Lavrov met Blinken in Reykjavik, Iceland, on Wednesday.",
        [("Reykjavik", "Reykjavik", "ISL", "city"), ("Iceland", "Iceland", "ISL", "country")],
    ),
    # Containment beats size.
    ("A man from Paris, Texas, was arrested.", [("Paris", "Paris", "USA", "city"), ("Texas", "Texas", "USA", "admin1")]),
    ("The mayor of Lebanon, Ohio, resigned.", [("Lebanon", "Lebanon", "USA", "city"), ("Ohio", "Ohio", "USA", "admin1")]),
    ("Fire broke out in Augusta, Ga., on Monday.", [("Augusta", "Augusta", "USA", "city"), ("Ga.", "Georgia", "USA", "admin1")]),
    # Without a word about Texas, Paris is in France; and Georgia is a country beside Tbilisi, a state beside Atlanta.
    ("Thousands marched in Paris on Saturday.", [("Paris", "Paris", "FRA", "city")]),
    (
        "Opposition leaders in Georgia rallied in Tbilisi and Batumi.",
        [("Georgia", "Georgia", "GEO", "country"), ("Tbilisi", "Tbilisi", "GEO", "city"), ("Batumi", "Batumi", "GEO", "city")],
    ),
    (
        "Lawmakers in Georgia met in Atlanta and in Savannah.",
        [("Georgia", "Georgia", "USA", "admin1"), ("Atlanta", "Atlanta", "USA", "city"), ("Savannah", "Savannah", "USA", "city")],
    ),
    # The United States is spoken of in most of the world's news: that does not move Athens to Georgia …
    (
        "The U.S. president said in Washington that talks in Athens and Geneva would go on.",
        [
            ("U.S.", "United States", "USA", "country"),
            ("Washington", "Washington", "USA", "city"),
            ("Athens", "Athens", "GRC", "city"),
            ("Geneva", "Geneva", "CHE", "city"),
        ],
    ),
    # … but a country that has one such town is believed, and so is local news.
    (
        "Lebanon's army was sent to Tripoli.",
        [("Lebanon", "Lebanon", "LBN", "country"), ("Tripoli", "Tripoli", "LBN", "city")],
    ),
    ("BEIRUT - Protesters blocked a road in Tripoli.", [("BEIRUT", "Beirut", "LBN", "city"), ("Tripoli", "Tripoli", "LBN", "city")]),
    (
        "The sheriff's office in Athens, Georgia, and the city council of Athens denied it.",
        [("Athens", "Athens", "USA", "city"), ("Georgia", "Georgia", "USA", "admin1"), ("Athens", "Athens", "USA", "city")],
    ),
    # Old names, other spellings.
    (
        "The flight from Bombay to Kiev was cancelled.",
        [("Bombay", "Mumbai", "IND", "city"), ("Kiev", "Kyiv", "UKR", "city")],
    ),
    # Regions and sites that are no towns.
    (
        "Shelling went on in the Donbas and near the Gaza Strip.",
        [("Donbas", "Donbas", "UKR", "region"), ("Gaza Strip", "Gaza Strip", "PSE", "admin1")],
    ),
    ("Aid trucks waited at the Rafah crossing.", [("Rafah crossing", "Rafah crossing", None, "site")]),
    # A county, and counties in a list.
    ("Police in Rapides Parish searched the house.", [("Rapides Parish", "Rapides Parish", "USA", "admin2")]),
    (
        "Fires burned in Eastland and Callahan counties in Texas.",
        [
            ("Eastland", "Eastland County", "USA", "admin2"),
            ("Callahan", "Callahan County", "USA", "admin2"),
            ("Texas", "Texas", "USA", "admin1"),
        ],
    ),
    # Washington is the capital unless the text is about the state.
    (
        "The White House in Washington was silent.",
        [("White House", "White House", "USA", "site"), ("Washington", "Washington", "USA", "city")],
    ),
    # "The" belongs to the name of The Hague alone.
    (
        "Judges in The Hague heard the Netherlands.",
        [("The Hague", "The Hague", "NLD", "city"), ("Netherlands", "Netherlands", "NLD", "country")],
    ),
    # A possessive within a name, and one behind it.
    (
        "Beijing, capital of the People's Republic of China",
        [("Beijing", "Beijing", "CHN", "city"), ("People's Republic of China", "China", "CHN", "country")],
    ),
    ("Ukraine's parliament met.", [("Ukraine", "Ukraine", "UKR", "country")]),
    # Accents tell San José from San Jose.
    (
        "Ministers of Central America met in San José, Costa Rica.",
        [
            ("Central America", "Central America", None, "region"),
            ("San José", "San José", "CRI", "city"),
            ("Costa Rica", "Costa Rica", "CRI", "country"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_places_of_a_text(find: Callable[..., list[PlaceMention]], text: str, expected: list[tuple[str, ...]]) -> None:
    assert [(place.text, place.name, place.country, place.precision) for place in find(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        # People who have a town's name.
        "Jack London and Michael Jordan arrived late.",
        "Sgt. Henry said that Mrs. Lincoln was well.",
        # Words that are some town's name, too.
        "Much of the Church was in Order, said the Bishop.",
        # Streets are no towns.
        "He lives at 25 Memphis Street.",
        # Acronyms are no towns of that spelling.
        "The SWAT team stood by.",
    ],
)
def test_no_place(find: Callable[..., list[PlaceMention]], text: str) -> None:
    assert [place.text for place in find(text)] == []


def test_demonyms_are_marked(find: Callable[..., list[PlaceMention]]) -> None:
    places = find("Georgian and Russian officials met Kenyans in Tbilisi.")
    assert [(place.text, place.country, place.is_demonym) for place in places] == [
        ("Georgian", "GEO", True),
        ("Russian", "RUS", True),
        ("Kenyans", "KEN", True),
        ("Tbilisi", "GEO", False),
    ]


def test_one_sense_a_document(find: Callable[..., list[PlaceMention]]) -> None:
    text = "A fire destroyed a school in Paris, Tenn., on Friday. Firefighters from Paris said that nobody in Paris was hurt."
    assert {place.admin1 for place in find(text) if place.text == "Paris"} == {"Tennessee"}


def test_unless_written_differently(find: Callable[..., list[PlaceMention]]) -> None:
    places = find("She flew from Paris, Texas, to Paris, France.")
    assert [place.country for place in places if place.text == "Paris"] == ["USA", "FRA"]


def test_neighbours_tell_which_springfield(find: Callable[..., list[PlaceMention]]) -> None:
    text = "Police in Springfield, Chicopee and Holyoke arrested three men. The men were taken to Springfield."
    assert {place.admin1 for place in find(text) if place.text == "Springfield"} == {"Massachusetts"}


def test_the_outlets_home_tells_where_it_is(find: Callable[..., list[PlaceMention]]) -> None:
    text = "A man was arrested in Alexandria on Friday, police said."
    assert [place.country for place in find(text)] == ["EGY"]
    assert [place.admin1 for place in find(text, home="Pineville, Louisiana")] == ["Louisiana"]
    assert [place.country for place in find(text, home="Nowhere at all")] == ["EGY"]


def test_a_dateline_is_a_place(find: Callable[..., list[PlaceMention]]) -> None:
    places = find("KHARTOUM, Jan 5 (Reuters) - Soldiers shot dead three protesters on Sunday.")
    assert [(place.text, place.name) for place in places] == [("KHARTOUM", "Khartoum")]


def test_a_text_without_capitals_has_places_too(find: Callable[..., list[PlaceMention]]) -> None:
    text = (
        "ahmedabad: the government has sent more troops to the violence hit areas while maharashtra has agreed to dispatch two companies "
        "of the reserve police to gujarat, the chief minister said. curfew was relaxed in surat and in most parts of the city on monday."
    )
    assert [(place.text, place.name) for place in find(text)] == [
        ("ahmedabad", "Ahmedabad"),
        ("maharashtra", "Maharashtra"),
        ("gujarat", "Gujarat"),
        ("surat", "Surat"),
    ]


def test_a_country_has_a_representative_point_and_says_so(find: Callable[..., list[PlaceMention]]) -> None:
    (place,) = find("Prices rose in Australia.")
    assert (place.precision, place.latitude, place.longitude) == ("country", -25.0, 135.0)
    assert place.geonames_id == 2077456


WORDS = st.sampled_from(
    "Paris, Texas London in the of U.S. Georgia's Saint St. Louis Rapides Parish and counties – - ( ) \n Kyiv N.C. 'the İzmir ﬁ São".split(
        " "
    )
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=14))
def test_offsets_hold_and_nothing_overlaps(read: Read, words: list[str]) -> None:
    text = " ".join(words)
    places = find_places(read(text), load_gazetteer())
    assert all(text[place.start : place.end] == place.text and place.precision in PLACE_PRECISIONS for place in places)
    assert all(left.end <= right.start for left, right in zip(places, places[1:], strict=False))
    assert places == [replace(place) for place in find_places(read(text), load_gazetteer())]
