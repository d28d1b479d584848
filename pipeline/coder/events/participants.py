"""Who takes part in an event: the sources and targets of a trigger, and their pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from spacy.tokens import Token

from pipeline.coder.events.arguments import is_passive, listed, prepositional, stray, subjects, surface_subjects
from pipeline.coder.events.candidates import Candidate
from pipeline.coder.events.composition import Composed
from pipeline.coder.events.frames import WITHIN, fillers
from pipeline.coder.events.roles import Roles, is_same
from pipeline.coder.records import ActorMention

_MOST_PAIRS = 12  # events of one trigger: lists of ministers at a summit would square
_STRAYING = {"to", "on", "against", "from", "with", "for", "by", "in"}  # prepositions that are looked for inside the object, too
# Deeds that are done to somebody: behind "of" and "on" stands the victim.
_DEEDS = {
    "abduction", "abuse", "arrest", "assassination", "assault", "attack", "bombing", "crackdown", "deportation", "detention",
    "discrimination",
    "execution", "expulsion", "imprisonment", "invasion", "jailing", "kidnapping", "killing", "massacre", "mistreatment", "murder",
    "occupation",
    "oppression", "persecution", "poisoning", "raid", "rape", "shelling", "shooting", "slaughter", "torture", "treatment",
}  # fmt: skip
_PAIRS = ("both ", "the two ", "two ", "the pair", "the sides", "the parties")

Dyad = tuple[ActorMention | None, ActorMention | None]


def dyads(candidate: Candidate, composed: Composed, roles: Roles) -> Iterator[Dyad]:
    """The pairs of source and target, None where open; both directions of what holds both ways."""
    sources = _sources(candidate, composed, roles)
    targets = _targets(candidate, composed, roles, sources)
    if composed.asked:
        if not sources and not composed.operators and not is_passive(candidate.anchor):  # "said the cut should help" asks nobody
            return
        sources, targets = _asked(candidate, composed, roles, sources, targets)
    # With each other, if with nobody else: "A and B agreed", "share a radar".
    together = candidate.anchor.lemma_ == "agree" or "commit:agree" in composed.operators or candidate.row.event_type == "COOPERATE"
    reciprocal = not composed.asked and (candidate.row.reciprocal or together and not targets)
    for source, target in islice(_combinations(sources, targets, reciprocal, _is_one_sided(composed)), _MOST_PAIRS):
        yield source, _apart(source, target)


def _apart(source: ActorMention | None, target: ActorMention | None) -> ActorMention | None:
    """The target. Of a place in the source's own country ("imposed a curfew in the capital") its name alone: nobody is his own target."""
    if target is not None and target.link_method == "place" and is_same(source, target):
        return replace(target, actor_id=None, name=None)
    return target


def _is_one_sided(composed: Composed) -> bool:
    """Whether only one side is said to be for it or against it: "refused to meet", "is ready to meet", "will not meet"."""
    refused = composed.event_type == "REJECT" and composed.speaker is None and composed.cue is not None and not composed.operators
    return refused or any(operator.startswith(("refuse", "intend", "commit")) for operator in composed.operators)


def own_subjects(candidate: Candidate, roles: Roles) -> list[ActorMention]:
    """The actors in a trigger's own slots for sources, whatever stands above it."""
    return _first(candidate, candidate.row.source, roles)


def speaking(operator: Token, roles: Roles) -> list[ActorMention]:
    """The actors who speak or decide in a word above an event."""
    return roles.of(_speakers(operator))


def _sources(candidate: Candidate, composed: Composed, roles: Roles) -> list[ActorMention]:
    own = own_subjects(candidate, roles)
    planned = candidate.anchor.pos_ == "NOUN" and composed.operators and composed.operators[-1].startswith(("intend", "commit"))
    if composed.speaker is None or composed.asked or own and planned:  # "expected a visit by the king": the king visits
        return own
    return speaking(composed.speaker, roles)


def _targets(candidate: Candidate, composed: Composed, roles: Roles, sources: list[ActorMention]) -> list[ActorMention]:
    deeds = _condemned(candidate)
    if deeds:
        return roles.of(_doers(deeds))
    found = _first(candidate, candidate.row.target, roles) + _strays(candidate, roles)
    if composed.event_type == "REJECT" and candidate.anchor.pos_ == "NOUN" and candidate.row.event_type in ("REQUEST", "AGREE"):
        asking = _first(candidate, [name for name in candidate.row.source if name != "subj"], roles)  # who is turned down is who asked
        found = asking or found
    return found or _distant_targets(candidate, composed, roles, sources)


def _distant_targets(candidate: Candidate, composed: Composed, roles: Roles, sources: list[ActorMention]) -> list[ActorMention]:
    """Where a trigger's slots hold no actor: places in them, whom the words above speak to, actors deeper inside."""
    row, found = candidate.row, list[ActorMention]()
    if not row.reciprocal:  # talks are held in a country, not with it
        found = roles.country_of(filler for name in row.target for filler in fillers(candidate.anchor, name))
    inside = fillers(candidate.anchor, WITHIN) if candidate.anchor.pos_ == "VERB" else []
    if not found and row.event_type == "AID":  # "provided tents for those who lost their homes in Fiji"
        found = roles.of(thing for thing in inside if thing.dep_ == "pobj")[:1] or roles.country_of(inside)
    if not found and composed.speaker is not None:  # "proposed to him to meet"
        found = [mention for name in ("to", "with") for mention in roles.of(_plain(composed.speaker, name))]
    if not found and WITHIN in row.target:
        others = (mention for mention in roles.of(inside) if not any(is_same(one, mention) or _is_own(mention, one) for one in sources))
        found = list(islice(others, 1))
    return found


def _condemned(candidate: Candidate) -> list[Token]:
    """The deeds that somebody condemns."""
    if candidate.row.conditions or candidate.row.event_type != "ACCUSE":
        return []
    return [thing for thing in fillers(candidate.anchor, "obj") if thing.lemma_ in _DEEDS]


def _doers(deeds: Sequence[Token]) -> list[Token]:
    """Who did what is condemned: "Syria's killing of rebels", "the attack by rebels"; rebels who are killed are not blamed for it."""
    before = [child for deed in deeds for child in deed.children if child.dep_ in ("poss", "amod", "compound")]
    return before + [doer for deed in deeds for doer in prepositional(deed, "by")]


def _is_own(mention: ActorMention, source: ActorMention) -> bool:
    """Whether a phrase speaks of what is the source's own: "its troops"."""
    own = mention.mention == "pronoun" or mention.text.lower().startswith(("its ", "their ", "his ", "her ", "our ", "my "))
    return own and mention.country in (source.country, None)


def _strays(candidate: Candidate, roles: Roles) -> list[ActorMention]:
    """Objects that loose word order left behind: the director in "exempted the firm from sanctions and its director"."""
    if "obj" not in candidate.row.target or candidate.anchor.pos_ != "VERB":
        return []
    holders = (candidate.anchor, *fillers(candidate.anchor, "obj"))
    behind = (
        pobj for holder in holders for child in holder.children if child.dep_ == "prep" for pobj in child.children if pobj.dep_ == "pobj"
    )
    return [mention for thing in behind if thing not in roles for other in listed(thing) if other in roles for mention in roles.of([other])]


def _asked(
    candidate: Candidate, composed: Composed, roles: Roles, sources: list[ActorMention], targets: list[ActorMention]
) -> tuple[list[ActorMention], list[ActorMention]]:
    """Of a request: who asks, and who is to act; whom the act would touch where nobody is named to do it."""
    speaker = composed.speaker
    if speaker is None:
        return sources, targets
    asking = speaking(speaker, roles)
    taken = {(mention.start, mention.end) for mention in asking}
    addressed = [mention for mention in sources if (mention.start, mention.end) not in taken]
    if not addressed:
        addressed = [mention for name in ("on", "upon", "to", "obj", "from") for mention in roles.of(_plain(speaker, name))]
        addressed = [mention for mention in addressed if (mention.start, mention.end) not in taken]
    return asking, addressed[:1] or targets


def _plain(token: Token, name: str) -> list[Token]:
    return fillers(token, name) if token.pos_ == "VERB" else []


def _speakers(operator: Token) -> list[Token]:
    """Who speaks or decides: the subject of a verb, of the verb under an adjective, the possessor of a noun."""
    if operator.pos_ in ("VERB", "AUX"):
        return subjects(operator) or surface_subjects(operator)  # "was expected to", "was asked to"
    if operator.pos_ == "ADJ":
        return surface_subjects(operator.head) if operator.head.pos_ in ("VERB", "AUX") else []
    own = [child for child in operator.children if child.dep_ == "poss"]
    return own or fillers(operator, "subj")


def _first(candidate: Candidate, slots: Sequence[str], roles: Roles) -> list[ActorMention]:
    """The actors of the first slot that holds any; for "@slot" the country of a place inside of the slot's phrase."""
    for name in slots:
        phrases = fillers(candidate.anchor, name.removeprefix("@")) if name != WITHIN else []
        if found := roles.country_of(phrases) if name.startswith("@") else roles.of(phrases):
            return found
    if candidate.anchor.pos_ == "VERB":
        return next((found for name in slots if name in _STRAYING and (found := roles.of(stray(candidate.anchor, name)))), [])
    return []


def _combinations(sources: list[ActorMention], targets: list[ActorMention], reciprocal: bool, one_sided: bool) -> Iterator[Dyad]:
    if not reciprocal:
        yield from product(_or_open(sources), _or_open(targets))
        return
    spans = {(mention.start, mention.end, mention.actor_id) for mention in sources}
    others = [mention for mention in targets if (mention.start, mention.end, mention.actor_id) not in spans]
    if not others and len(sources) == 1:
        yield from _within(sources[0])
    if not others:  # "A and B met"
        yield from ((one, other) for one in sources for other in sources if one is not other)
        return
    for source in _or_open(sources):
        for target in others:
            yield source, target
            if source is not None and not one_sided:
                yield target, source


def _within(group: ActorMention) -> Iterator[Dyad]:
    """What a lone party does together: "the two leaders met" each other, source and target at once; "the Council met"."""
    if group.text.lower().startswith(_PAIRS):
        yield group, group
    else:
        yield group, None


def _or_open(mentions: list[ActorMention]) -> list[ActorMention | None]:
    return [*mentions] or [None]
