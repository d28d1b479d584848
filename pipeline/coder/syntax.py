"""A parse as plain lists: spaCy's token attributes cost too much to ask for one by one.

Indices count tokens of the Doc; `end` is the token after the last.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, TAG
from spacy.tokens import Doc

NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_BEFORE_NOUN = frozenset({"det", "amod", "compound", "poss", "nummod", "nmod", "predet", "quantmod", "advmod", "npadvmod"})
_FEWEST_WORDS = 6  # from which on a sentence without capitals, or of capitals alone, is no accident
_LONGEST_MODIFIER = 12  # words; what is longer is a parser's error


@dataclass(frozen=True)
class Syntax:
    """Words, tags, dependencies and entity labels of a Doc, by token."""

    doc: Doc
    words: list[str]
    lowers: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    entities: list[str]  # label, "" outside entities
    entity_starts: list[bool]
    sentences: list[int]  # -1 in white space

    @cached_property
    def children(self) -> list[list[int]]:
        children: list[list[int]] = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                children[head].append(token)
        return children

    @cached_property
    def caseless(self) -> set[int]:
        """Sentences all in capitals, or without any: case tells no name there."""
        spoken, shouted, lower = Counter[int](), Counter[int](), Counter[int]()
        for word, sentence in zip(self.words, self.sentences, strict=True):
            if word.isalpha():
                spoken[sentence] += 1
                shouted[sentence] += word.isupper()
                lower[sentence] += word.islower()
        return {s for s, count in spoken.items() if count >= _FEWEST_WORDS and (lower[s] == count or shouted[s] > 0.8 * count)}

    def lemma(self, token: int) -> str:
        lemma: str = self.doc[token].lemma_
        return lemma.lower()

    def root(self, start: int, end: int) -> int:
        """The token of a span that governs it: the last one whose head lies outside."""
        for token in range(end - 1, start - 1, -1):
            if not start <= self.heads[token] < end or self.heads[token] == token:
                return token
        return end - 1

    def left_edge(self, token: int) -> int:
        """The first token of the subtree below a token."""
        edge = token
        while (children := self.children[edge]) and children[0] < edge:
            edge = children[0]
        return edge

    def right_edge(self, token: int) -> int:
        """The last token of the subtree below a token."""
        edge = token
        while (children := self.children[edge]) and children[-1] > edge:
            edge = children[-1]
        return edge

    def phrase_start(self, head: int) -> int:
        """Where the noun phrase of a head begins: its determiners, adjectives, compounds and possessors are within."""
        start = head
        for child in reversed(self.children[head]):
            if child >= start or (self.deps[child] == "punct" and self.words[child] in ("-", '"', "'")):
                continue
            edge = self.left_edge(child)
            if self.deps[child] not in _BEFORE_NOUN or start - edge > _LONGEST_MODIFIER:
                break
            start = edge
        while start < head and not (self.words[start][0].isalnum() or self.words[start][0] == "$"):
            start += 1
        return start

    def first_conjunct(self, token: int) -> int:
        """The head of the list that the token belongs to; itself where there is none."""
        while self.deps[token] == "conj" and self.tags[self.heads[token]] in NOUN_TAGS:
            token = self.heads[token]
        return token


class _Strings(dict[int, str]):
    """Names of spaCy's hashes of tags and labels, each looked up once."""

    def __init__(self, doc: Doc) -> None:
        self._strings = doc.vocab.strings

    def __missing__(self, key: int) -> str:
        self[key] = name = self._strings[key]
        return name


def read_syntax(doc: Doc, lowers: list[str], sentences: list[int]) -> Syntax:
    """The lists of a parsed Doc."""
    columns = doc.to_array([TAG, DEP, HEAD, ENT_TYPE, ENT_IOB])
    name = _Strings(doc).__getitem__
    tags, deps, _, labels, iob = columns.T.tolist()
    heads = (columns[:, 2].astype(np.int64) + np.arange(len(doc))).tolist()
    words = [token.text for token in doc]
    return Syntax(
        doc, words, lowers, [*map(name, tags)], [*map(name, deps)], heads, [*map(name, labels)], [code == 3 for code in iob], sentences
    )
