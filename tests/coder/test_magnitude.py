"""How many people: best figure, and what the words allow."""

import pytest

from pipeline.coder.events.magnitude import magnitudes

SENTENCES = {
    "Gunmen killed at least two dozen villagers.": ("killed", 24, 24, 36),
    "Some 300 soldiers were wounded.": ("injured", 300, 270, 330),
    "Police arrested 1,086 migrants.": ("detained", 1086, 1086, 1086),
    "Thousands of people marched in Lagos.": ("participants", 3000, 2000, 9999),
    "More than 40 people died in the attack.": ("killed", 40, 40, 60),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_count_with_its_range(read, sentence):
    kind, best, low, high = SENTENCES[sentence]
    (found,) = [magnitudes(span)[kind] for span in read(sentence).spans]
    assert (found.best, found.low, found.high) == (best, low, high)
    assert found.text in sentence


def test_no_figure_no_count(read):
    assert [magnitudes(span) for span in read("Soldiers were killed in the raid.").spans] == [{}]
