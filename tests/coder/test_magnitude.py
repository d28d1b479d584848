"""How many and how much: best figure, what the words allow, and the event that it belongs to."""

import re

import pytest

from pipeline.codebook.currencies import load_currencies
from pipeline.coder.events.magnitude import MagnitudeFinder, Telling

# Triggers are marked with their type; then the figures of each trigger: kind, low, best, high (one figure where they agree), words.
TOLD = [
    # people killed and injured
    ("Gunmen [killed ASSAULT] at least two dozen villagers.", "killed 24 24 36 at least two dozen"),
    ("Some 300 soldiers were [wounded ASSAULT] by rebels.", "injured 270 300 330 Some 300"),
    ("The army [shelled ASSAULT] the town, killing more than 1,200 people.", "killed 1200 1200 1800 more than 1,200"),
    ("More than 40 people died in the [attack ASSAULT].", "killed 40 40 60 More than 40"),
    ("Between 20 and 30 people were killed in the [bombing ASSAULT].", "killed 20 25 30 Between 20 and 30"),
    ("The [strike ASSAULT] killed 12 people and wounded 30.", "killed 12 12; injured 30 30"),
    ("The [bombing ASSAULT] left 12 people dead and dozens injured.", "killed 12 12; injured 24 36 99 dozens"),
    ("Rebels [ambushed ASSAULT] a convoy, killing ten soldiers and two civilians.", "killed 12 ten + two"),
    ("No fewer than 15 worshippers were killed when gunmen [attacked ASSAULT] a church.", "killed 15 15 22 No fewer than 15"),
    ("The [massacre ASSAULT] of 200 villagers lasted a day.", "killed 200 200"),
    ("The [shelling ASSAULT] caused several hundred deaths.", "killed 300 400 999 several hundred"),
    ("A bomb [killed ASSAULT] nearly a hundred pilgrims.", "killed 80 100 100 nearly a hundred"),
    ("Police [opened ASSAULT] fire on the crowd, and eight people were killed.", "killed 8 eight"),
    ("Police [broke COERCE] up the rally, injuring a handful of students.", "injured 3 5 9 a handful"),
    ("Militants [killed ASSAULT] 12 of the 40 passengers.", "killed 12 12"),
    ("Only three of the 15 hostages were [killed ASSAULT].", "killed 3 three"),
    ("The raid [killed ASSAULT] 20 people, including three children.", "killed 20 20"),
    ("The general [ordered ASSAULT] the execution of some 300 to 400 prisoners.", "killed 300 350 400 some 300 to 400"),
    ("Thirty-four miners were [shot ASSAULT] dead.", "killed 34 Thirty-four"),
    # detained
    ("Police [arrested COERCE] 1,086 migrants.", "detained 1086 1,086"),
    ("Two or three activists were [detained COERCE] in the capital.", "detained 2 2 3 Two or three"),
    ("The government ordered the [arrest COERCE] of 40 journalists.", "detained 40 40"),
    ("Gunmen [kidnapped ASSAULT] about 50 schoolgirls.", "detained 45 50 55 about 50"),
    ("Soldiers [arrested COERCE] and deported up to 200 refugees.", "detained 160 200 200 up to 200; displaced 160 200 200 up to 200"),
    ("The court [jailed SANCTION] 16 generals.", "detained 16 16"),
    # displaced
    ("The army [shelled ASSAULT] the valley, displacing tens of thousands of people.", "displaced 20000 30000 99999 tens of thousands"),
    ("The [offensive ASSAULT] displaced half a million people.", "displaced 500000 half a million"),
    ("Malaysia [deported COERCE] 1,086 migrants to Myanmar.", "displaced 1086 1,086"),
    ("Some 5,000 villagers fled when rebels [attacked ASSAULT] the town.", "displaced 4500 5000 5500 Some 5,000"),
    # taking part
    ("Thousands of people [marched PROTEST] in Lagos.", "participants 2000 3000 9999 Thousands"),
    ("A crowd of 5,000 [gathered PROTEST] outside of parliament.", "participants 5000 5,000"),
    ("The [march PROTEST] by 300 nurses ended in peace.", "participants 300 300"),
    ("Dozens of teachers joined the [protest PROTEST].", "participants 24 36 99 Dozens"),
    ("Russia [massed MOBILIZE] more than 100,000 troops on the border.", "participants 100000 100000 150000 more than 100,000"),
    ("Kenya announced the [deployment MOBILIZE] of 2,000 soldiers.", "participants 2000 2,000"),
    ("Chad [withdrew RETREAT-withdraw] hundreds of its troops.", "participants 200 300 999 hundreds"),
    ("Israel [called MOBILIZE] up 300,000 reservists.", "participants 300000 300,000"),
    # money
    ("Japan [gave AID] Kenya $2.5 billion.", "money 2500000000 $2.5 billion USD"),
    ("Germany [pledged AGREE] 5 million euros in aid to Mali.", "money 5000000 5 million euros EUR"),
    ("India [lent AID] Rs 300 crore to Bhutan.", "money 3000000000 Rs 300 crore INR"),
    ("Canada [approved AID] a loan of some 40m Canadian dollars.", "money 36000000 40000000 44000000 some 40m Canadian dollars CAD"),
    ("Washington [froze SANCTION] $300m in aid to Egypt.", "money 300000000 $300m USD"),
    ("Greece [asked REQUEST] the fund for $2 to $3 billion.", "money 2000000000 2500000000 3000000000 $2 to $3 billion USD"),
    ("Chile [granted AID] 5 million pesos to the islanders.", "money 5000000 5 million pesos"),
    # several events in one sentence
    ("Protesters [clashed PROTEST] with police, and officers [arrested COERCE] 30.", "| detained 30 30"),
    ("Police [arrested COERCE] 20 people and [killed ASSAULT] four.", "detained 20 20 | killed 4 four"),
    ("Turkey [deported COERCE] 40 refugees and [gave AID] Syria $5 million.", "displaced 40 40 | money 5000000 $5 million USD"),
    # figures that belong to no event
    ("A convoy of 150 vehicles [blocked PROTEST] the road.", ""),
    ("Rebels [killed ASSAULT] 12 men, three of them farmers.", "killed 12 12"),
    ("Troops [opened ASSAULT] fire, and 100 people were arrested.", ""),
    ("Police [arrested COERCE] two men after a blast that killed 12 people.", "detained 2 two"),
    ("A court [jailed SANCTION] him for killing 12 people.", ""),
    ("Kenya [accused ACCUSE] Chad of killing 12 herders.", ""),
    ("Rebels [threatened THREATEN] to kill 20 hostages.", ""),
    ("Norway [condemned ACCUSE] the attack, in which 12 people died.", ""),
    ("Rebels killed or wounded 40 soldiers in the [attack ASSAULT].", ""),
    ("Soldiers [burned ASSAULT] 40 houses, displacing 300 families.", ""),
    ("Police [arrested COERCE] a 25-year-old man in 2015.", ""),
    ("Rebels [killed ASSAULT] soldiers in 20 attacks.", ""),
    ("Rebels [freed RETREAT-release] 10 soldiers.", ""),
    ("Soldiers were [killed ASSAULT] in the raid.", ""),
    ("Israel [bombed ASSAULT] the camp, hours after rockets killed three Israelis.", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def finder() -> MagnitudeFinder:
    return MagnitudeFinder(load_currencies())


def figures(finder, read, marked: str) -> str:
    """The figures of each marked trigger, written as above."""
    kinds = re.findall(r"\[\S+ ([\w-]+)\]", marked)
    plain = re.sub(r"\[(\S+) [\w-]+\]", r"\1", marked)
    starts = [
        match.start() - 2 * number - sum(len(kind) + 1 for kind in kinds[:number])
        for number, match in enumerate(re.finditer(r"\[", marked))
    ]
    (span,) = read(plain).spans
    events = [
        Telling(next(token for token in span if token.idx == start), kind.partition("-")[0], kind.partition("-")[2] or None)
        for start, kind in zip(starts, kinds, strict=True)
    ]
    found = finder.of_events(span, events)
    return " | ".join("; ".join(_written(kind, counts[kind]) for kind in sorted(counts, key=_ORDER.index)) for counts in found).strip()


_ORDER = ["killed", "injured", "detained", "displaced", "participants", "money"]


def _written(kind, count) -> str:
    bounds = [count.low, count.best, count.high] if count.low < count.high else [count.best]
    return " ".join([kind, *map(str, bounds), count.text, *filter(None, [count.currency])])


@pytest.mark.parametrize(("sentence", "expected"), TOLD)
def test_a_figure_belongs_to_its_event(finder, read, sentence, expected):
    assert figures(finder, read, sentence) == expected


def test_each_of_several_targets_has_its_own_figure(finder, read):
    (span,) = read("Rebels killed ten soldiers and two civilians.").spans
    killed = next(token for token in span if token.lower_ == "killed")
    soldiers, civilians = ((span.text.index(words), span.text.index(words) + len(words)) for words in ("ten soldiers", "two civilians"))
    found = finder.of_events(span, [Telling(killed, "ASSAULT", None, soldiers), Telling(killed, "ASSAULT", None, civilians)])
    assert [counts["killed"].best for counts in found] == [10, 2]
