"""Contexts: the domains an event belongs to, read from the words of its sentence."""

from collections import defaultdict
from pathlib import Path

from spacy.tokens import Span

from pipeline import resources
from pipeline.codebook.seed_files import read_seed
from pipeline.coder.records import ActorMention

_BY_SECTOR = {"MIL": "military", "SPY": "intelligence", "JUD": "legal", "LEG": "legislative", "REF": "migration"}
_MOST = 4  # contexts an event; more say nothing


class ContextFinder:
    """Finds the contexts of a sentence by the cues of seeds/codebook/context_cues.csv."""

    def __init__(self, folder: Path = resources.SEEDS / "codebook") -> None:
        self._by_first: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for row in read_seed(folder / "context_cues.csv", ("context", "cue")):
            words = tuple(row["cue"].split())
            self._by_first[words[0]].append((words, row["context"]))

    def of_sentence(self, sentence: Span) -> dict[str, int]:
        """How many cues of each context a sentence holds."""
        lemmas = [token.lemma_.lower() for token in sentence]
        found: defaultdict[str, int] = defaultdict(int)
        for position, lemma in enumerate(lemmas):
            for words, context in self._by_first.get(lemma, ()):
                if tuple(lemmas[position : position + len(words)]) == words:
                    found[context] += 1
        return dict(found)

    @staticmethod
    def of_event(sentence_contexts: dict[str, int], source: ActorMention | None, target: ActorMention | None) -> tuple[str, ...]:
        """The strongest contexts of the sentence, and those that the roles' sectors imply; sorted."""
        counts = dict(sentence_contexts)
        for mention in (source, target):
            for sector in mention.sectors if mention else ():
                if context := _BY_SECTOR.get(sector):
                    counts[context] = counts.get(context, 0) + 1
        strongest = sorted(counts, key=lambda context: (-counts[context], context))[:_MOST]
        return tuple(sorted(strongest))
