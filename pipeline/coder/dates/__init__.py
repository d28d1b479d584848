"""Time expressions of English news, and the dates of events.

lexicon, lexer   words -> kinds, one character each
holidays         named days, from seeds/dates
periods, choice  stretches of the calendar; which of several is meant
absolute, years, named_days, beside, business, relative, lengths, clock, references
                 the rules: patterns over kinds, each with the function that reads it
composition      times joined with their days
finding          find_dates: the grammar run over a document
event_dates      date_event: which of them dates an event
"""

from pipeline.coder.dates.event_dates import date_event
from pipeline.coder.dates.finding import find_dates

__all__ = ["date_event", "find_dates"]
