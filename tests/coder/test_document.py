"""How a text is cut and masked before it is parsed: offsets hold, and nothing is glued to its neighbour."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.coder.document import mask, split

WIRE = """    LONDON, March 4 - Britain and Spain agreed on Tuesday to reopen
talks on the rock, ending two years of silence between the two
governments, officials said.
    They gave no date.
 Reuter"""


def chunks(text: str) -> list[tuple[str, str]]:
    return [(chunk.kind, text[chunk.start : chunk.end].strip()) for chunk in split(text)]


def test_the_founding_header_is_no_sentence():
    text = " date 2021-05-20 The United States and Russia met.\n\nA rising tension\n\nThey met again."
    assert chunks(text) == [
        ("header", "date 2021-05-20"),
        ("body", "The United States and Russia met."),
        ("heading", "A rising tension"),
        ("body", "They met again."),
    ]


def test_a_dateline_stands_apart():
    assert chunks("KABUL (Wire) -- Two men met.") == [("dateline", "KABUL (Wire) --"), ("body", "Two men met.")]


def test_hard_wrapped_copy_is_read_by_its_indents():
    assert [kind for kind, _ in chunks(WIRE)] == ["dateline", "body", "body", "heading"]
    assert "\n" not in mask(WIRE)


def test_a_lone_sentence_without_a_stop_is_no_heading():
    assert chunks("Norway recalls its ambassador") == [("body", "Norway recalls its ambassador")]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("this [la reunión] is", "this              is"),  # a translator's gloss
        ("He told [the president] so", "He told  the president  so"),  # an editor's word stays
        ("“As you said“, he said", '"As you said", he said'),
    ],
)
def test_glosses_are_blanked_and_quotation_marks_made_plain(text, masked):
    assert mask(text) == masked


@given(st.text(alphabet=st.sampled_from("aA .,\n\t“”[]é1-:–“\r\xa0"), max_size=200) | st.text(max_size=80))
def test_masking_keeps_the_length_and_chunks_cover_the_text(text):
    assert len(mask(text)) == len(text)
    ends = [0, *(chunk.end for chunk in split(text))]
    assert [chunk.start for chunk in split(text)] == ends[:-1]
    assert ends[-1] == len(text)


def test_tokens_are_offsets_into_the_text(read):
    text = " date 2021-05-20 Peru [el país] and “Chile” met.\n\nTalks\n\nBolivia   left."
    document = read(text)
    for token in document.doc:
        if token.text.isalpha():
            assert text[token.idx : token.idx + len(token)] == token.text
    assert [text[s.start : s.end] for s in document.sentences if not s.heading][-1] == "Bolivia   left."
    assert document.published == date(2021, 5, 20)
