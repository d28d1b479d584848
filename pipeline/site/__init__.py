"""The explorer: static pages beside the published file, on which people see the events.

explorer  the published file -> the data of the pages, brought up to date
release   what the pages must know before they read any event
columns   the events of a year in columns of numbers, which the pages filter and count
app       the pages' own source; `make explorer` bundles it
bundle    what it bundles to, as browsers read it
"""

from pipeline.site.explorer import write_explorer

__all__ = ["write_explorer"]
