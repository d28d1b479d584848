"""Which events are kept: what lacks a role that its type needs, and what is no politics, is none.

Most news is of markets, firms, accidents and daily life, told in the words of politics: a treasury offers bills, shareholders
approve, a storm kills. Who takes part, and what it is about, tell these apart.
"""

import re
from functools import lru_cache

from spacy.tokens import Token

from pipeline.codebook.triggers import TriggerBook
from pipeline.coder.events.arguments import is_passive, objects, subjects, surface_own
from pipeline.coder.events.candidates import Candidate
from pipeline.coder.events.composition import Composed
from pipeline.coder.events.frames import fillers
from pipeline.coder.events.participants import own_subjects, speaking
from pipeline.coder.events.roles import GIVEN, Roles, is_same
from pipeline.coder.records import ActorMention

# Types of speech that may be about a matter instead of somebody.
_VERBAL_ACTS = {"ACCUSE", "SUPPORT", "REQUEST", "REJECT", "AGREE", "THREATEN"}
# Of these the ones that need a political deed as their matter: anybody agrees to, asks for and will do anything.
_OF_DEEDS = {"AGREE", "REQUEST", "SUPPORT"}
# Types whose deed says itself without a target: a march, a test, a resignation.
_STANDS_ALONE = {"PROTEST", "MOBILIZE", "ASSAULT", "COERCE", "RETREAT", "SANCTION", "CONCEDE"}
# Types that tell something even where nobody says who did it: "the leader was arrested"; of nouns only what harms: "his arrest".
_SUFFERED = {"verb": {"COERCE", "ASSAULT", "SANCTION", "ACCUSE", "RETREAT"}, "noun": {"COERCE", "ASSAULT", "SANCTION"}}
_HARMED = {("ASSAULT", None), ("COERCE", "arrest"), ("COERCE", "deport")}  # verbs whose object is somebody, named or not
_COMPULSION = {"force", "make", "compel", "oblige"}  # by whom, if not by circumstances, is said
# Where nobody of public life takes part these are business, or the life of a company, not politics.
_PRIVATE = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"}
# What people do with each other every day.
_EVERYDAY = {"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "REQUEST"}
_BUSINESS = _EVERYDAY | {"CONCEDE"}  # with a firm also of governments: licences, loans, advice
_FIRM = re.compile(r"\b(?:Inc|Corp|Co|Ltd|Plc|PLC|Cos|Bancorp|Holdings|Group|Industries|Partners|Bankshares|AG|SA|NV|GmbH)\b\.?")
_MONEY_HOUSE = re.compile(r"\b(?:bank|treasury|bundesbank|exchange)\b", re.IGNORECASE)
# Sectors of those whose dealings among each other are no politics: alone, and with somebody else of them.
_PRIVATE_SECTORS = {"BUS", "MNC", "MED", "EDU", "HLH"}
_CIVIL_SECTORS = _PRIVATE_SECTORS | {"CVL", "LAB"}
_REACH = 30  # tokens of a complement that are searched for a deed
_SITTING = {"meet", "convene", "gather", "assemble", "sit", "confer"}
_VOICING = {"express", "voice", "raise"}
# Classes of words for what states and parties quarrel or agree on, besides deeds.
_MATTERS = (
    "yielding",
    "reform",
    "talks",
    "agreement",
    "sanctions",
    "ceasefire",
    "hostilities",
    "protest",
    "troops",
    "relations",
    "borders",
)


@lru_cache(maxsize=2)
def _matters(book: TriggerBook) -> set[str]:
    return set().union(*(book.word_classes[name] for name in _MATTERS)) - book.word_classes["economy"]


class Screen:
    """What a sentence tells that is an event. `told` are the tokens of it that the codebook knows as events."""

    def __init__(self, book: TriggerBook, told: set[int]) -> None:
        self._classes = book.word_classes
        self._told = told
        self._matters = _matters(book)

    def keeps(self, candidate: Candidate, composed: Composed, source: ActorMention | None, target: ActorMention | None) -> bool:
        """Whether the roles that were found are enough for an event of this type, and make a political one."""
        if source is None and target is None or source is not target and is_same(source, target):
            return False
        if any(role is not None and role.actor_id is None and role.text == "I" for role in (source, target)):  # whoever writes
            return False
        if source is None and not self._is_suffered(candidate, composed, target):
            return False
        if target is None and not _stands_alone(candidate, composed) and not self._is_verbal_act(candidate, composed, source):
            return False
        return self.is_political(candidate, composed, source, target)

    def _is_suffered(self, candidate: Candidate, composed: Composed, target: ActorMention | None) -> bool:
        """Whether an event tells something though nobody says who did it, and it was neither chance nor circumstance."""
        suffered = _SUFFERED["noun" if candidate.anchor.pos_ == "NOUN" else "verb"]
        if composed.event_type not in suffered and candidate.anchor.lemma_ != "summon" or composed.mode == "access":
            return False
        if candidate.anchor.pos_ == "NOUN" or target is None or target.link_method == GIVEN:
            return True
        return candidate.anchor.lemma_ not in _COMPULSION and all(self._is(subject, "weapons") for subject in subjects(candidate.anchor))

    def is_political(self, candidate: Candidate, composed: Composed, source: ActorMention | None, target: ActorMention | None) -> bool:
        """Whether it is more than business, everyday life, an accident or an interview."""
        roles = [role for role in (source, target) if role is not None]
        if any(role.link_method == GIVEN for role in roles):
            return True
        if composed.event_type == "ASSAULT" and self._is_accident(candidate):
            return False
        if composed.event_type == "AID" and source is not None and _is_firm(source):  # a bank's loans
            return False
        if _is_interview(candidate, source, target):
            return False
        if target is None and any(self._is(thing, "economy") for thing in fillers(candidate.anchor, "obj")):
            return False
        if composed.event_type not in _PRIVATE:
            return not all(_FIRM.search(role.text) or len(roles) > 1 and _is_firm(role) for role in roles)
        if composed.event_type in _BUSINESS and any(map(_is_firm, roles)):  # but to be spared sanctions is politics for a firm, too
            return composed.event_type == "CONCEDE" and any(self._is(token, "sanctions") for token in candidate.anchor.subtree)
        everyday = composed.event_type in _EVERYDAY
        sectors = _CIVIL_SECTORS if everyday and target is not None else _PRIVATE_SECTORS
        return not all(_is_private(role, sectors) or everyday and _is_money_house(role) for role in roles)

    def _is_accident(self, candidate: Candidate) -> bool:
        """Whether a hazard did it: "rain destroyed houses", "killed in floods"."""
        causes = (token for name in ("subj", "in", "by", "from") for token in fillers(candidate.anchor, name))
        return any(self._is(token, "hazard") for token in causes)

    def _is_verbal_act(self, candidate: Candidate, composed: Composed, source: ActorMention | None) -> bool:
        """Whether somebody of politics speaks on a matter that is no actor: "condemned the mutiny", "promised to send inspectors"."""
        anchor = candidate.anchor
        if anchor.pos_ != "VERB" or source is None or not source.sectors or _is_firm(source) or composed.status == "negated":
            return False
        if "CONSULT" in (composed.event_type, candidate.row.event_type):  # "the Security Council met", "will meet"
            return source.kind == "organization" and anchor.lemma_ in _SITTING
        if composed.event_type not in _VERBAL_ACTS:
            return False
        if candidate.row.target == ("clause",):  # "said prices should rise" asks nobody, "said the raid was illegal" accuses
            return composed.event_type == "ACCUSE"
        if composed.event_type in _OF_DEEDS and not composed.operators and not self._has_deed(anchor):
            return False
        if anchor.lemma_ in _VOICING and composed.event_type == "ACCUSE":  # "expressed fears that" something may come
            return False
        if any(child.dep_ in ("xcomp", "ccomp") for child in anchor.children):
            return True
        about = [filler for name in candidate.row.target for filler in fillers(anchor, name) if filler.pos_ in ("NOUN", "PRON")]
        # "defend their own interests" is said of nobody else
        return bool(about) and not any(child.tag_ == "PRP$" for filler in about for child in filler.children)

    def _has_deed(self, verb: Token) -> bool:
        """Whether what somebody agrees to or asks for is itself an event: "offered to hold talks", "demanded his release"."""
        behind = [child for child in verb.children if child.i > verb.i]
        if any(child.dep_ == "xcomp" and is_passive(child) for child in behind):  # "asked to be compensated"
            return True
        within = [token for child in behind for token in list(child.subtree)[:_REACH]]
        if any(token.i in self._told for token in within):
            return True
        return any(token.lemma_.lower() in self._matters for token in within) and not any(self._is(token, "economy") for token in within)

    def _is(self, token: Token, word_class: str) -> bool:
        return token.lemma_.lower() in self._classes[word_class]


def _is_interview(candidate: Candidate, source: ActorMention | None, target: ActorMention | None) -> bool:
    """Whether a reporter asks or is told."""
    asking, told = (role is not None and "MED" in role.sectors for role in (source, target))
    if candidate.anchor.lemma_ == "ask":
        return asking
    return (candidate.anchor.lemma_ == "tell" or candidate.row.event_type == "CONSULT") and (asking or told)


def _stands_alone(candidate: Candidate, composed: Composed) -> bool:
    """Whether a deed needs no target: its type, and its object if that is neither an actor nor what a condition asks for."""
    row, anchor = candidate.row, candidate.anchor
    if not {composed.event_type, row.event_type} & _STANDS_ALONE:
        return False
    if (row.event_type, row.mode) in _HARMED or row.event_type == "ASSAULT" or anchor.pos_ == "NOUN" or "obj" not in row.target:
        return True
    asked = any(name == "obj" and words and not condition.forbidden for condition in row.conditions for name, words in condition.options)
    return asked or not objects(anchor)


def _is_firm(mention: ActorMention) -> bool:
    if mention.sectors:
        return set(mention.sectors) <= {"BUS", "MNC"}
    return mention.link_method.startswith("discovered") and _FIRM.search(mention.text) is not None


def _is_private(mention: ActorMention, sectors: set[str]) -> bool:
    """Whether somebody is of business or daily life, or of no known kind: an unlinked name without a country or sector."""
    if _is_firm(mention) or mention.link_method == "place":  # where a firm buys shops is no party to it
        return True
    return not mention.country and set(mention.sectors) <= sectors


def is_public(mention: ActorMention) -> bool:
    """Whether somebody is of public life, and not of business or one of the everyday people."""
    return not _is_private(mention, _CIVIL_SECTORS)


def _is_money_house(mention: ActorMention) -> bool:
    """Whether somebody is a bank, even a central one, or a treasury: they lend and offer for a living."""
    return "IGO" not in mention.sectors and _MONEY_HOUSE.search(mention.text) is not None


def is_of_another(candidate: Candidate, composed: Composed, roles: Roles) -> bool:
    """Whether somebody only speaks of what others will do: "Paris warned that Libya may attack" is no threat by Paris."""
    if not composed.operators or not composed.operators[-1].startswith("commit") or composed.speaker is None:
        return False
    if candidate.anchor.pos_ not in ("VERB", "AUX") or not surface_own(candidate.anchor):
        return False
    own = {mention.country or mention.actor_id for mention in own_subjects(candidate, roles)} - {None}
    speakers = {mention.country or mention.actor_id for mention in speaking(composed.speaker, roles)} - {None}
    return bool(own and speakers) and not own & speakers
