"""Which mentions report the same event. A mention is written `who TYPE whom`; a path's steps are joined by '/'."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.warehouse.identity import MentionKey, Path, anchor_mentions
from tests.warehouse.factory import day, span

REYKJAVIK, ICELAND, GENEVA = "ISL/Capital/reykjavik", "ISL", "CHE/Geneva/geneva"
BLINKEN, BIDEN, LAVROV, PUTIN = "USA/GOV/blinken", "USA/GOV/biden", "RUS/GOV/lavrov", "RUS/GOV/putin"


def k(
    told: str, *, on: str | None = None, published: str | None = None, at: str = "", article: str = "", deed: str = "",
    status: str = "happened", words: int | None = None,
) -> MentionKey:  # fmt: skip
    """`on` a day, month or year; else `published`: the day is assumed. Articles differ unless they are named. words: of the sentence."""
    source, event_type, target = told.split(" ")
    first, last, _ = span(on or published)
    number = next(_numbers)
    return key(
        f"m{number:04}", article or f"a{number:04}", event_type, status, (path(source), path(target), path(at), path(deed)),
        ordinal(first), ordinal(last), is_assumed=on is None and published is not None, words=words,
    )  # fmt: skip


def key(
    mention_id: str, article: str, event_type: str, status: str, paths: tuple[Path, Path, Path, Path], first: int | None, last: int | None,
    *, is_assumed: bool, words: int | None = None,
) -> MentionKey:  # fmt: skip
    """As sql/staging/mention_keys.sql makes them."""
    block = (event_type, status, paths[0][:1], paths[1][:1])
    if first is None or last is None or not any(paths[:3]):
        tier = "loose"
    else:
        tier = "assumed" if is_assumed else "day" if first == last else "span" if last - first < 31 else "long"
    return MentionKey(mention_id, article, block, event_type, status, tier, *paths, first, last, words)


_numbers = iter(range(10**6))


def path(text: str) -> Path:
    return () if text in ("", "nobody") else tuple(text.split("/"))


def ordinal(value: date | None) -> int | None:
    return None if value is None else (value - date(1970, 1, 1)).days


def groups(*keys: MentionKey) -> list[list[int]]:
    """Positions of the mentions, by event."""
    events = dict(anchor_mentions(keys))
    found: dict[str, list[int]] = {}
    for position, key in enumerate(keys):
        found.setdefault(events[key.mention_id], []).append(position)
    return sorted(found.values())


MAY_19, MAY_20 = "2021-05-19", "2021-05-20"

SAME = {
    "a minister acts for the government, the government for the country": [
        k(f"{BLINKEN} CONSULT {LAVROV}", on=MAY_19), k("USA CONSULT RUS", on=MAY_19), k(f"{BLINKEN} CONSULT RUS", on=MAY_19),
    ],
    "one outlet names the city, one the country, one nothing": [
        k("USA CONSULT RUS", on=MAY_19, at=REYKJAVIK), k("USA CONSULT RUS", on=MAY_19, at=ICELAND), k("USA CONSULT RUS", on=MAY_19),
    ],
    "each knows what the other does not: the people, the place": [
        k(f"{BLINKEN} CONSULT {LAVROV}", on=MAY_19), k("USA CONSULT RUS", on=MAY_19, at=REYKJAVIK),
    ],
    "the only meeting of that month": [k("USA CONSULT RUS", on="2021-05"), k("USA CONSULT RUS", on=MAY_19)],
    "the only meeting of that year between these two": [
        k(f"{BIDEN} CONSULT {PUTIN}", on="2021"), k(f"{BIDEN} CONSULT {PUTIN}", on="2021-06-16", at=GENEVA),
    ],
    "told again and again as 'in April 2014': one kidnapping, not many": [
        k("NGA_REB/boko-haram ASSAULT NGA_CVL", on="2014-04", deed="abduction") for _ in range(30)
    ] + [k("NGA_REB/boko-haram ASSAULT NGA_CVL", on="2014-04-14", deed="abduction")],
    "another outlet, the day after, without a day but with the same people": [
        k(f"{BLINKEN} CONSULT {LAVROV}", on=MAY_19), k(f"{BLINKEN} CONSULT {LAVROV}", published=MAY_20),
    ],
    "a treaty of Friday, told on Sunday": [k("IRN AGREE SAU", on="2023-03-10"), k("IRN AGREE SAU", published="2023-03-12")],
    "two outlets of one day, neither with a day in its text": [
        k("USA ACCUSE RUS", published=MAY_20), k("USA ACCUSE RUS", published=MAY_20),
    ],
    "a riot to one is a demonstration to the other": [
        k("FRA_CVL PROTEST FRA", on=MAY_19, deed="crowd"), k("FRA_CVL PROTEST FRA", on=MAY_19),
    ],
    "undated, in one article": [k("USA AID UKR", article="x"), k("USA AID UKR", article="x")],
    "the very same sentence, days later": [
        k("USA ACCUSE RUS", on=MAY_19, words=7), k("USA ACCUSE RUS", published="2021-05-24", words=7),
    ],
    "in the year of the massacre, the same town": [
        k("NGA_REB ASSAULT NGA_CVL", on="2014", at="NGA/Borno/chibok"),
        k("NGA_REB ASSAULT NGA_CVL", on="2014-04-14", at="NGA/Borno/chibok"),
    ],
}  # fmt: skip

APART = {
    "two cities on one day": [k("USA CONSULT RUS", on=MAY_19, at=REYKJAVIK), k("USA CONSULT RUS", on=MAY_19, at=GENEVA)],
    "shelling on two days": [k("RUS/MIL ASSAULT UKR_CVL", on="2022-03-01"), k("RUS/MIL ASSAULT UKR_CVL", on="2022-03-02")],
    "another pair of people": [k(f"{BLINKEN} CONSULT {LAVROV}", on=MAY_19), k(f"{BIDEN} CONSULT {PUTIN}", on=MAY_19)],
    "an armed group is not the government": [k("COD ASSAULT COD_CVL", on=MAY_19), k("COD_REB ASSAULT COD_CVL", on=MAY_19)],
    "two armed groups": [k("COD_REB/m23 ASSAULT COD_CVL", on=MAY_19), k("COD_REB/adf ASSAULT COD_CVL", on=MAY_19)],
    "parliament is not the army": [k("USA/LEG ACCUSE RUS", on=MAY_19), k("USA/MIL ACCUSE RUS", on=MAY_19)],
    "nobody known is not somebody": [k("nobody ASSAULT AFG_CVL", on=MAY_19), k("AFG_REB ASSAULT AFG_CVL", on=MAY_19)],
    "the other direction is another row": [k("USA CONSULT RUS", on=MAY_19), k("RUS CONSULT USA", on=MAY_19)],
    "another type": [k("USA CONSULT RUS", on=MAY_19), k("USA ACCUSE RUS", on=MAY_19)],
    "what may happen has not happened": [k("USA CONSULT RUS", on=MAY_19, status="future"), k("USA CONSULT RUS", on=MAY_19)],
    "a call is no meeting": [
        k(f"{BIDEN} CONSULT {PUTIN}", on=MAY_19, deed="call"), k(f"{BIDEN} CONSULT {PUTIN}", on=MAY_19, deed="meeting"),
    ],
    "a month with two meetings cannot tell which": [
        k("USA CONSULT RUS", on="2021-05-04"), k("USA CONSULT RUS", on=MAY_19), k("USA CONSULT RUS", on="2021-05"),
    ],
    "a year is too vague for a dyad alone": [k("USA ACCUSE RUS", on="2021"), k("USA ACCUSE RUS", on=MAY_19)],
    "another outlet, the day after, only the countries: accusations come daily": [
        k("USA ACCUSE RUS", on=MAY_19), k("USA ACCUSE RUS", published=MAY_20),
    ],
    "talks a week apart": [k("IRN CONSULT SAU", on="2023-03-10"), k("IRN CONSULT SAU", published="2023-03-17")],
    "a treaty with whom?": [k("IRN AGREE nobody", on="2023-03-10"), k("IRN AGREE nobody", published="2023-03-12")],
    "reports without a day, published on two days": [
        k("RUS/MIL ASSAULT UKR_CVL", published="2022-03-01"), k("RUS/MIL ASSAULT UKR_CVL", published="2022-03-02"),
    ],
    "undated, in two articles": [k("USA AID UKR"), k("USA AID UKR")],
    "nobody, to nobody, nowhere": [k("nobody PROTEST nobody", on=MAY_19), k("nobody PROTEST nobody", on=MAY_19)],
    "last year's day of the same name": [k("USA CONSULT RUS", on="2020-05-19"), k("USA CONSULT RUS", on=MAY_19)],
}  # fmt: skip


@pytest.mark.parametrize("keys", SAME.values(), ids=SAME.keys())
def test_one_event(keys: list[MentionKey]) -> None:
    assert groups(*keys) == [list(range(len(keys)))]


@pytest.mark.parametrize("keys", APART.values(), ids=APART.keys())
def test_near_misses_stay_apart(keys: list[MentionKey]) -> None:
    assert groups(*keys) == [[position] for position in range(len(keys))]


def test_a_vague_mention_bridges_no_two_events() -> None:
    # 'The US and Russia met' on that day fits both; it goes with one of them, and they stay two.
    found = groups(
        k(f"{BLINKEN} CONSULT {LAVROV}", on=MAY_19, at=REYKJAVIK),
        k(f"{BIDEN} CONSULT {PUTIN}", on=MAY_19, at=GENEVA, article="x"),
        k("USA CONSULT RUS", on=MAY_19, article="x"),
    )
    assert found == [[0], [1, 2]]


def test_what_only_a_vague_mention_knows_may_belong_to_another_event() -> None:
    # 'Blinken met Lavrov' two days later may be another meeting than the one of which only the countries are known.
    assert groups(k("USA CONSULT RUS", on=MAY_19), k(f"{BLINKEN} CONSULT {LAVROV}", published="2021-05-21")) == [[0], [1]]
    assert groups(k("USA CONSULT RUS", on=MAY_19, at=REYKJAVIK), k("USA CONSULT RUS", published="2021-05-21")) == [[0, 1]]


def test_the_place_decides_between_two_pairs() -> None:
    assert groups(
        k(f"{BLINKEN} CONSULT {LAVROV}", on=MAY_19, at=REYKJAVIK),
        k(f"{BIDEN} CONSULT {PUTIN}", on=MAY_19, at=GENEVA),
        k("USA CONSULT RUS", on=MAY_19, at="CHE"),
    ) == [[0], [1, 2]]


def test_vague_mentions_that_fit_two_events_are_one_of_their_own() -> None:
    assert groups(
        k("USA CONSULT RUS", on="2021-05-04"),
        k("USA CONSULT RUS", on=MAY_19),
        k("USA CONSULT RUS", on="2021-05"),
        k("USA CONSULT RUS", on="2021-05"),
    ) == [[0], [1], [2, 3]]


SOURCES = st.sampled_from(["USA", "USA/GOV/blinken", "USA/GOV/biden", "USA/MIL", "COD_REB", "COD_REB/m23", "nobody"])
TARGETS = st.sampled_from(["RUS", "RUS/GOV/lavrov", "RUS/GOV/putin", "nobody"])
DAYS = st.sampled_from([None, "2021-05-18", "2021-05-19", "2021-05-20", "2021-05", "2021"])


@st.composite
def mention_keys(draw: st.DrawFn) -> list[MentionKey]:
    keys = []
    for number in range(draw(st.integers(1, 25))):
        on = draw(DAYS)
        first, last, _ = span(on)
        assumed = on is not None and len(on) == 10 and draw(st.booleans())
        paths = (
            path(draw(SOURCES)), path(draw(TARGETS)), path(draw(st.sampled_from(["", ICELAND, REYKJAVIK, GENEVA]))),
            path(draw(st.sampled_from(["", "call", "meeting"]))),
        )  # fmt: skip
        article, status = draw(st.sampled_from("xyz")), draw(st.sampled_from(["happened", "future"]))
        words = draw(st.sampled_from([None, 1, 2]))
        keys.append(key(f"m{number}", article, "CONSULT", status, paths, ordinal(first), ordinal(last), is_assumed=assumed, words=words))
    return keys


@given(mention_keys(), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_events(keys: list[MentionKey], random: object) -> None:
    shuffled = list(keys)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dict(anchor_mentions(keys)) == dict(anchor_mentions(shuffled))


@given(mention_keys())
def test_every_mention_agrees_with_what_its_event_is_known_to_be(keys: list[MentionKey]) -> None:
    anchors = dict(anchor_mentions(keys))
    assert anchors.keys() == {one.mention_id for one in keys}
    by_id = {one.mention_id: one for one in keys}
    for mention_id, anchor_id in anchors.items():
        mine, its = by_id[mention_id], by_id[anchor_id]
        assert anchors[anchor_id] == anchor_id
        assert mine.block == its.block
        assert all(one[: len(other)] == other[: len(one)] for one, other in zip(mine.paths, its.paths, strict=True))


@given(mention_keys(), st.integers(1, 400))
def test_far_events_leave_each_other_alone(keys: list[MentionKey], years: int) -> None:
    # What other blocks hold changes nothing: their mentions can be resolved apart, in any batch.
    others = [k("CHN AID LAO", on=MAY_19) for _ in range(years % 5)]
    together = dict(anchor_mentions([*keys, *others]))
    assert {key.mention_id: together[key.mention_id] for key in keys} == dict(anchor_mentions(keys))


def test_days_of_the_factory() -> None:
    assert span("2021-02") == (day("2021-02-01"), day("2021-02-28"), "month")
