"""`dragoman code` and `dragoman annotate`: JSON lines in, JSON lines out, one for one and in order."""

import json

from typer.testing import CliRunner

from pipeline.cli import app

TEXT = "Norway recalled its ambassador from Chad on Monday. The two countries had held talks in Oslo in May 2009."


def answers(command: str, *questions: dict, code: int = 0) -> list[dict]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = CliRunner().invoke(app, [command], input=lines)
    assert done.exit_code == code, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ids_and_order_are_kept():
    questions = [{"id": identity, "text": text} for identity, text in ((7, TEXT), ("b", ""), (None, "Nothing."))]
    assert [answer["id"] for answer in answers("code", *questions)] == [7, "b", None]


def test_an_event_has_every_key_and_offsets_into_the_text():
    (answer,) = answers("code", {"id": 1, "text": TEXT, "published": "2009-06-10"})
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


def test_a_dyad_is_always_answered():
    target = TEXT.index("Chad")
    spans = {"source": [0, 6], "target": [target, target + 4]}
    (answer,) = answers("code", {"id": 1, "text": TEXT, "dyads": [spans, {"source": None, "target": spans["target"]}]})
    assert [relation["source"] for relation in answer["relations"]] == [[0, 6], None]
    assert answer["relations"][0]["event_type"] == "SANCTION"
    assert answer["relations"][1]["event_type"]


def test_annotate_gives_sentences_actors_dates_places():
    (answer,) = answers("annotate", {"id": 1, "text": TEXT, "published": "2009-06-10"})
    assert len(answer["sentences"]) == 2
    assert {"Norway", "Chad"} <= {actor["text"] for actor in answer["actors"]}
    assert [date["value"] for date in answer["dates"]] == ["2009-06-08", "2009-05"]
    assert [place["text"] for place in answer["places"] if place["precision"] == "city"] == ["Oslo"]


def test_a_line_that_is_no_question_is_named():
    done = CliRunner().invoke(app, ["code"], input='{"id": 1, "text": "Fine."}\n{"id": 2}\n')
    assert done.exit_code == 2
    assert "line 2" in done.output


def test_a_span_outside_of_the_text_is_refused():
    done = CliRunner().invoke(app, ["code"], input='{"id": 1, "text": "Short.", "dyads": [{"source": [0, 99], "target": null}]}\n')
    assert done.exit_code == 2
    assert "outside" in done.output
