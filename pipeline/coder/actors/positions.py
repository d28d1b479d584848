"""Whether a place name acts or only locates: 'Moscow said' is a government, 'talks in Moscow' a town.

The lists are of English verbs and nouns, by what they say about a place that stands beside them.
"""

from pipeline.coder.actors.phrases import QUANTITIES
from pipeline.coder.syntax import NOUN_TAGS, Syntax

_LOCATING = frozenset(
    "in at near around outside inside through over into via across within throughout off along beyond above under onto past beside".split()
)
_PARTNERS = frozenset("with between against by towards toward among on upon despite for".split())
_MOTION = frozenset(
    "fly travel arrive come return go move flee leave drive head depart walk sail ride visit trip flight way road journey close next tour "
    "back deliver bring take transfer miles mile km kilometre kilometer kilometers kilometres route pilgrimage withdraw evacuate escape "
    "deport report march enter advance".split()
)
_STATES = frozenset(
    "be have lie remain become see host sit stand look seem appear witness experience suffer wake grow boast fall rise get feature".split()
)
_ATTITUDES = frozenset(
    "ready willing determined prepared able unable unwilling concerned worried keen responsible committed opposed reluctant eager against "
    "furious angry wary sure certain hopeful aware guilty supportive open right wrong interested".split()
)
_TOWARDS_PEOPLE = frozenset(
    "accuse blame ask urge warn tell criticize criticise condemn sanction threaten force invite inform notify press pressure support "
    "oppose help anger infuriate irritate challenge defy confront assure push provoke embarrass praise thank convince persuade "
    "recognize recognise engage deter counter punish isolate denounce fault appease arm fund allow enable lobby petition beg implore "
    "advise remind consult sue rebuke chide back alarm please upset outrage antagonize antagonise".split()
)
_STANDING = frozenset(
    "support help behalf ally allies policy decision part consent approval hands enemy enemies influence criticism accusation request side "
    "backing condemnation interests patience wishes wrath ire stance position role friend friends opponents critics".split()
)
_PLACE_NOUNS = frozenset(
    "suburb suburbs street streets airport outskirts centre center district districts neighbourhood neighborhood neighbourhoods population "
    "residents mayor metro subway square university hospital port stadium cathedral museum river station hotel zone area quarter weather "
    "skyline downtown people citizens".split()
)


def acts(syntax: Syntax, head: int) -> bool:
    """Whether a town at this token stands for its government: it speaks, decides, is addressed or owns a deed."""
    dep, governor = syntax.deps[head], syntax.heads[head]
    if dep == "conj":
        first = syntax.first_conjunct(head)
        return first != head and acts(syntax, first)
    if dep == "nsubj":
        return _acts_as_subject(syntax, governor)
    if dep in ("nsubjpass", "dobj"):
        return syntax.lemma(governor) in _TOWARDS_PEOPLE
    if dep in ("dative", "iobj", "agent"):
        return True
    if dep == "poss":
        return syntax.lowers[governor] not in _PLACE_NOUNS
    return dep == "pobj" and _acts_as_partner(syntax, governor)


def locates(syntax: Syntax, head: int) -> bool:
    """Whether the word stands behind a preposition of place."""
    first = syntax.first_conjunct(head)
    governor = syntax.heads[first]
    return (syntax.deps[first] == "pobj" and syntax.lowers[governor] in _LOCATING) or (
        syntax.deps[first] == "appos" and syntax.entities[governor] == "GPE"
    )


def is_listed_place(syntax: Syntax, head: int) -> bool:
    """Whether the word stands in a list of places behind a preposition of place: the Lyon of 'marched through Paris and Lyon'."""
    first = syntax.first_conjunct(head)
    return first != head and locates(syntax, head) and syntax.entities[first] in ("GPE", "LOC")


def modified_noun(syntax: Syntax, head: int) -> int | None:
    """The argument that a nationality adjective modifies: the 'airstrikes' of 'Israeli airstrikes killed ten'; None elsewhere."""
    noun = syntax.heads[head]
    if syntax.deps[head] not in ("amod", "compound", "nmod") or syntax.tags[noun] not in NOUN_TAGS or noun < head:
        return None
    first = syntax.first_conjunct(noun)
    while (
        syntax.deps[first] == "pobj" and syntax.lowers[of := syntax.heads[first]] == "of" and syntax.lowers[syntax.heads[of]] in QUANTITIES
    ):
        first = syntax.first_conjunct(syntax.heads[of])
    dep = syntax.deps[first]
    is_partner = dep == "pobj" and syntax.lowers[syntax.heads[first]] in _PARTNERS | {"to", "from"}
    return noun if is_partner or dep in ("nsubj", "nsubjpass", "dobj", "dative") else None


def _acts_as_subject(syntax: Syntax, verb: int) -> bool:
    lemma = syntax.lemma(verb)
    if lemma == "be":
        return any(
            syntax.deps[child] in ("acomp", "attr", "prep") and syntax.lowers[child] in _ATTITUDES for child in syntax.children[verb]
        )
    return lemma not in _STATES


def _acts_as_partner(syntax: Syntax, preposition: int) -> bool:
    word, governor = syntax.lowers[preposition], syntax.heads[preposition]
    if word in _PARTNERS:
        return True
    if word == "of":
        return syntax.lowers[governor] in _STANDING
    if word == "to":
        return syntax.lemma(governor) not in _MOTION
    return word == "from" and syntax.tags[governor] in NOUN_TAGS and syntax.lemma(governor) not in _MOTION
