"""Who is meant by pronouns, ranks, nationalities and groups: a text, the words in question, the actor."""

import pytest

from pipeline.coder.actors import find_actors
from pipeline.coder.records import ActorMention

DAY = "2021-05-20"


@pytest.fixture(scope="module")
def find(read, small_actors):
    return lambda text, published=DAY: find_actors(read(text, published), small_actors)


def meant(mentions: list[ActorMention], words: str) -> object:
    """The actor, or members, of the last mention with these words."""
    mention = [mention for mention in mentions if mention.text == words][-1]
    return [member.actor_id for member in mention.members] or mention.actor_id


TEXTS = [
    # Gender, by given name, title, or an earlier pronoun.
    ("Merkel met Macron on Friday. She told him that talks would go on.", "She", "angela-merkel"),
    ("Merkel met Macron on Friday. She told him that talks would go on.", "him", "emmanuel-macron"),
    ("Mrs Nowak met Mr Zielinski. She left.", "She", "discovered:nowak"),
    # Syntax: the subject is taken up, the other argument of the same verb never.
    ("Putin called Biden. He was angry.", "He", "vladimir-putin"),
    ("Putin said that Biden called him.", "him", "vladimir-putin"),
    ("Anatoly Antonov, who has not returned to his post, spoke to Biden.", "his", "anatoly-antonov"),
    # Over two sentences only where nothing else has become the subject.
    ("Putin spoke. It rained in France. He left.", "He", "vladimir-putin"),
    ("Putin spoke. It rained in France. Russian gas makes its way to where he is.", "he", None),
    # Bodies are taken up by their subjects only.
    ("Russia said that it would retaliate.", "it", "RUS"),
    ("Russia bombed its own troops.", "its own troops", "role:RUS:MIL"),
    ("It is clear that Russia won.", "Russia", "RUS"),
    # The speaker of a quotation.
    ('"I am ready," Putin said.', "I", "vladimir-putin"),
    ('Macron said: "We will not accept this."', "We", "emmanuel-macron"),
    ('Putin attacked Biden. "He is wrong," Macron said.', "He", "vladimir-putin"),
    ('Biden praised Macron. Putin said: "He is wrong."', "He", "joe-biden"),
    # Ranks.
    ("Blinken met the Russian foreign minister. The minister was late.", "the Russian foreign minister", "sergei-lavrov"),
    ("Foreign Minister Jan Kowalski spoke. Police praised the foreign minister.", "the foreign minister", "discovered:jan-kowalski"),
    ("The U.S. embassy was attacked. Police guarded the embassy.", "the embassy", "role:USA:GOV"),
    ("The Munich Regional Court ruled. Police welcomed the court's ruling.", "the court", "discovered:munich-regional-court"),
    ("Lavrov met his French counterpart.", "his French counterpart", "jean-yves-le-drian"),
    ("Russia recalled its ambassador.", "its ambassador", "role:RUS:GOV"),
    ("Siemens paid a fine. Police said the company denied it.", "the company", "discovered:siemens"),
    ("Foreign Minister Maas spoke. Maas then left.", "Maas", "heiko-maas"),
    ("Poland's Congress voted. Later, Congress met.", "Congress", "role:POL:LEG"),
    ("The Kurdistan Workers' Party fought on. Police praised the militia.", "the militia", "pkk"),
    # Nationalities: the last one of that country, if there is one.
    ("Blinken met Lavrov. The American smiled.", "The American", "antony-blinken"),
    ("Blinken and Biden met Lavrov. The American smiled.", "The American", "role:USA:CVL"),
    ("An American was killed.", "An American", "role:USA:CVL"),
    # Surnames, transliterations, brackets.
    ("Alexei Navalny was jailed. Navalni is ill.", "Navalni", "alexei-navalny"),
    ("The Kurdistan Workers' Party (PKK) fought on. The PKK lost.", "The PKK", "pkk"),
    ("The Islamic Valley Front (IVF) fought on. The IVF lost.", "The IVF", "discovered:islamic-valley-front"),
    # Groups.
    ("Russia and the United States agreed. Both countries will meet.", "Both countries", ["RUS", "USA"]),
    ("Both presidents, the Russian Vladimir Putin and the American Joe Biden, met.", "Both presidents", ["vladimir-putin", "joe-biden"]),
    ("Biden met Putin. The two leaders smiled.", "The two leaders", ["joe-biden", "vladimir-putin"]),
    ("Russia and the US agreed. Presidents of both countries met.", "Presidents of both countries", ["vladimir-putin", "joe-biden"]),
    ("The EU foreign ministers met.", "The EU foreign ministers", ["heiko-maas", "jean-yves-le-drian"]),
    ("The presidents of France and Russia met.", "The presidents of France and Russia", ["emmanuel-macron", "vladimir-putin"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "expected"), TEXTS, ids=[f"{words}: {text[:40]}" for text, words, _ in TEXTS])
def test_who_is_meant(find, text, words, expected):
    assert meant(find(text), words) == expected


UNSURE = [
    # Nothing decides between the two.
    ("The meeting of Biden with Putin was short, his aides said.", "his"),
    # 'It' is the attack.
    ("Russia attacked Ukraine. It was a surprise.", "It"),
    ("He flew home.", "He"),
    ("We must act.", "We"),
]


@pytest.mark.parametrize(("text", "words"), UNSURE)
def test_where_unsure_a_pronoun_is_reported_without_an_actor(find, text, words):
    mention = next(mention for mention in find(text) if mention.text == words)
    assert (mention.mention, mention.actor_id, mention.link_score) == ("pronoun", None, 0.0)


@pytest.mark.parametrize("text", ["It is clear that he won.", "It seems that prices fell.", "There was rain."])
def test_empty_subjects_are_no_mentions(find, text):
    assert not [mention for mention in find(text) if mention.text in ("It", "There")]


def test_three_countries_are_not_both(find):
    assert meant(find("Russia, France and India agreed. Both countries will meet."), "Both countries") is None


def test_every_link_names_its_method(find):
    methods = {
        mention.text: mention.link_method
        for mention in find("Blinken met Lavrov. He said the American had left. The Russian foreign minister left.")
    }
    assert methods == {
        "Blinken": "alias:surname",
        "Lavrov": "alias:surname",
        "He": "coreference:pronoun",
        "the American": "coreference:nationality",
        "The Russian foreign minister": "role-table",
    }
