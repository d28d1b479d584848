"""The way from a document to its actor mentions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pipeline.coder.actors.coreference import Resolver
from pipeline.coder.actors.entities import find_entities
from pipeline.coder.actors.hits import At, Hit, place_hit
from pipeline.coder.actors.identity import Identifier, Link, Who
from pipeline.coder.actors.index import ActorIndex
from pipeline.coder.actors.lexicon import Lexicon
from pipeline.coder.actors.mentions import Mention, mention_of
from pipeline.coder.actors.names import find_names
from pipeline.coder.actors.namesakes import spread_surnames
from pipeline.coder.actors.phrases import Phrase, compose_phrases, is_hyphenated
from pipeline.coder.actors.positions import acts, is_listed_place, locates, modified_noun
from pipeline.coder.actors.pronouns import PRONOUNS
from pipeline.coder.actors.role_nouns import find_role_nouns
from pipeline.coder.document import Document
from pipeline.coder.records import ActorMention
from pipeline.coder.syntax import Syntax, read_syntax

_TOWNS = frozenset({"capital", "metonym"})
_MODIFIERS = frozenset({"amod", "compound", "nmod"})
# 'It is clear that', 'it seems': no actor, nor anything else.
_EMPTY_SUBJECT_VERBS = frozenset({"seem", "appear", "rain", "snow", "happen", "turn", "matter", "follow"})


def find_actors(document: Document, actors: ActorIndex) -> list[ActorMention]:
    """All mentions of actors outside headings and datelines, in text order, none inside another.

    Names, role phrases, nationalities and groups, metonyms where they act, and the pronouns of the third and first person.
    A mention whose actor is unsure has actor_id None. Country and sectors are those of document.published, where known.
    """
    syntax = read_syntax(document.doc, document.lowers, document.sentence_index)
    identifier = Identifier(actors, document.published)
    phrases = compose_phrases(syntax, _hits(syntax, actors.lexicon, document.published))
    mentions = list(_mentions(syntax, identifier, phrases))
    _share_discoveries(mentions)
    mentions += _pronouns(syntax, mentions)
    mentions.sort(key=lambda mention: mention.start)
    Resolver(syntax, identifier).resolve(mentions)
    return [_record(document, mention) for mention in mentions if not document.headings[mention.head]]


def _hits(syntax: Syntax, lexicon: Lexicon, day: date | None) -> list[Hit]:
    """All names and role nouns in text order, none overlapping another."""
    at: At = {}
    for hit in find_names(syntax, lexicon, day):
        place_hit(at, hit)
    for hit in list(find_role_nouns(syntax, lexicon, at)):
        place_hit(at, hit)
    for hit in find_entities(syntax, lexicon, at):
        place_hit(at, hit)
    spread_surnames(syntax, at)
    return sorted(set(at.values()), key=lambda hit: hit.start)


def _mentions(syntax: Syntax, identifier: Identifier, phrases: Iterable[Phrase]) -> Iterator[Mention]:
    """The phrases that speak of actors; towns that only locate and nationalities that only describe are left out."""
    end = 0
    for phrase in phrases:
        mention = _mention(syntax, identifier, phrase)
        if mention and mention.start >= end:
            end = mention.end
            yield mention


def _mention(syntax: Syntax, identifier: Identifier, phrase: Phrase) -> Mention | None:
    hit = phrase.hit
    if hit.label == "place" or hit.use in _TOWNS:
        return mention_of(syntax, phrase, _place_link(identifier, phrase)) if acts(syntax, phrase.head) else None
    is_modifier = syntax.deps[phrase.head] in _MODIFIERS
    if is_modifier and (hit.use == "adjective" or (hit.label in ("role", "group") and not hit.alias)):
        return _modifier(syntax, identifier, phrase)
    if hit.use == "adjective" and is_hyphenated(syntax, hit):
        return mention_of(syntax, phrase, replace(identifier.link(phrase), method="modifier", score=0.4))
    if hit.method == "discovered" and is_listed_place(syntax, phrase.head):
        return None
    mention = mention_of(syntax, phrase, identifier.link(phrase))
    if hit.label in ("country", "organization") and locates(syntax, phrase.head):
        if syntax.deps[phrase.head] == "appos":
            return None
        mention.is_location = True
        mention.link = replace(mention.link, method=f"{mention.link.method}:location", score=mention.link.score / 2)
    return mention


def _place_link(identifier: Identifier, phrase: Phrase) -> Link:
    return identifier.link(phrase) if phrase.hit.alias else Link(None, "place", 0.3)


def _modifier(syntax: Syntax, identifier: Identifier, phrase: Phrase) -> Mention | None:
    """'Israeli airstrikes', 'rebel attacks': deeds and things of an actor, where they are arguments."""
    noun = modified_noun(syntax, phrase.head)
    if noun is None or is_hyphenated(syntax, phrase.hit) or (not phrase.hit.alias and phrase.is_name):
        return None
    link = replace(identifier.link(phrase), method="modifier", score=0.4)
    mention = mention_of(syntax, phrase, link)
    mention.start, mention.end, mention.head, mention.form = min(phrase.start, syntax.phrase_start(noun)), noun + 1, noun, "nominal"
    return mention


# ---------------------------------------------------------------- the document as a whole


def _share_discoveries(mentions: Iterable[Mention]) -> None:
    """Gives a discovered actor the country and sectors that any of its mentions tells, and its acronym in brackets."""
    known: dict[str | None, Who] = {}
    names = [mention for mention in mentions if mention.phrase and mention.phrase.is_name and mention.who]
    brackets = {mention.phrase.bracketed.key: mention for mention in names if mention.phrase and mention.phrase.bracketed}
    by_title = {mention.phrase.hit.key: mention for mention in names if mention.phrase and mention.link.method == "role-table:surname"}
    abroad = {m.phrase.hit.alias.text: m for m in names if m.phrase and m.phrase.hit.alias and m.link.method == "role+organ"}
    for mention in names:
        assert mention.phrase and mention.who
        alias = mention.phrase.hit.alias
        if alias and (other := abroad.get(alias.text)) and other.start < mention.start and not mention.phrase.qualifiers:
            mention.relink(other.who, "coreference:organ", 0.7)
        if mention.phrase.hit.alias or mention.link.method == "role-table:surname":
            continue
        if (titled := by_title.get(mention.phrase.hit.key)) and mention.phrase.hit.label == "person":
            mention.relink(titled.who, "coreference:surname", 0.75)
            continue
        if (spelled_out := brackets.get(mention.phrase.hit.key)) and spelled_out is not mention:
            mention.relink(spelled_out.who, "coreference:bracket", 0.85)
            continue
        who, earlier = mention.who, known.get(mention.who.actor_id, mention.who)
        known[who.actor_id] = replace(earlier, country=earlier.country or who.country, sectors=earlier.sectors or who.sectors)
    for mention in names:
        if mention.link.method == "discovered" and mention.who:
            mention.link = replace(mention.link, who=known[mention.who.actor_id])


def _pronouns(syntax: Syntax, mentions: Iterable[Mention]) -> Iterator[Mention]:
    taken = {token for mention in mentions for token in range(mention.start, mention.end)}
    for token, lower in enumerate(syntax.lowers):
        if lower in PRONOUNS and token not in taken and syntax.tags[token] in ("PRP", "PRP$") and not _is_empty(syntax, token):
            is_subject = syntax.deps[token] in ("nsubj", "nsubjpass")
            link = Link(None, "unlinked", 0.0)
            yield Mention(token, token + 1, token, "pronoun", link, syntax.sentences[token], is_subject=is_subject)


def _is_empty(syntax: Syntax, token: int) -> bool:
    """The 'it' of 'it is likely that'."""
    if syntax.lowers[token] != "it" or syntax.deps[token] not in ("nsubj", "nsubjpass", "expl"):
        return False
    verb = syntax.heads[token]
    if syntax.lemma(verb) in _EMPTY_SUBJECT_VERBS:
        return True
    return syntax.lemma(verb) == "be" and any(
        syntax.deps[child] in ("ccomp", "xcomp", "advcl") and child > verb for child in syntax.children[verb]
    )


# ---------------------------------------------------------------- records


def _record(document: Document, mention: Mention) -> ActorMention:
    doc, who = document.doc, mention.who or Who(None, None, None, None, ())
    start, end = doc[mention.start].idx, doc[mention.end - 1].idx + len(doc[mention.end - 1])
    return ActorMention(
        start, end, document.text[start:end], mention.head, mention.form, who.actor_id, who.name, who.kind, who.country, who.sectors,
        mention.link.method, round(mention.link.score, 3), tuple(_record(document, member) for member in mention.members),
    )  # fmt: skip
