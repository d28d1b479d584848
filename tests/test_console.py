"""What is printed is text: nothing from an article becomes a terminal code, a formula or markup."""

import io

import polars as pl
import pytest
from rich.console import Console

from pipeline.console import as_csv, as_json, plain, plain_same_length, print_table, print_why

HOSTILE = "\x1b[31mred\x1b[0m\x07 [bold]x[/bold] ‮gnp.exe =1+1 {{7*7}} <script>"


def printed(show) -> str:
    console = Console(width=400, force_terminal=False, record=True, file=io.StringIO())
    show(console)
    return console.export_text(styles=True)


def test_control_characters_are_shown_not_sent():
    assert plain("a\x1b[31mb\u202ec\x00") == "a\\u001b[31mb\\u202ec\\u0000"
    assert plain("one\ntwo\tthree") == "one two three"
    assert plain(None) == ""


@pytest.mark.parametrize("text", ["a\x1b[0m", "\u202eabc", "two\nlines", "plain"])
def test_coloured_sentences_keep_their_length(text):
    assert len(plain_same_length(text)) == len(text)


def test_a_table_holds_no_codes_and_no_markup():
    shown = printed(lambda console: print_table(pl.DataFrame({HOSTILE: [HOSTILE], "n": [1]}), HOSTILE, console))
    assert "\x1b[31m" not in shown
    assert "\x07" not in shown
    assert "[bold]x[/bold]" in shown


def test_csv_cells_never_start_a_formula():
    lines = as_csv(pl.DataFrame({"x": ["=1+1", "+A1", "-2", "@x", "safe", None], "n": [-1, 2, 3, 4, 5, 6]})).splitlines()
    assert lines == ["x,n", "'=1+1,-1", "'+A1,2", "'-2,3", "'@x,4", "safe,5", ",6"]


def test_json_is_one_object_a_row():
    assert as_json(pl.DataFrame({"a": [1, 2], "b": ["é", None]})) == '{"a": 1, "b": "é"}\n{"a": 2, "b": null}\n'


def test_why_colours_the_words_of_each_role():
    sentence = "Norway recalled its ambassador from Chad."
    row = {
        "sentence_text": sentence, "sentence_start": 10, "sentence_end": 10 + len(sentence), "event_type": "SANCTION", "mode": "withdraw",
        "source_name": HOSTILE, "target_name": "Chad", "status": "actual", "status_cue": None, "made_by": "rule:recall", "confidence": 0.8,
        "title": None, "publisher_name": None, "published_at": None, "url": "https://example.org/a",
        "source_start": 10, "source_end": 16, "trigger_start": 17, "trigger_end": 25, "target_start": 46, "target_end": 50,
        "date_start": None, "date_end": None, "place_start": None, "place_end": None,
    }  # fmt: skip
    shown = printed(lambda console: print_why(pl.DataFrame([row]), console))
    assert "rule:recall" in shown
    assert "\x1b[31m" not in shown
