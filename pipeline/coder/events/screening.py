"""Which events are kept: what lacks a role that its type needs, and what is no politics, is none."""

import re

from pipeline.coder.events.arguments import objects, surface_own
from pipeline.coder.events.candidates import Candidate
from pipeline.coder.events.composition import Composed
from pipeline.coder.events.frames import fillers
from pipeline.coder.events.participants import own_subjects, speaking
from pipeline.coder.events.roles import Roles, is_same
from pipeline.coder.records import ActorMention

# Types of speech that may be about a matter instead of somebody.
_VERBAL_ACTS = {"ACCUSE", "SUPPORT", "REQUEST", "REJECT", "AGREE", "THREATEN"}
# Types whose deed says itself without a target: a march, a test, a resignation.
_STANDS_ALONE = {"PROTEST", "MOBILIZE", "ASSAULT", "COERCE", "RETREAT", "SANCTION", "CONCEDE"}
# Types that tell something even where nobody says who did it: "the leader was arrested"; of nouns only what harms: "his arrest".
_SUFFERED = {"verb": {"COERCE", "ASSAULT", "SANCTION", "ACCUSE", "RETREAT"}, "noun": {"COERCE", "ASSAULT", "SANCTION"}}
_HARMED = {("ASSAULT", None), ("COERCE", "arrest"), ("COERCE", "deport")}  # verbs whose object is somebody, named or not
# Between firms these are business, not politics.
_PRIVATE = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"}
_FIRM = re.compile(r"\b(?:Inc|Corp|Co|Ltd|Plc|PLC|Cos|Bancorp|Holdings|Group|Industries|Partners|Bankshares|AG|SA|NV|GmbH)\b\.?")


def is_event(candidate: Candidate, composed: Composed, source: ActorMention | None, target: ActorMention | None) -> bool:
    """Whether the roles that were found are enough for an event of this type, and make a political one."""
    if source is None and target is None or is_same(source, target):
        return False
    if source is None and composed.event_type not in _SUFFERED["noun" if candidate.anchor.pos_ == "NOUN" else "verb"]:
        return False
    if source is None and composed.mode == "access" or composed.event_type == "AID" and source is not None and _is_firm(source):
        return False  # somebody's gain in access, a bank's loans
    if target is None and not _stands_alone(candidate, composed) and not _is_verbal_act(candidate, composed, source):
        return False
    return composed.event_type not in _PRIVATE or not all(map(_is_firm, filter(None, (source, target))))


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


def is_of_another(candidate: Candidate, composed: Composed, roles: Roles) -> bool:
    """Whether somebody only speaks of what others will do: "Paris warned that Libya may attack" is no threat by Paris."""
    if not composed.operators or not composed.operators[-1].startswith("commit") or composed.speaker is None:
        return False
    if candidate.anchor.pos_ not in ("VERB", "AUX") or not surface_own(candidate.anchor):
        return False
    own = {mention.country or mention.actor_id for mention in own_subjects(candidate, roles)} - {None}
    speakers = {mention.country or mention.actor_id for mention in speaking(composed.speaker, roles)} - {None}
    return bool(own and speakers) and not own & speakers


def _is_verbal_act(candidate: Candidate, composed: Composed, source: ActorMention | None) -> bool:
    """Whether somebody of politics speaks on a matter that is no actor: "condemned the mutiny", "promised to send inspectors"."""
    if candidate.anchor.pos_ != "VERB" or source is None or not source.sectors or _is_firm(source):
        return False
    if composed.event_type == "CONSULT":  # "the Security Council met"
        return source.kind == "organization"
    if composed.event_type not in _VERBAL_ACTS or candidate.row.target == ("clause",):  # "said prices should rise" asks nobody
        return False
    if any(child.dep_ in ("xcomp", "ccomp") for child in candidate.anchor.children):
        return True
    about = [filler for name in candidate.row.target for filler in fillers(candidate.anchor, name) if filler.pos_ in ("NOUN", "PRON")]
    # "defend their own interests" is said of nobody else
    return bool(about) and not any(child.tag_ == "PRP$" for filler in about for child in filler.children)
