"""date_event by example: a text published on Thursday 20 May 2021, the trigger in brackets, and the date of its event."""

import pytest

from pipeline.coder.dates import date_event, find_dates

PUBLISHED = "2021-05-20"


def dated(read, marked, published=PUBLISHED):
    """The date of the event whose trigger stands in brackets."""
    before, word = marked.split("[", 1)
    document = read(marked.replace("[", "").replace("]", ""), published)
    trigger = next(token for token in document.doc if token.idx == len(before))
    assert trigger.text == word.split("]")[0]
    return date_event(document, trigger, find_dates(document))


CLAUSE = [
    ("Police [arrested] 40 protesters in Moscow on Wednesday.", "2021-05-19", "2021-05-19", "day"),
    # A historical event keeps its own date, as fine as it is told.
    ("It would be the first meeting since Putin and Trump [met] in Helsinki in July 2018.", "2018-07-01", "2018-07-31", "month"),
    # A future event has a future date.
    ("The president will [meet] his counterpart next Tuesday in Geneva.", "2021-05-25", "2021-05-25", "day"),
    ("The envoy is scheduled to [meet] the king on Saturday.", "2021-05-22", "2021-05-22", "day"),
    # The day reckoned from another date is the event's; the other is not.
    ("Two days after the May 4 vote, troops [raided] the office.", "2021-05-06", "2021-05-06", "day"),
    # What somebody always does is on no day.
    ("The envoy [met] the officers who rule the country on Saturday.", "2021-05-15", "2021-05-15", "day"),
    # Parsers take the day for a part of the noun.
    ("On Sunday rebels [shelled] the town.", "2021-05-16", "2021-05-16", "day"),
    # A noun takes the date beside it, or that of a verb that only says it took place.
    ("Iran condemned Friday's [attack] on the embassy.", "2021-05-14", "2021-05-14", "day"),
    ("The [arrest] of the opposition leader on Sunday angered Brussels.", "2021-05-16", "2021-05-16", "day"),
    ("The two sides held [talks] on Monday in Vienna.", "2021-05-17", "2021-05-17", "day"),
    # Verbs side by side share a date unless each has its own.
    ("Police [arrested] and deported him on Friday.", "2021-05-14", "2021-05-14", "day"),
    ("He was [arrested] on Monday and will be tried on Friday.", "2021-05-17", "2021-05-17", "day"),
    ("He was arrested on Monday and will be [tried] on Friday.", "2021-05-21", "2021-05-21", "day"),
    # A relative clause keeps its date to itself.
    ("Soldiers who fired on the crowd in 1989 were [pardoned] on Tuesday.", "2021-05-18", "2021-05-18", "day"),
    ("Soldiers who [fired] on the crowd in 1989 were pardoned on Tuesday.", "1989-01-01", "1989-12-31", "year"),
    ("The army said on Monday that rebels had [attacked] the town on Friday.", "2021-05-14", "2021-05-14", "day"),
    # Ranges, and lengths that reach to publication.
    ("Protesters [blocked] the road from Monday to Wednesday.", "2021-05-17", "2021-05-19", "range"),
    ("The rebels [fought] the army between 1990 and 1995.", "1990-01-01", "1995-12-31", "range"),
    ("Police have [detained] 300 people over the past two days.", "2021-05-18", "2021-05-20", "range"),
]

INHERITED = [
    # What is to come has no day but that of the promise or demand.
    ("The minister said on Monday that the government will [withdraw] its troops.", "2021-05-17", "speech"),
    ("The two sides agreed on Monday to [free] prisoners.", "2021-05-17", "sentence"),
    ("The union demanded on Monday that the mayor [resign].", "2021-05-17", "sentence"),
    ("On Tuesday, troops stormed the building, [killing] three people.", "2021-05-18", "sentence"),
    ("Ten people were [killed] when a bomb exploded Wednesday at a market.", "2021-05-19", "sentence"),
    ("The army said on Monday that rebels [attacked] the town.", "2021-05-17", "speech"),
    ("On Tuesday, troops stormed the building. They [arrested] the minister.", "2021-05-18", "context"),
]

ASSUMED = [
    "Police [arrested] 40 protesters in Moscow.",
    # The date belongs to something else.
    "Iran [condemned] Friday's attack on the embassy.",
    "Moscow [recalled] its ambassador after Biden called Putin a killer in March.",
    # Measured from a date, or told by its length alone.
    "The army has [shelled] the city since Monday.",
    "The court [sentenced] him to three years in prison.",
    "Soldiers [patrol] the border every Monday.",
    # What was said on Monday to have happened before was not on Monday.
    "The army said on Monday that rebels had [attacked] the town.",
    # No context over a paragraph, nor from what somebody said.
    "On Tuesday, troops stormed the building.\n\nThey [arrested] the minister.",
    "The minister said so on Tuesday. Police [arrested] him.",
]


@pytest.mark.parametrize(("marked", "first", "last", "precision"), CLAUSE)
def test_from_the_clause(read, marked, first, last, precision):
    when = dated(read, marked)
    assert (str(when.first_day), str(when.last_day), when.precision, when.basis) == (first, last, precision, "clause")


@pytest.mark.parametrize(("marked", "day", "basis"), INHERITED)
def test_inherited(read, marked, day, basis):
    when = dated(read, marked)
    assert (str(when.first_day), when.precision, when.basis) == (day, "day", basis)
    assert when.mention is not None


@pytest.mark.parametrize("marked", ASSUMED)
def test_else_publication_is_assumed(read, marked):
    when = dated(read, marked)
    assert (str(when.first_day), str(when.last_day), when.precision, when.basis, when.mention) == (
        PUBLISHED, PUBLISHED, "assumed", "publication", None,
    )  # fmt: skip


def test_nothing_is_assumed_without_publication(read):
    assert dated(read, "Police [arrested] 40 protesters.", None) is None


def test_a_weekday_without_publication_dates_nothing(read):
    assert dated(read, "Police [arrested] 40 protesters on Friday.", None) is None


def test_the_founding_sentence(read):
    when = dated(
        read,
        "The United States and Russia gave this Wednesday I start a dialogue to relax the tension, with a first meeting of their foreign "
        "officials, Antony Blinken and Sergei Lavrov, who [met] in Reykjavik, Iceland.",
    )
    assert (str(when.first_day), when.precision) == ("2021-05-19", "day")
