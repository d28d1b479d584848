"""Time expressions of English news, and the dates of events.

lexicon, lexer   words -> kinds, one character each
holidays         named days, from seeds/dates
periods, choice  stretches of the calendar; which of several is meant
absolute, relative, lengths, clock, references
                 the rules: patterns over kinds, each with the function that reads it
composition      times joined with their days
finding          find_dates: the grammar run over a document
"""
