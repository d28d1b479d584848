"""Actors in a text: what refers to an actor, and which actor it is.

lexicon          the actor book by first token
registry         actors by what they are: organs of states, heads of bodies, bearers of a titled surname
index            a book with both
names, entities  hits: aliases and role nouns of the book, spaCy's entities beside them
phrases          hits composed with titles, nationality, possessors, of-phrases and appositions
identity         the actor that a phrase's own words tell, by the book and the day
positions        whether a place acts or only locates
mentions         a phrase or pronoun with its link
coreference      the actor that the document tells: ranks, nationalities, groups
pronouns         he, she, it, they, I and we
finding          find_actors: all of it over a document
"""

from pipeline.coder.actors.finding import find_actors
from pipeline.coder.actors.index import ActorIndex

__all__ = ["ActorIndex", "find_actors"]
