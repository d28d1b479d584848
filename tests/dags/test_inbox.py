"""The trigger that watches the inbox: it fires for new files once they stand still."""

import asyncio

import pytest

pytestmark = pytest.mark.slow  # Airflow takes seconds to import: inside the tests, so that nobody waits for it who runs others


def trigger_on(inbox):
    from pipeline.inbox import InboxTrigger

    return InboxTrigger(str(inbox), 0.05)


def events_of(trigger, seconds, during):
    """The events of a trigger within some seconds, while `during` works on the folder."""

    async def watch():
        told = []

        async def collect():
            async for event in trigger.run():
                told.append(event.payload)

        watcher = asyncio.create_task(collect())
        await during()
        await asyncio.sleep(seconds)
        watcher.cancel()
        return told

    return asyncio.run(watch())


def test_a_settled_file_is_told_once(tmp_path):
    async def drop():
        (tmp_path / "a.txt").write_text("one")

    assert events_of(trigger_on(tmp_path), 0.4, drop) == [{"files": 1}]


def test_a_second_file_is_told_again(tmp_path):
    async def drop_two():
        (tmp_path / "a.txt").write_text("one")
        await asyncio.sleep(0.3)
        (tmp_path / "b.txt").write_text("two")

    assert events_of(trigger_on(tmp_path), 0.4, drop_two) == [{"files": 1}, {"files": 2}]


def test_an_empty_inbox_says_nothing(tmp_path):
    async def nothing():
        return

    assert events_of(trigger_on(tmp_path), 0.3, nothing) == []


def test_a_snapshot_sees_files_of_subfolders(tmp_path):
    (tmp_path / "outlet").mkdir()
    (tmp_path / "outlet" / "a.txt").write_text("one")
    from pipeline.inbox import snapshot

    assert [name.rsplit("/", 2)[-2:] for name, _, _ in snapshot(tmp_path)] == [["outlet", "a.txt"]]


def test_a_trigger_survives_serialisation():
    from pipeline.inbox import InboxTrigger

    path, arguments = InboxTrigger("inbox", 2.0).serialize()
    assert path == "pipeline.inbox.InboxTrigger"
    assert InboxTrigger(**arguments).folder == "inbox"
