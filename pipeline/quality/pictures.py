"""Geometry of the report's pictures: shares of a bar, cells of a strip. Units are those of an SVG viewBox."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.quality.facts import Flow, Publisher

BAR_WIDTH = 1000.0
_GAP = 4.0
_LEAST = 6.0  # narrower than this, a part that exists could not be seen
_LEVELS = 4

_PARTS = (
    ("coded", "coded", "articles that hold events"),
    ("without_event", "without event", "articles in which the coder found none"),
    ("duplicate", "duplicate", "repeats of another article, counted as its reports"),
    ("rejected", "rejected", "set aside with a reason; nothing is lost"),
    ("unaccounted", "unaccounted", "read, but neither coded, repeated nor rejected"),
)


@dataclass(frozen=True)
class Part:
    """One outcome of the flow: its count and share, and where its piece of the bar lies."""

    kind: str
    label: str
    meaning: str
    count: int
    share: float
    x: float
    width: float


def flow_parts(flow: Flow) -> list[Part]:
    """The outcomes of a batch's records, laid out side by side; `unaccounted` only where there are any."""
    counts = [(kind, label, meaning, getattr(flow, kind)) for kind, label, meaning in _PARTS]
    counts = [part for part in counts if part[3] or part[0] != "unaccounted"]
    widths = _widths([count for *_, count in counts])
    parts, x = [], 0.0
    for (kind, label, meaning, count), width in zip(counts, widths, strict=True):
        parts.append(Part(kind, label, meaning, count, count / flow.records if flow.records else 0.0, round(x, 1), round(width, 1)))
        x += width + (_GAP if width else 0.0)
    return parts


def _widths(counts: Sequence[int]) -> list[float]:
    """Widths that fill the bar; what exists is at least _LEAST wide, at the cost of the widest."""
    some = sum(1 for count in counts if count)
    if not some:
        return [0.0] * len(counts)
    room = BAR_WIDTH - _GAP * (some - 1)
    widths = [max(count / sum(counts) * room, _LEAST) if count else 0.0 for count in counts]
    widest = widths.index(max(widths))
    widths[widest] -= sum(widths) - room
    return widths


def strip_levels(publishers: Sequence[Publisher]) -> Iterator[tuple[int, ...]]:
    """For each publisher, how full each bin is: 0 for none, 1 to 4 up to the fullest bin of all publishers."""
    fullest = max((count for publisher in publishers for count in publisher.bins), default=0)
    for publisher in publishers:
        yield tuple(-(-count * _LEVELS // fullest) if count else 0 for count in publisher.bins)


SPARK_WIDTH, SPARK_HEIGHT = 120.0, 28.0
_SPARK_MARGIN = 4.0  # the dot of the last figure, and half a line


@dataclass(frozen=True)
class Sparkline:
    """A line of figures, the last of them as a dot, and the band in which they are expected."""

    points: tuple[tuple[float, float], ...]
    band: tuple[float, float] | None
    """Its top and its height; None where neither bound is a number."""


def sparkline(figures: Sequence[float], minimum: float | None, maximum: float | None) -> Sparkline:
    """Figures, the oldest first, from left to right; whatever bounds there are lie within the picture."""
    bounds = [bound for bound in (minimum, maximum) if bound is not None]
    low, high = min([*figures, *bounds]), max([*figures, *bounds])
    room, step = SPARK_HEIGHT - 2 * _SPARK_MARGIN, (SPARK_WIDTH - 2 * _SPARK_MARGIN) / max(len(figures) - 1, 1)

    def height(figure: float) -> float:
        share = (figure - low) / (high - low) if high > low else 0.5
        return round(SPARK_HEIGHT - _SPARK_MARGIN - share * room, 1)

    points = tuple((round(_SPARK_MARGIN + step * place, 1), height(figure)) for place, figure in enumerate(figures))
    if not bounds:
        return Sparkline(points, None)
    top = 0.0 if maximum is None else height(maximum)
    bottom = SPARK_HEIGHT if minimum is None else height(minimum)
    return Sparkline(points, (top, round(max(bottom - top, 1.0), 1)))  # a single value that is expected is a thin line
