"""An actor book as the coder searches it."""

from dataclasses import dataclass

from pipeline.codebook.actor_book import ActorBook
from pipeline.coder.actors.lexicon import Lexicon
from pipeline.coder.actors.registry import Registry


@dataclass(frozen=True)
class ActorIndex:
    """A book with its actors by what they are called, and by what they are."""

    book: ActorBook
    lexicon: Lexicon
    registry: Registry

    @classmethod
    def of(cls, book: ActorBook) -> "ActorIndex":
        return cls(book, Lexicon(book), Registry(book))
