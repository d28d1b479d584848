"""A sentence and the events expected of it: (source, event type, mode, status, target)."""

from datetime import date

import pytest

from pipeline.coder.coder import Coder

PUBLISHED = date(2012, 6, 14)

SENTENCES = {
    # Meetings hold in both directions.
    "Angola's foreign minister met his Zambian counterpart in Lusaka on Monday.": [
        ("Angola's foreign minister", "CONSULT", None, "actual", "his Zambian counterpart"),
        ("his Zambian counterpart", "CONSULT", None, "actual", "Angola's foreign minister"),
    ],
    "Peru and Ecuador held talks on fishing rights.": [
        ("Peru", "CONSULT", None, "actual", "Ecuador"),
        ("Ecuador", "CONSULT", None, "actual", "Peru"),
    ],
    "The Norwegian prime minister visited Iceland.": [("The Norwegian prime minister", "CONSULT", "visit", "actual", "Iceland")],
    # Promises and plans are agreements about a future deed, threats likewise.
    "Japan will send food aid to Mozambique.": [("Japan", "AGREE", None, "future", "Mozambique")],
    "Canada agreed to provide wheat to Ethiopia.": [("Canada", "AGREE", None, "actual", "Ethiopia")],
    "Turkey threatened to expel the Dutch ambassador.": [("Turkey", "THREATEN", "expel", "actual", "the Dutch ambassador")],
    "Ethiopia will attack Eritrea if it crosses the border.": [("Ethiopia", "THREATEN", "violence", "conditional", "Eritrea")],
    "Spain is ready to meet Morocco.": [("Spain", "AGREE", None, "future", "Morocco"), ("Morocco", "AGREE", None, "future", "Spain")],
    # Refusals, requests, reversals: the reversal of a class is another class.
    "Hungary refused to extradite the banker to Croatia.": [("Hungary", "REJECT", "assist", "actual", "Croatia")],
    "Mali rejected a proposal by Algeria.": [("Mali", "REJECT", "change", "actual", "Algeria")],
    "Bolivia urged Chile to release the prisoners.": [("Bolivia", "REQUEST", "yield", "actual", "Chile")],
    "The United Nations called on Sudan to end the fighting.": [("The United Nations", "REQUEST", "yield", "actual", "Sudan")],
    "Denmark suspended aid to Rwanda.": [("Denmark", "SANCTION", "discontinue", "actual", "Rwanda")],
    "India lifted sanctions on Nepal.": [("India", "CONCEDE", None, "actual", "Nepal")],
    "Colombia recalled its ambassador from Venezuela.": [("Colombia", "SANCTION", "withdraw", "actual", "Venezuela")],
    # Passive with and without agent, reduced clauses, nominals.
    "Kenyan troops were attacked by Somali militants.": [("Somali militants", "ASSAULT", None, "actual", "Kenyan troops")],
    "Thousands of refugees were deported by Tanzania.": [("Tanzania", "COERCE", "deport", "actual", "Thousands of refugees")],
    "The expulsion of Russian diplomats by Poland angered many.": [("Poland", "SANCTION", "expel", "actual", "Russian diplomats")],
    "Rebels fighting the Malian army retreated.": [
        ("Rebels", "ASSAULT", None, "actual", "the Malian army"),
        ("Rebels", "RETREAT", "withdraw", "actual", None),
    ],
    # Lists give a row each.
    "Brazil condemned Syria and Libya.": [
        ("Brazil", "ACCUSE", "disapprove", "actual", "Syria"),
        ("Brazil", "ACCUSE", "disapprove", "actual", "Libya"),
    ],
    "Police arrested and deported Chinese activists.": [
        ("Police", "COERCE", "arrest", "actual", "Chinese activists"),
        ("Police", "COERCE", "deport", "actual", "Chinese activists"),
    ],
    # What is denied, negated or alleged has not happened.
    "Iran did not attack Kuwait.": [("Iran", "ASSAULT", None, "negated", "Kuwait")],
    "Uganda denied that it had invaded Rwanda.": [("Uganda", "ASSAULT", None, "negated", "Rwanda")],
    "Georgia accused Russia of bombing a village.": [("Georgia", "ACCUSE", "allege", "actual", "Russia")],
    # Words that look like events and are none.
    "The striker attacked down the left wing.": [],
    "Growth in Japan met expectations.": [],
}


@pytest.fixture(scope="session")
def coder():
    return Coder()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_events_of(coder, sentence):
    found = coder.code(sentence, PUBLISHED).events
    told = [(e.source and e.source.text, e.event_type, e.mode, e.status, e.target and e.target.text) for e in found]
    assert sorted(told, key=str) == sorted(SENTENCES[sentence], key=str)
