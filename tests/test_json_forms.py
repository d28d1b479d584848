"""`dragoman code` and `dragoman annotate`: JSON lines in, JSON lines out, one for one and in order."""

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.coder.json_forms import answer_annotate, answer_code, read_questions
from pipeline.errors import InputError

TEXT = "Norway recalled its ambassador from Chad on Monday. The two countries had held talks in Oslo in May 2009."


@pytest.fixture
def ask(coder):
    def answers(form, *questions: dict) -> list[dict]:
        return list(form(coder, read_questions(json.dumps(question) for question in questions)))

    return answers


def test_ids_and_order_are_kept(ask):
    questions = [{"id": identity, "text": text} for identity, text in ((7, TEXT), ("b", ""), (None, "Nothing."))]
    assert [answer["id"] for answer in ask(answer_code, *questions)] == [7, "b", None]


def test_an_event_has_every_key_and_offsets_into_the_text(ask):
    (answer,) = ask(answer_code, {"id": 1, "text": TEXT, "published": "2009-06-10"})
    event = answer["events"][0]
    assert set(event) >= {
        "source", "target", "event_type", "mode", "contexts", "status", "quad_class", "intensity", "cameo_code", "trigger", "date", "place",
        "magnitude", "confidence", "made_by",
    }  # fmt: skip
    assert (event["event_type"], event["mode"], event["quad_class"]) == ("SANCTION", "withdraw", "material conflict")
    for part in ("source", "target", "trigger", "date"):
        span = event[part]
        assert TEXT[span["start"] : span["end"]] == span["text"]
    assert (event["source"]["country"], event["target"]["country"]) == ("NOR", "TCD")
    assert event["date"]["from"] == "2009-06-08"


def test_figures_tell_their_bounds_and_words(ask):
    (answer,) = ask(answer_code, {"id": 1, "text": "Rebels killed at least two dozen soldiers in Mali. Japan gave Kenya $2.5 billion."})
    killed, given = (event["magnitude"] for event in answer["events"])
    assert killed == {"killed": {"best": 24, "low": 24, "high": 36, "text": "at least two dozen"}}
    assert given["money"] == {"best": 2_500_000_000, "low": 2_500_000_000, "high": 2_500_000_000, "text": "$2.5 billion", "currency": "USD"}


def test_a_dyad_is_always_answered(ask):
    target = TEXT.index("Chad")
    spans = {"source": [0, 6], "target": [target, target + 4]}
    (answer,) = ask(answer_code, {"id": 1, "text": TEXT, "dyads": [spans, {"source": None, "target": spans["target"]}]})
    assert [relation["source"] for relation in answer["relations"]] == [(0, 6), None]
    assert answer["relations"][0]["event_type"] == "SANCTION"
    assert answer["relations"][1]["event_type"]


def test_annotate_gives_sentences_actors_dates_places(ask):
    (answer,) = ask(answer_annotate, {"id": 1, "text": TEXT, "published": "2009-06-10"})
    assert len(answer["sentences"]) == 2
    assert {"Norway", "Chad"} <= {actor["text"] for actor in answer["actors"]}
    assert [date["value"] for date in answer["dates"]] == ["2009-06-08", "2009-05"]
    assert [place["text"] for place in answer["places"] if place["precision"] == "city"] == ["Oslo"]


def test_a_line_that_is_no_question_is_named():
    with pytest.raises(InputError, match="line 2"):
        list(read_questions(['{"id": 1, "text": "Fine."}', '{"id": 2}']))


def test_a_span_outside_of_the_text_is_refused():
    with pytest.raises(InputError, match="outside"):
        list(read_questions(['{"id": 1, "text": "Short.", "dyads": [{"source": [0, 99], "target": null}]}']))


@pytest.mark.slow
def test_the_commands_read_and_write_lines(tmp_path):
    questions = tmp_path / "in.jsonl"
    questions.write_text(json.dumps({"id": 1, "text": TEXT}) + "\n\n")
    answered = CliRunner().invoke(app, ["code", str(questions), "-o", str(tmp_path / "out.jsonl")])
    assert answered.exit_code == 0, answered.output
    assert json.loads((tmp_path / "out.jsonl").read_text())["events"]
    piped = CliRunner().invoke(app, ["annotate"], input=questions.read_text())
    assert [json.loads(line)["id"] for line in piped.stdout.splitlines()] == [1]
    assert CliRunner().invoke(app, ["code", str(tmp_path / "none.jsonl")]).exit_code == 2
