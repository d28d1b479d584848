"""find_dates by example: a sentence, published on Thursday 20 May 2021 unless said otherwise, and the dates in it."""

import gc
from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.coder.dates import find_dates
from pipeline.coder.document import Document, split

PUBLISHED = "2021-05-20"

# text of the mention, type, value, first day, last day
ABSOLUTE = [
    ("They signed it on March 9, 1998, in Geneva.", [("March 9, 1998", "DATE", "1998-03-09", "1998-03-09", "1998-03-09")]),
    ("They signed it on 9 March 1998.", [("9 March 1998", "DATE", "1998-03-09", "1998-03-09", "1998-03-09")]),
    ("They signed it on Monday, March 9, 1998.", [("Monday, March 9, 1998", "DATE", "1998-03-09", "1998-03-09", "1998-03-09")]),
    ("The letter is dated 1998-03-09.", [("1998-03-09", "DATE", "1998-03-09", "1998-03-09", "1998-03-09")]),
    # The American order, unless there is no such month.
    ("The letter is dated 03/09/1998.", [("03/09/1998", "DATE", "1998-03-09", "1998-03-09", "1998-03-09")]),
    ("The letter is dated 23/09/1998.", [("23/09/1998", "DATE", "1998-09-23", "1998-09-23", "1998-09-23")]),
    ("File 19980309 was opened.", [("19980309", "DATE", "1998-03-09", "1998-03-09", "1998-03-09")]),
    ("It opened in July 2018.", [("July 2018", "DATE", "2018-07", "2018-07-01", "2018-07-31")]),
    ("It opened in late February 2020.", [("late February 2020", "DATE", "2020-02", "2020-02-01", "2020-02-29")]),
    ("Trade fell in early 2019.", [("early 2019", "DATE", "2019", "2019-01-01", "2019-12-31")]),
    ("It runs until the end of March 2022.", [("the end of March 2022", "DATE", "2022-03", "2022-03-01", "2022-03-31")]),
    ("Wages fell in the 1990s.", [("the 1990s", "DATE", "199", "1990-01-01", "1999-12-31")]),
    ("Wages fell in the mid-1980s.", [("the mid-1980s", "DATE", "198", "1980-01-01", "1989-12-31")]),
    ("Borders of the 19th century returned.", [("the 19th century", "DATE", "18", "1800-01-01", "1899-12-31")]),
    ("The law dates from nineteen ninety-six.", [("nineteen ninety-six", "DATE", "1996", "1996-01-01", "1996-12-31")]),
    ("The vote was in the autumn of 2020.", [("the autumn of 2020", "DATE", "2020-FA", "2020-09-01", "2020-11-30")]),
    # A winter is named by its January.
    ("Prices rose in the winter of 2021.", [("the winter of 2021", "DATE", "2021-WI", "2020-12-01", "2021-02-28")]),
]

RANGES = [
    # Joined by a dash: one mention. In words: one for each end, as TimeBank has it.
    ("The fair is open May 23-25.", [("May 23-25", "DATE", "2021-05-23/2021-05-25", "2021-05-23", "2021-05-25")]),
    ("President Trump (2017-2021) met him.", [("2017-2021", "DATE", "2017/2021", "2017-01-01", "2021-12-31")]),
    ("It rose in 1994-95.", [("1994-95", "DATE", "1994/1995", "1994-01-01", "1995-12-31")]),
    (
        "They fought between 1990 and 1995.",
        [("1990", "DATE", "1990", "1990-01-01", "1990-12-31"), ("1995", "DATE", "1995", "1995-01-01", "1995-12-31")],
    ),
    (
        "They met on April 24 and 25.",
        [("April 24", "DATE", "2021-04-24", "2021-04-24", "2021-04-24"), ("25", "DATE", "2021-04-25", "2021-04-25", "2021-04-25")],
    ),
]

BESIDE_ANOTHER = [
    (
        "Two days after the April 5 attack, rebels shelled the town.",
        [("Two days", "DATE", "2021-04-07", "2021-04-07", "2021-04-07"), ("April 5", "DATE", "2021-04-05", "2021-04-05", "2021-04-05")],
    ),
    (
        "A month before the June 2019 election the party split.",
        [("A month", "DATE", "2019-05", "2019-05-01", "2019-05-31"), ("June 2019", "DATE", "2019-06", "2019-06-01", "2019-06-30")],
    ),
    # Working days cannot be counted on a calendar without weekends.
    (
        "Five trading days after April 5 the index rose.",
        [("Five trading days", "DURATION", "P5D", None, None), ("April 5", "DATE", "2021-04-05", "2021-04-05", "2021-04-05")],
    ),
    ("The priest was freed on the eve of Easter.", [("the eve of Easter", "DATE", "2021-04-03", "2021-04-03", "2021-04-03")]),
    ("The trial opened on the first Monday in May.", [("the first Monday in May", "DATE", "2021-05-03", "2021-05-03", "2021-05-03")]),
    (
        "He fell on the last Thursday of March 2019.",
        [("the last Thursday of March 2019", "DATE", "2019-03-28", "2019-03-28", "2019-03-28")],
    ),
    (
        "The army crossed in the third week of April.",
        [("the third week of April", "DATE", "2021-04-15/2021-04-21", "2021-04-15", "2021-04-21")],
    ),
    # An anniversary and what it is the anniversary of are two dates.
    (
        "They marked the 20th anniversary of the June 11, 2001, accord.",
        [
            ("the 20th anniversary", "DATE", "2021-06-11", "2021-06-11", "2021-06-11"),
            ("June 11, 2001", "DATE", "2001-06-11", "2001-06-11", "2001-06-11"),
        ],
    ),
    (
        "They marked the second anniversary of the May 14 raid.",
        [
            ("the second anniversary", "DATE", "2021-05-14", "2021-05-14", "2021-05-14"),
            ("May 14", "DATE", "2019-05-14", "2019-05-14", "2019-05-14"),
        ],
    ),
    ("They signed on 11 November last year.", [("11 November last year", "DATE", "2020-11-11", "2020-11-11", "2020-11-11")]),
    # The weekend of a date is no weekend of ours, and as many days are not many days.
    ("It fell on the weekend of June 12.", [("June 12", "DATE", "2021-06-12", "2021-06-12", "2021-06-12")]),
    ("It was the second raid in as many days.", []),
]

RELATIVE = [
    ("Parliament votes on Tuesday week.", [("Tuesday week", "DATE", "2021-06-01", "2021-06-01", "2021-06-01")]),
    ("They will meet a week on Friday.", [("a week on Friday", "DATE", "2021-05-28", "2021-05-28", "2021-05-28")]),
    ("He has been here for the last week.", [("the last week", "DURATION", "P1W", "2021-05-13", "2021-05-20")]),
    ("They have until 9 a.m. Saturday to leave.", [("9 a.m. Saturday", "TIME", "2021-05-22T09:00", "2021-05-22", "2021-05-22")]),
    # What expires now lies ahead, however much nearer the last such day was.
    ("The pact expires Dec. 31.", [("Dec. 31", "DATE", "2021-12-31", "2021-12-31", "2021-12-31")]),
    ("He resigned today.", [("today", "DATE", "2021-05-20", "2021-05-20", "2021-05-20")]),
    ("He resigned yesterday.", [("yesterday", "DATE", "2021-05-19", "2021-05-19", "2021-05-19")]),
    ("He resigned the day before yesterday.", [("the day before yesterday", "DATE", "2021-05-18", "2021-05-18", "2021-05-18")]),
    ("He will resign tomorrow.", [("tomorrow", "DATE", "2021-05-21", "2021-05-21", "2021-05-21")]),
    ("He resigned last week.", [("last week", "DATE", "2021-W19", "2021-05-10", "2021-05-16")]),
    ("Earlier this month he resigned.", [("Earlier this month", "DATE", "2021-05", "2021-05-01", "2021-05-31")]),
    ("The summit could take place mid June.", [("mid June", "DATE", "2021-06", "2021-06-01", "2021-06-30")]),
    ("He took office last year.", [("last year", "DATE", "2020", "2020-01-01", "2020-12-31")]),
    ("He took office ten days ago.", [("ten days ago", "DATE", "2021-05-10", "2021-05-10", "2021-05-10")]),
    # Weeks, months and years ago are no exact days.
    ("He took office two weeks ago.", [("two weeks ago", "DATE", "2021-W18", "2021-05-03", "2021-05-09")]),
    ("He took office five months ago.", [("five months ago", "DATE", "2020-12", "2020-12-01", "2020-12-31")]),
    ("He took office 50 years ago.", [("50 years ago", "DATE", "1971", "1971-01-01", "1971-12-31")]),
    ("The bond will be repaid in five years.", [("five years", "DATE", "2026", "2026-01-01", "2026-12-31")]),
    ("It was closed last summer.", [("last summer", "DATE", "2020-SU", "2020-06-01", "2020-08-31")]),
    ("He took office two weeks back.", [("two weeks back", "DATE", "2021-W18", "2021-05-03", "2021-05-09")]),
    ("He took office a fortnight ago.", [("a fortnight ago", "DATE", "2021-W18", "2021-05-03", "2021-05-09")]),
    ("The court will rule a week from Tuesday.", [("a week from Tuesday", "DATE", "2021-06-01", "2021-06-01", "2021-06-01")]),
    ("He was freed on the 15th.", [("the 15th", "DATE", "2021-05-15", "2021-05-15", "2021-05-15")]),
    # The last week of June is not last week, but its last seven days.
    (
        "He left in the last week of June.",
        [("the last week of June", "DATE", "2020-06-24/2020-06-30", "2020-06-24", "2020-06-30")],
    ),
    # From another date of the text.
    (
        "He was arrested on June 3, 1998. Two days later he was freed.",
        [
            ("June 3, 1998", "DATE", "1998-06-03", "1998-06-03", "1998-06-03"),
            ("Two days later", "DATE", "1998-06-05", "1998-06-05", "1998-06-05"),
        ],
    ),
    (
        "He fled in June 1998. He returned the following month.",
        [
            ("June 1998", "DATE", "1998-06", "1998-06-01", "1998-06-30"),
            ("the following month", "DATE", "1998-07", "1998-07-01", "1998-07-31"),
        ],
    ),
    (
        "He fled in June 1998 and returned later that year.",
        [("June 1998", "DATE", "1998-06", "1998-06-01", "1998-06-30"), ("later that year", "DATE", "1998", "1998-01-01", "1998-12-31")],
    ),
]

BY_TENSE = [
    ("Police arrested him on Tuesday.", [("Tuesday", "DATE", "2021-05-18", "2021-05-18", "2021-05-18")]),
    ("They will meet on Tuesday.", [("Tuesday", "DATE", "2021-05-25", "2021-05-25", "2021-05-25")]),
    ("They plan to meet on Tuesday.", [("Tuesday", "DATE", "2021-05-25", "2021-05-25", "2021-05-25")]),
    # On its own day, the weekday is that day.
    ("Police arrested him on Thursday.", [("Thursday", "DATE", "2021-05-20", "2021-05-20", "2021-05-20")]),
    ("They held talks this Wednesday.", [("this Wednesday", "DATE", "2021-05-19", "2021-05-19", "2021-05-19")]),
    ("They were freed last Thursday.", [("last Thursday", "DATE", "2021-05-13", "2021-05-13", "2021-05-13")]),
    ("They will be freed next Tuesday.", [("next Tuesday", "DATE", "2021-05-25", "2021-05-25", "2021-05-25")]),
    ("They met in October.", [("October", "DATE", "2020-10", "2020-10-01", "2020-10-31")]),
    ("They will meet in October.", [("October", "DATE", "2021-10", "2021-10-01", "2021-10-31")]),
    # The past tense does not push a deadline of next week back by a year.
    ("The offer was extended to May 28.", [("May 28", "DATE", "2021-05-28", "2021-05-28", "2021-05-28")]),
    ("police arrested him on saturday.", [("saturday", "DATE", "2021-05-15", "2021-05-15", "2021-05-15")]),
]

TIMES = [
    ("He died on Wednesday morning.", [("Wednesday morning", "TIME", "2021-05-19TMO", "2021-05-19", "2021-05-19")]),
    ("He died at 10 p.m. Wednesday.", [("10 p.m. Wednesday", "TIME", "2021-05-19T22:00", "2021-05-19", "2021-05-19")]),
    ("The offer ends at 5 p.m. EST, Nov. 6, 2021.", [("5 p.m. EST, Nov. 6, 2021", "TIME", "2021-11-06T17:00", "2021-11-06", "2021-11-06")]),
    ("He died last night.", [("last night", "TIME", "2021-05-19TNI", "2021-05-19", "2021-05-19")]),
    (
        "It took effect at 2 a.m. local time on Friday.",
        [("2 a.m. local time on Friday", "TIME", "2021-05-14T02:00", "2021-05-14", "2021-05-14")],
    ),
    ("He spoke at noon.", [("noon", "TIME", "2021-05-20T12:00", "2021-05-20", "2021-05-20")]),
    ("He spoke at 1500 GMT on Monday.", [("1500 GMT on Monday", "TIME", "2021-05-17T15:00", "2021-05-17", "2021-05-17")]),
]

LENGTHS_AND_SETS = [
    ("They talked for two hours.", [("two hours", "DURATION", "PT2H", None, None)]),
    ("They declared a three-day truce.", [("three-day", "DURATION", "P3D", None, None)]),
    ("He ruled for two and a half years.", [("two and a half years", "DURATION", "P2.5Y", None, None)]),
    ("They argued for several weeks.", [("several weeks", "DURATION", "PXW", None, None)]),
    # Up to publication, a length covers days.
    ("They fled over the past two days.", [("the past two days", "DURATION", "P2D", "2021-05-18", "2021-05-20")]),
    ("They march every Monday.", [("every Monday", "SET", "XXXX-WXX-1", None, None)]),
    ("They march each July.", [("each July", "SET", "XXXX-07", None, None)]),
    ("It costs $2 million a year.", [("a year", "SET", "P1Y", None, None)]),
    ("They meet twice a week.", [("twice a week", "SET", "P1W", None, None)]),
    ("He prays every day.", [("every day", "SET", "P1D", None, None)]),
]

BUSINESS = [
    # A quarter is told by its end; school years run from September.
    (
        "Sales rose in the quarter ended Jan. 31.",
        [("the quarter", "DATE", "2020-Q4", "2020-10-01", "2020-12-31"), ("Jan. 31", "DATE", "2021-01-31", "2021-01-31", "2021-01-31")],
    ),
    (
        "The current school year ends soon.",
        [("The current school year", "DATE", "2020-09/2021-08", "2020-09-01", "2021-08-31"), ("soon", "DATE", "FUTURE_REF", None, None)],
    ),
    ("The 2018-19 academic year began badly.", [("The 2018-19 academic year", "DATE", "2018-09/2019-08", "2018-09-01", "2019-08-31")]),
    ("Profit fell in the first quarter.", [("the first quarter", "DATE", "2021-Q1", "2021-01-01", "2021-03-31")]),
    ("Sales rose in Q3 2019.", [("Q3 2019", "DATE", "2019-Q3", "2019-07-01", "2019-09-30")]),
    ("Sales rose in fiscal 1998.", [("fiscal 1998", "DATE", "1998", "1998-01-01", "1998-12-31")]),
    (
        "Profit fell in the first quarter from $9 million a year earlier.",
        [
            ("the first quarter", "DATE", "2021-Q1", "2021-01-01", "2021-03-31"),
            ("a year earlier", "DATE", "2020-Q1", "2020-01-01", "2020-03-31"),
        ],
    ),
]

HOLIDAYS = [
    ("They were freed on Christmas Day.", [("Christmas Day", "DATE", "2020-12-25", "2020-12-25", "2020-12-25")]),
    ("They were freed on Good Friday.", [("Good Friday", "DATE", "2021-04-02", "2021-04-02", "2021-04-02")]),
    ("They were freed on Thanksgiving 2019.", [("Thanksgiving 2019", "DATE", "2019-11-28", "2019-11-28", "2019-11-28")]),
    ("Fighting went on during Ramadan.", [("Ramadan", "DATE", "2021-04-13/2021-05-12", "2021-04-13", "2021-05-12")]),
]

KNOWN_BY_THEIR_DAY = [
    ("The Sept. 11 attacks changed that.", [("Sept. 11", "DATE", "2001-09-11", "2001-09-11", "2001-09-11")]),
    ("He fled after 9/11.", [("9/11", "DATE", "2001-09-11", "2001-09-11", "2001-09-11")]),
]

REFERENCES = [
    ("He is now in prison.", [("now", "DATE", "PRESENT_REF", None, None)]),
    ("He recently fled.", [("recently", "DATE", "PAST_REF", None, None)]),
    ("In the past, they fought.", [("the past", "DATE", "PAST_REF", None, None)]),
    ("They may talk in the near future.", [("the near future", "DATE", "FUTURE_REF", None, None)]),
]

NO_DATES = [
    "You may go.",
    "They march for peace.",
    "The second group left first.",
    "It cost 1,987 dlrs.",
    "It cost $2010 to build.",
    "He led 2000 troops.",
    "A 28-year-old man fled.",
    "He is 28 years old.",
    "See 12 U.S. 1 and section 1983.",
    "Version 2.0 was released by the fall of the wall.",
    "Resolution 1973 was adopted.",
    "They live on the 15th floor.",
    "They hold three quarters of the land.",
    "Call as soon as possible.",
    "He sat in the sun.",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *ABSOLUTE,
        *RANGES,
        *BESIDE_ANOTHER,
        *RELATIVE,
        *BY_TENSE,
        *TIMES,
        *LENGTHS_AND_SETS,
        *BUSINESS,
        *HOLIDAYS,
        *KNOWN_BY_THEIR_DAY,
        *REFERENCES,
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_reads(read, text, expected):
    found = find_dates(read(text, PUBLISHED))
    days = [tuple(day.isoformat() if day else None for day in (d.first_day, d.last_day)) for d in found]
    assert [(d.text, d.type, d.value, *reach) for d, reach in zip(found, days, strict=True)] == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_finds_no_date(read, text):
    assert [d.text for d in find_dates(read(text, PUBLISHED))] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He resigned on Friday.", "XXXX-WXX-5"),
        ("He resigned in October.", "XXXX-10"),
        ("He resigned on October 23.", "XXXX-10-23"),
        ("He resigned yesterday.", "PAST_REF"),
        ("He will resign next week.", "FUTURE_REF"),
        ("Profit fell in the third quarter.", "XXXX-Q3"),
    ],
)
def test_without_publication_no_day_is_invented(read, text, value):
    (found,) = find_dates(read(text))
    assert (found.value, found.first_day, found.last_day, found.precision) == (value, None, None, None)


def test_a_dateline_is_read_and_the_header_is_not(read):
    document = read("date 2021-05-20\n\nWASHINGTON, Feb 26 (Reuters) - Troops left the town on Monday.")
    assert [(d.text, d.value) for d in find_dates(document)] == [("Feb 26", "2021-02-26"), ("Monday", "2021-05-17")]


def test_offsets_point_into_the_text_as_given(read):
    text = "“We left [nos fuimos] on Monday,” he said\nyesterday. Ils [el lunes] came in July 2018."
    found = find_dates(read(text, PUBLISHED))
    assert [(d.text, text[d.start : d.end]) for d in found] == [(d.text, d.text) for d in found]
    assert [d.text for d in found] == ["Monday", "yesterday", "July 2018"]


def test_no_date_runs_over_a_paragraph(read):
    found = find_dates(read("The plan was agreed to in May\n\n15 people left the town of Vienna then, he said.", PUBLISHED))
    assert [d.value for d in found] == ["2021-05"]


WORDS = st.sampled_from(
    (
        "Monday friday last next this the of in on by May march Sept. 1998 2021 3 31 45 1,987 two hundred days weeks year's quarter third "
        "half ago earlier later every a few and to - , . 's 1990s '98 10:30 p.m. noon night Easter Ramadan century before after from now "
        "9999 0001-01-01 fortnight half century the last next this spring "
        "early mid end fiscal Q3 12/31/99 more about year-ago 99999999 years decades \n\n “ 🙂 İ"
    ).split(" ")
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60),
    st.none() | st.dates() | st.sampled_from([date.min, date.max]),
)
def test_mentions_lie_in_the_text_in_order_and_apart(nlp, text, published):
    document = Document(text, nlp.make_doc(text), split(text), published)
    end = 0
    for found in find_dates(document):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert (found.first_day is None) == (found.last_day is None) == (found.precision is None)
        assert found.first_day is None or found.first_day <= found.last_day
        end = found.end


def test_a_long_text_of_nothing_but_date_words_takes_linear_time(nlp):
    def seconds(text):
        document = Document(text, nlp.make_doc(text), split(text), date(2021, 5, 20))
        gc.disable()  # a collection of the whole loaded coder would be timed with it
        try:
            start = process_time()
            find_dates(document)
            return process_time() - start
        finally:
            gc.enable()

    for words in ("about ", "two ", "a few more ", "the last ", "Monday , ", "3 , "):
        assert seconds(words * 4000) < 8 * seconds(words * 1000) + 0.2
