"""How the name of a place hangs in its sentence: by which preposition or role, on which word."""

from dataclasses import dataclass

from spacy.tokens import Token

LOCATIVE = frozenset(
    "in at near inside outside across around throughout within along off above over beside beyond through amid under beneath".split()
)
TOWARDS = frozenset("on against into upon onto toward towards".split())

# Words that take a place as what the deed is done to, and so happen there.
DONE_TO_PLACES = frozenset(
    "attack bomb bombard shell strike hit raid storm invade enter capture recapture seize retake take occupy besiege surround liberate "
    "overrun reach cross visit tour leave evacuate flee blockade patrol target defend pound ransack destroy devastate rock control "
    "reenter annex assault siege bombing bombardment shelling airstrike offensive invasion incursion march advance occupation capture "
    "seizure evacuation mission crackdown fire".split()
)
GOING = frozenset(
    "visit trip travel fly go come arrive send deploy deployment march return journey tour move transfer deliver ship airlift evacuate "
    "head drive dispatch sail bring advance mission delivery convoy pilgrimage".split()
)
LEAVING = frozenset(
    "withdraw withdrawal pull pullout retreat expel expulsion evict eviction deport deportation evacuate evacuation flee leave remove "
    "removal escape airlift drive oust depart departure abduct kidnap".split()
)
# Nouns before which a town's name says where: "the Geneva talks".
GATHERINGS = frozenset(
    "talk talks meeting summit conference protest rally riot riots clash negotiation session demonstration explosion blast killing "
    "massacre unrest fighting violence battle bombing strike".split()
)
# People of whom "in", "at" or "to" a place says where they serve.
POSTS = frozenset(
    "ambassador envoy consul representative correspondent government regime authority official minister leader president spokesman "
    "spokeswoman analyst diplomat ministry".split()
)
# What is done on the spot, and so told from it: a dateline or focus says where. Words may be spoken anywhere.
ON_THE_SPOT = DONE_TO_PLACES | frozenset(
    "abduct ambush arrest beat beating behead blast block bombing break burn burning chant clash collapse coup crash curfew dead "
    "demonstrate demonstration detain detention detonate die disperse displace drive drown evict execute explode explosion fight "
    "fighting fire flee free gather gunfire hang hold hostage hurl imprison injure jail kidnap kill killing loot looting march "
    "massacre meet meeting murder mutineer mutiny negotiate pelt protest rally rape rebel release remove rescue riot set shoot "
    "shooting sign smash stab standoff storm strike talk talks throw torture unrest uprising violence wound".split()
)
SAYING = frozenset("say tell report announce add claim state warn deny write argue believe think know ask quote".split())

# Nouns that carry a place's name without being elsewhere: "Ukraine's border" is at Ukraine.
_PARTS = frozenset(
    "border frontier outskirt outskirts suburb edge coast shore capital city town village district province region area neighborhood "
    "neighbourhood county territory soil airport port harbor harbour base camp prison hospital university mosque church embassy "
    "consulate square street centre center part north south east west side island islands peninsula valley river sea gulf strait "
    "waters mountains desert governorate oblast crossing checkpoint hotel market palace airspace prefecture canton municipality "
    "enclave slum settlement highway road highlands hills jungle forest plateau".split()
)
_LOOSE = frozenset({"appos", "conj", "npadvmod", "nmod", "nummod", "amod"})
_MODIFIES = frozenset({"compound", "poss", "nmod", "amod"})
_DEEPEST = 8  # links of the longest chain worth following


@dataclass(frozen=True)
class Attachment:
    """A place's token, the word that governs it, and the preposition, "of", "compound" or dependency between them.

    `is_part` says that a noun such as border or capital stood between.
    """

    token: Token
    governor: Token
    relation: str
    is_part: bool


def attach(token: Token) -> Attachment:
    """Follows a place's token up to the word that it says something about."""
    node, is_part = token, False
    for _ in range(_DEEPEST):
        head, dep = node.head, node.dep_
        if dep == "pobj" or (dep == "pcomp" and head.dep_ == "prep"):
            governor, word = _governor(head), head.lower_
            if word == "of" and head.head.lower_ == "out":
                governor, word = head.head.head, "from"
            if word == "of" and _is_part(governor):
                node, is_part = governor, True
                continue
            return Attachment(token, governor, "agent" if head.dep_ == "agent" else word, is_part)
        if dep in _MODIFIES and _is_part(head):
            node, is_part = head, True
        elif dep in _LOOSE and head.pos_ in ("NOUN", "PROPN") and head is not node:
            node = head
        else:
            return Attachment(token, head, dep, is_part)
    return Attachment(token, node.head, node.dep_, is_part)


def _is_part(noun: Token) -> bool:
    """Borno state is a part of a country, the Gulf states are countries."""
    return noun.lemma_.lower() in _PARTS or noun.lower_ == "state"


def _governor(preposition: Token) -> Token:
    """What a preposition hangs on; "from inside Syria" hangs as a whole, and so does "at a market in Kandahar"."""
    governor = preposition.head
    for _ in range(_DEEPEST):
        if governor.pos_ == "ADP" and governor.dep_ == "prep":
            governor = governor.head
        elif preposition.lower_ in LOCATIVE and governor.dep_ == "pobj" and governor.head.lower_ in LOCATIVE | TOWARDS:
            governor = governor.head.head
        else:
            break
    return governor
