"""What is printed is text: nothing from an article becomes a terminal code, a formula or markup."""

import io
import re
from datetime import date

import polars as pl
import pytest
from rich.console import Console

from pipeline.console import as_csv, as_json, plain, plain_same_length, print_table, print_why
from pipeline.contracts import MAGNITUDES

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


def mention(**told) -> pl.DataFrame:
    """A row of the query `why`: Norway recalled its ambassador from Chad on Monday."""
    sentence = told.get("sentence_text", "Norway recalled its ambassador from Chad on Monday.")
    roles = {"source": "Norway", "trigger": "recalled", "target": "Chad", "date": "Monday", "place": "Chad"}
    row = {"sentence_text": sentence, "sentence_start": 10, "sentence_end": 10 + len(sentence)}
    for role, words in roles.items():
        start = sentence.find(words)
        row |= {f"{role}_text": words, f"{role}_start": 10 + start, f"{role}_end": 10 + start + len(words)}
    for role in ("source", "target"):
        row |= {f"{role}_name": row[f"{role}_text"], f"{role}_country": None, f"{role}_sectors": ["GOV"]}
    for kind in MAGNITUDES:
        row |= {kind: None, f"{kind}_low": None, f"{kind}_high": None, f"{kind}_text": None}
    row |= {
        "event_type": "SANCTION", "mode": "withdraw", "contexts": ["diplomatic"], "status": "actual", "status_cue": None,
        "event_date": date(2009, 6, 8), "event_date_end": date(2009, 6, 8), "date_precision": "day", "date_basis": "clause",
        "place_name": "Chad", "place_basis": "clause", "made_by": "rule:recall.verb+obj:@diplomat+refuse:refuse+model:0.91",
        "confidence": 0.8, "coder_version": "1", "title": None, "publisher_name": None, "published_at": None, "url": None,
        "money_currency": None,
    }  # fmt: skip
    return pl.DataFrame([row | told], strict=False)


def shown_why(**told) -> str:
    return printed(lambda console: print_why(mention(**told), console))


def facts_of(shown: str) -> dict[str, str]:
    plain_text = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    return {line.split()[0]: line.split(maxsplit=1)[1].strip() for line in plain_text.splitlines() if line.startswith("  ")}


def test_why_colours_the_words_of_each_role():
    shown = shown_why()
    assert "\x1b[1;36mNorway\x1b[0m \x1b[1;35mrecalled\x1b[0m its ambassador from \x1b[1;33mChad\x1b[0m on \x1b[34mMonday\x1b[0m." in shown
    assert "\x1b[1;36msource" in shown  # the legend: each line's name has the colour of its words


def test_why_says_what_was_read_and_by_what():
    facts = facts_of(shown_why(killed=24, killed_low=24, killed_high=36, killed_text="two dozen"))
    assert facts["event"] == "SANCTION-withdraw in contexts diplomatic"
    assert facts["source"] == 'Norway (GOV): "Norway"'
    assert facts["date"] == '2009-06-08 (day, by clause): "Monday"'
    assert facts["killed"] == '24, 24 to 36: "two dozen"'
    assert facts["rule"].startswith('the verb "recall"')
    assert facts["changed"] == 'refused, by "refuse"'
    assert facts["model"] == "0.91 for this type"
    assert facts["confidence"] == "0.80, coder 1"


def test_why_colours_the_cue_next_to_the_trigger():
    sentence = "It will rain. Norway will have recalled its ambassador from Chad if Monday comes."
    shown = shown_why(sentence_text=sentence, status="conditional", status_cue="will if")
    assert shown.startswith("1 of 1  It will rain.")
    assert "Norway\x1b[0m \x1b[1;31mwill\x1b[0m have" in shown
    assert "\x1b[1;31mif\x1b[0m" in shown
    assert facts_of(shown)["status"] == 'conditional, by "will if"'


def test_why_says_what_is_unknown_and_what_stands_elsewhere():
    facts = facts_of(shown_why(target_name=None, target_start=None, target_sectors=[], place_start=900, place_end=904, event_date=None,
                               event_date_end=None, date_start=None))  # fmt: skip
    assert facts["target"] == "none"
    assert facts["date"] == "unknown"
    assert facts["place"] == 'Chad (by clause): "Chad", elsewhere in the article'


def test_why_shows_hostile_words_as_text():
    texts = ("source_name", "source_text", "target_name", "trigger_text", "date_text", "place_name", "place_text", "status_cue", "title",
             "publisher_name", "url", "made_by", "coder_version")  # fmt: skip
    shown = shown_why(sentence_text=f"Norway recalled {HOSTILE} from Chad on Monday.", **dict.fromkeys(texts, HOSTILE))
    assert "\x1b[31mred" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert shown.count("[bold]x[/bold]") == 1 + len(texts)
