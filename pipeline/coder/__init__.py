"""From text to actors, dates, places and events: a pure library, without clock, paths to write, database or scheduler.

coder       the front door: Coder().code(text, published)
document    a text as spaCy Doc: chunks, sentences, headings, offsets that hold
actors, coreference, places, dates/   who, where, when
events/     what happened
relations   what holds between two given spans
records     the dataclasses that all of these give
"""
