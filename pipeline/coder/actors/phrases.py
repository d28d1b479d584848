"""From names and role nouns to phrases that refer to an actor: titles, nationality, possessors and of-phrases are composed.

*Deepest actor wins*: 'the German foreign minister's spokesman' is one phrase about a spokesman of Germany's government, and
the phrases inside it are no mentions of their own.
"""

from dataclasses import dataclass, field

from pipeline.coder.actors.hits import Hit
from pipeline.coder.syntax import Syntax

# 'Turkish-backed rebels' are not Turkish, 'pro-Russian separatists' not Russian; they may be anybody's.
_PREFIXES = frozenset({"pro", "anti", "non", "un", "ex", "post", "pre", "neo", "trans", "intra", "inter"})
_FORMER = frozenset({"former", "ex", "late", "ousted", "deposed", "onetime", "retired", "erstwhile", "then", "ex-president", "toppled"})
_LESSER = frozenset(
    {"deputy", "vice", "assistant", "junior", "under", "associate", "elect", "designate", "would", "shadow", "future", "next"}
)
QUANTITIES = frozenset(
    "dozens hundreds thousands scores millions tens number numbers majority handful pair couple group groups most some many several "
    "members all one two three four five none both each half part rest crowd crowds mob lot lots series team teams".split()
)
_INDEFINITE = frozenset({"a", "an", "another", "any", "some", "one", "no", "every", "each"})
_LIST_GAP = 4  # tokens between two names of a list: a comma, 'and', an article, a forename
_SENDERS = frozenset(
    {"ambassador", "envoy", "representative", "delegate", "emissary", "consul", "nuncio", "delegation", "mission", "adviser", "attaché"}
)


@dataclass(slots=True, eq=False)
class Phrase:
    """A phrase about an actor, from token start to before end; `hit` is the name or role noun that it is built on."""

    start: int
    end: int
    head: int
    hit: Hit
    qualifiers: list[Hit] = field(default_factory=list)  # nearest first: what tells country, organisation and rank
    title: Hit | None = None  # the role noun before or beside a name
    members: list[Hit] = field(default_factory=list)  # 'the presidents of France and Germany'
    is_former: bool = False
    is_lesser: bool = False  # deputies and the like do not hold the office itself
    possessor: int | None = None  # token of a possessive pronoun: 'its ambassador'
    is_definite: bool = False
    is_indefinite: bool = False
    is_plural: bool = False
    reach: int = 0  # the end with the phrase of place behind it: 'its ambassador in Washington'
    bracketed: Hit | None = None  # the PKK of 'Kurdistan Workers' Party (PKK)'

    @property
    def is_name(self) -> bool:
        return self.hit.label != "role"


def compose_phrases(syntax: Syntax, hits: list[Hit]) -> list[Phrase]:
    """The phrases built on the hits, in text order; none lies inside another."""
    at = {token: hit for hit in hits for token in range(hit.start, hit.end)}
    phrases: list[Phrase] = []
    taken: set[Hit] = set()
    for hit in reversed(hits):
        if hit in taken:
            continue
        phrase = _role_phrase(syntax, at, hit) if hit.label == "role" else _name_phrase(syntax, at, hit)
        taken |= {at[token] for token in range(phrase.start, phrase.end) if token in at}
        phrases = [phrase, *(other for other in phrases if not phrase.start <= other.start < phrase.end)]
    return _with_appositions(syntax, [_with_quantity(syntax, phrase) for phrase in phrases])


# ---------------------------------------------------------------- one phrase


def _name_phrase(syntax: Syntax, at: dict[int, Hit], hit: Hit) -> Phrase:
    head = syntax.root(hit.start, hit.end)
    start = _left_edge(syntax, at, hit, head)
    before = _hits_in(at, start, hit.start)
    phrase = Phrase(start, hit.end, head, hit)
    phrase.title = next((other for other in reversed(before) if other.label == "role"), None)
    phrase.qualifiers = [other for other in reversed(before) if other.label != "role"]
    return _read_modifiers(syntax, phrase, start, hit.start)


def _role_phrase(syntax: Syntax, at: dict[int, Hit], hit: Hit) -> Phrase:
    head = syntax.root(hit.start, hit.end)
    start = _left_edge(syntax, at, hit, head)
    inside = _hits_in(at, start, hit.start)
    end, right, around = _right_edge(syntax, at, hit, head, any(other.is_geographic for other in inside))
    phrase = _read_modifiers(syntax, Phrase(start, end, head, hit, title=hit), start, hit.end)
    told = [other for other in (*hit.within, *reversed(inside), *right) if not is_hyphenated(syntax, other)]
    is_placed = phrase.possessor is None and not any(other.is_geographic for other in told)
    phrase.qualifiers = [*told, *around] if is_placed else told
    phrase.members = _coordinated(syntax, inside) or _coordinated(syntax, right) or (_coordinated(syntax, around) if is_placed else [])
    phrase.reach = max([end, *(other.end for other in around)])
    phrase.is_plural = _is_plural(syntax, hit, head)
    return phrase


def _left_edge(syntax: Syntax, at: dict[int, Hit], hit: Hit, head: int) -> int:
    start = min(hit.start, syntax.phrase_start(head))
    if hit.label != "role" and syntax.words[hit.start - 1] == "-" and hit.start > 1 and hit.start - 2 in at:
        return hit.start  # the Putin of 'the Biden-Putin summit'
    # The parser may miss that what touches a title or a name belongs to it.
    while (before := at.get(start - 1)) is not None and before.label != "person" and _may_touch(syntax, before, hit, head):
        start = min(before.start, syntax.phrase_start(syntax.root(before.start, before.end)))
    if start < hit.start and start > 0 and syntax.lowers[start - 1] in ("the", "a", "an") and syntax.heads[start - 1] >= start:
        start -= 1
    return _behind_day(syntax, start, hit.start)


def _behind_day(syntax: Syntax, start: int, end: int) -> int:
    """Where the phrase begins without a day that the parser took into it: 'On Friday police arrested'."""
    behind = start
    while behind < end and syntax.entities[behind] in ("DATE", "TIME"):
        behind += 1
    return start if syntax.tags[behind] == "POS" else behind


def _may_touch(syntax: Syntax, before: Hit, hit: Hit, head: int) -> bool:
    root = syntax.root(before.start, before.end)
    if syntax.sentences[root] != syntax.sentences[head]:
        return False
    if syntax.deps[root] in ("nsubj", "dobj", "pobj", "iobj", "dative"):
        is_title = before.label == "role" and hit.label == "person" and syntax.heads[head] == root
        return before.use == "adjective" or is_title
    if before.label == "role":
        return hit.label == "person" or (
            hit.label in ("organization", "group") and before.sense is not None and before.sense.kind != "person"
        )
    return hit.label in ("role", "person")


def _right_edge(syntax: Syntax, at: dict[int, Hit], hit: Hit, head: int, has_country: bool) -> tuple[int, list[Hit], list[Hit]]:
    """Where of-phrases and their like end, the hits in them, and the country in a phrase of place behind, which stays a mention."""
    end, found, position = hit.end, list[Hit](), hit.end
    while position < len(syntax.words) - 1 and _is_link(syntax, hit, head, position, has_country or any(h.is_geographic for h in found)):
        stop = _object_end(syntax, at, position)
        inside = _hits_in(at, position + 1, stop)
        if syntax.lowers[position] in ("in", "at"):
            return end, found, [other for other in inside if other.is_geographic]
        found += [] if syntax.lowers[position] == "to" else inside
        end = stop if inside else end
        position = stop
    return end, found, []


def _is_link(syntax: Syntax, hit: Hit, head: int, position: int, has_country: bool) -> bool:
    word, governor = syntax.lowers[position], syntax.heads[position]
    if word == "of":
        return True
    if word == "to":
        return syntax.lowers[hit.end - 1].rstrip("s") in _SENDERS
    if word == "for":
        return governor == head and hit.sense is not None and hit.sense.kind == "person"
    if word == "from":
        return not has_country and syntax.heads[position] == head and syntax.deps[head] != "dobj"
    return word in ("in", "at") and hit.start <= governor < position


def _object_end(syntax: Syntax, at: dict[int, Hit], preposition: int) -> int:
    """The end of the noun phrase after a preposition, with its conjuncts where they are hits."""
    objects = [child for child in syntax.children[preposition] if child > preposition and syntax.deps[child] in ("pobj", "pcomp")]
    token = objects[0] if objects else preposition + 1
    end = max(at[token].end, token + 1) if token in at else token + 1
    while following := [
        c
        for c in syntax.children[token]
        if c >= end and syntax.deps[c] in ("conj", "appos") and _lists(at, token, c) and c - end <= _LIST_GAP
    ]:
        token = following[0]
        end = at[token].end
    return min(end, len(syntax.words))


def _lists(at: dict[int, Hit], token: int, conjunct: int) -> bool:
    """Whether two objects of one preposition are of a kind: not the Lagos and the driver of 'a judge from Lagos, and her driver'."""
    is_role = token in at and at[token].label == "role"
    return conjunct in at and (at[conjunct].label == "role") == is_role


def _hits_in(at: dict[int, Hit], start: int, end: int) -> list[Hit]:
    return list(dict.fromkeys(at[token] for token in range(start, end) if token in at))


def _coordinated(syntax: Syntax, hits: list[Hit]) -> list[Hit]:
    """Countries or organisations that are listed side by side; empty for one alone."""
    roots = {syntax.root(hit.start, hit.end): hit for hit in hits if hit.alias}
    joined = any(syntax.deps[root] == "conj" and syntax.heads[root] in roots for root in roots)
    return list(roots.values()) if joined and len({hit.alias.actor_id for hit in roots.values() if hit.alias}) > 1 else []


def _is_plural(syntax: Syntax, hit: Hit, head: int) -> bool:
    assert hit.sense is not None
    if hit.sense.is_plural is not None:
        return hit.sense.is_plural
    return syntax.tags[head] in ("NNS", "NNPS")


def _read_modifiers(syntax: Syntax, phrase: Phrase, start: int, end: int) -> Phrase:
    modifiers = syntax.lowers[start:end]
    phrase.is_former = not _FORMER.isdisjoint(modifiers) or (end < len(syntax.words) and any(word.startswith("ex-") for word in modifiers))
    phrase.is_lesser = not _LESSER.isdisjoint(modifiers) or syntax.lowers[phrase.hit.end : phrase.hit.end + 2] == ["-", "elect"]
    phrase.is_definite = bool(modifiers) and (modifiers[0] in ("the", "this", "that", "these", "those") or syntax.tags[start] == "PRP$")
    phrase.is_indefinite = bool(modifiers) and modifiers[0] in _INDEFINITE
    possessives = [token for token in range(start, end) if syntax.tags[token] == "PRP$"]
    phrase.possessor = possessives[-1] if possessives else None
    return phrase


def is_hyphenated(syntax: Syntax, hit: Hit) -> bool:
    """Turkish-backed, US-led, pro-Russian, anti-Israel: the name tells of relations, not of belonging."""
    words, end = syntax.lowers, hit.end
    if hit.start > 1 and words[hit.start - 1] == "-" and words[hit.start - 2] in _PREFIXES:
        return True
    behind = words[end : end + 2]
    return len(behind) == 2 and behind[0] == "-" and behind[1].endswith(("ed", "led", "held", "run", "born", "ing", "bound"))


def _with_quantity(syntax: Syntax, phrase: Phrase) -> Phrase:
    """Dozens of, a group of, members of: the phrase begins with the quantity, which then governs it."""
    of = phrase.start - 1
    if (
        of > 0
        and syntax.lowers[of] == "of"
        and syntax.lowers[of - 1] in QUANTITIES
        and syntax.heads[of] == of - 1
        and syntax.heads[phrase.head] == of
    ):
        phrase.head = of - 1
        phrase.start = min(of - 1, syntax.phrase_start(of - 1))
        phrase.is_plural = phrase.is_plural or phrase.is_name
    return phrase


# ---------------------------------------------------------------- appositions


def _with_appositions(syntax: Syntax, phrases: list[Phrase]) -> list[Phrase]:
    """Joins a name and a role noun that stand beside each other, and takes up names in brackets."""
    joined: list[Phrase] = []
    for phrase in phrases:
        # The Washington of 'its ambassador in Washington, Anatoli Antonov' stands between the two.
        before = joined[-2] if len(joined) > 1 and joined[-2].reach >= joined[-1].end else joined[-1] if joined else None
        if before and (merged := _joined(syntax, before, phrase)):
            joined[joined.index(before) :] = [merged]
        else:
            joined.append(phrase)
    return joined


def _joined(syntax: Syntax, first: Phrase, second: Phrase) -> Phrase | None:
    between = syntax.lowers[max(first.end, first.reach) : second.start]
    if between == ["("] and second.is_name and syntax.lowers[second.end : second.end + 1] == [")"] and _is_acronym(syntax, second):
        first.end, first.bracketed = second.end + 1, second.hit
        return first
    if between != [","] or first.is_name == second.is_name or not _are_beside(syntax, first, second):
        return None
    name, role = (first, second) if first.is_name else (second, first)
    if not _fit(syntax, name, role) or _is_listed(syntax, first, second):
        return None
    if name.title is None or not _is_kin(role.hit):
        name.title = role.hit
    name.qualifiers = [*name.qualifiers, *role.qualifiers]
    name.is_former, name.is_lesser = name.is_former or role.is_former, name.is_lesser or role.is_lesser
    name.possessor = role.possessor if name.possessor is None else name.possessor
    name.start, name.end, name.head = first.start, second.end, first.head
    return name


def _are_beside(syntax: Syntax, first: Phrase, second: Phrase) -> bool:
    """An apposition by the parser, or by the commas on both sides of the second."""
    if syntax.deps[second.head] == "appos" and first.start <= syntax.heads[second.head] < first.end:
        return True
    after = syntax.lowers[second.end : second.end + 1]
    return syntax.deps[second.head] != "conj" and after in ([","], ["."], [";"])


def _is_listed(syntax: Syntax, first: Phrase, second: Phrase) -> bool:
    """As in 'Boluarte, her justice minister and the speaker': the first of them owns the second."""
    return first.is_name and second.possessor is not None and syntax.lowers[second.end : second.end + 1] in (["and"], ["or"])


def _is_kin(hit: Hit) -> bool:
    """Husbands and daughters: what tells less of an actor than any title."""
    return hit.sense is not None and hit.sense.sectors in ((), ("CVL",))


def _fit(syntax: Syntax, name: Phrase, role: Phrase) -> bool:
    sense = role.hit.sense
    if sense is None or role.is_plural or role.members:
        return False
    return name.hit.label == "person" if sense.kind == "person" else name.hit.label in ("organization", "group")


def _is_acronym(syntax: Syntax, phrase: Phrase) -> bool:
    return phrase.hit.end - phrase.hit.start == 1 and syntax.words[phrase.hit.start].isupper()
