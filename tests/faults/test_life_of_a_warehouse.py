"""Whatever a warehouse lives through, its invariants hold after each step, and in the end it is as if all had come at once.

News comes in, is reprinted, corrected and taken back, under a few addresses and on a few days; some of it late, some of it again; runs
are killed anywhere. Files are run one by one; the fresh warehouse that the end is compared with is given all of them in one run.
At the beginning there is so much else in it that a change touches little of it, as in a real one.
"""

import filecmp
import json
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, currently_in_test_context, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule, run_state_machine_as_test

from pipeline.coder.coder import Coder
from pipeline.config import Workspace
from pipeline.warehouse import export_canonical
from tests.faults.attempts import Server, attempts
from tests.faults.invariants import broken
from tests.faults.stand_ins import remember
from tests.faults.test_kills import left_over

pytestmark = pytest.mark.slow  # many whole runs

STORIES = (
    "Antony Blinken met Sergei Lavrov in Reykjavik on Wednesday. The two ministers discussed arms control and the war in Syria "
    "for almost two hours, officials said. Russia accused the United States of meddling in its elections.",
    "In Reykjavik, the American secretary of state held talks with his Russian counterpart on Wednesday. Antony Blinken told "
    "Sergei Lavrov that the United States wanted a stable relationship. Lavrov said that Moscow would agree to further meetings.",
    "Gunmen killed twelve soldiers in northern Mali on Monday, an army spokesman said. The attackers also abducted three drivers "
    "of an aid convoy near the border. France condemned the attack and promised to send two more helicopters to Bamako.",
    "The United Nations said that militants had attacked a Malian army post on Monday and killed at least ten soldiers. "
    "Thousands of people protested in Bamako on Tuesday against the government and asked the president to resign.",
    "Norway recalled its ambassador from Chad on Friday after a dispute about fishing rights. Chad expelled two Norwegian "
    "diplomats a day later. The Norwegian foreign minister said that her country might impose sanctions on Chad next month.",
    "Japan gave Kenya forty million dollars for a new port at Mombasa. The president of Kenya will visit Tokyo in June to sign "
    "an agreement on trade. Opposition leaders in Nairobi criticised the government over the loan.",
    "The weather stayed warm over the whole week, and gardeners had much to do. Roses came into bloom earlier than in most "
    "years. The museum of the town shows old maps until the end of the summer, and visitors may bring their own.",
)
ELSEWHERE = [
    f"{one} recalled its ambassador from {other} on Monday. The foreign minister of {other} criticised the decision and asked {one} "
    f"for talks. {other} then signed an agreement on trade with {third}."
    for one, other, third in (
        ("Zambia", "Angola", "Peru"), ("Egypt", "Sudan", "India"), ("Greece", "Turkey", "Cuba"), ("Poland", "Belarus", "China"),
        ("Chile", "Bolivia", "Spain"), ("Nepal", "Bhutan", "Qatar"), ("Ghana", "Togo", "Brazil"), ("Iran", "Iraq", "Oman"),
    )
]  # fmt: skip
FORMS = {
    "as written": lambda story: story,
    "reprinted": lambda story: f"{story} Printed in the evening edition on page four.",
    "corrected": lambda story: f"{story.replace('twelve', 'fourteen').replace('Friday', 'Thursday')} An earlier version named another day.",
    "in short": lambda story: story.split(". ")[0] + ".",
}
DAYS = (date(2021, 5, 20), date(2021, 4, 28), date(2021, 5, 23), date(2021, 6, 3), None)
OUTLETS = ("Northern Wire", "Harbour Post", "Straits Ledger")


@dataclass(frozen=True)
class Telling:
    """A story as an outlet tells it on a day, under an address of its own or none."""

    story: int
    form: str
    day: date | None
    outlet: str
    address: int | None
    hour: int = 0
    """Of the last change, on that day."""

    @property
    def text(self) -> str:
        return FORMS[self.form](STORIES[self.story])

    @property
    def record(self) -> dict[str, Any]:
        told = {"title": f"Story {self.story}", "text": self.text, "publisher": self.outlet, **_at(self.address, self.day)}
        return told | ({"updated": f"{self.day}T{self.hour:02}:00:00Z"} if self.day and self.hour else {})


@dataclass(frozen=True)
class Notice:
    """An outlet takes back what stands under an address, in the versions up to a day."""

    outlet: str
    address: int | None
    day: date | None

    @property
    def record(self) -> dict[str, Any]:
        return {"title": "Kill", "publisher": self.outlet, "pubstatus": "canceled", **_at(self.address, self.day)}


def _at(address: int | None, day: date | None) -> dict[str, str]:
    url = {} if address is None else {"url": f"https://wire.example/world/{address}"}
    return url | ({"date": str(day)} if day else {})


days, forms, outlets, hours = st.sampled_from(DAYS), st.sampled_from(list(FORMS)), st.sampled_from(OUTLETS), st.integers(0, 23)
stories, addresses = st.integers(0, len(STORIES) - 1), st.integers(1, 4)
tellings = st.builds(Telling, stories, forms, days, outlets, addresses)

NOW, LATE = "comes now", "comes late"
fates = st.just(LATE) | st.just(NOW) | st.integers(0, 499)
"""Of a file: a number chooses the place where its run is killed."""
ENDS = {"run": (0, 4), "upkeep": (0, 5)}
"""How commands may end. Records may be refused, and upkeep waits for a batch that was loaded and not published."""
HAPPENS = ("kills", "added", "changed", "withdrawn", "repeated", "replaced", "retracted")


class LifeOfAWarehouse(RuleBasedStateMachine):
    """A warehouse, its inbox, and the files of it that are still to come, or whose run was killed."""

    server: ClassVar[Server]
    coder: ClassVar[Coder]
    memory: ClassVar[Path]
    beginning: ClassVar[Path]
    """The warehouse that every life begins with; its news lies beside it."""
    places: ClassVar[dict[str, None]]
    """Where runs passed by that came to their end, in order."""
    seen: ClassVar[Counter[str]]
    articles = Bundle("articles")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="life-"))
        self.inbox, self.warehouse = self.folder / "inbox", self.folder / "lived" / "warehouse.duckdb"
        self.before = self.folder / "before.duckdb"
        shutil.copytree(self.beginning.parent, self.warehouse.parent)
        shutil.copytree(self.beginning.parent.with_name("inbox"), self.inbox)
        shutil.copy2(self.warehouse, self.before)
        self.late: list[Path] = []
        self.is_sound, self.has_run = True, False

    @rule(target=articles, told=st.lists(tellings, min_size=1, max_size=3), fate=fates)
    def news_comes_in(self, told: list[Telling], fate: str | int) -> Any:
        self.comes_in(told, fate)
        return multiple(*told)

    @rule(target=articles, article=articles, outlet=outlets, day=days, form=forms, fate=fates)
    def it_is_reprinted(self, article: Telling, outlet: str, day: date | None, form: str, fate: str | int) -> Telling:
        reprint = replace(article, outlet=outlet, day=day, form=form, address=None)
        self.comes_in([reprint], fate)
        return reprint

    @rule(target=articles, article=articles, told=tellings, hour=hours, fate=fates)
    def it_is_edited(self, article: Telling, told: Telling, hour: int, fate: str | int) -> Telling:
        version = replace(told, outlet=article.outlet, address=article.address, hour=hour)
        self.comes_in([version], fate)
        return version

    @rule(article=articles, form=forms, hour=hours, fate=fates)
    def it_is_corrected_on_the_same_day(self, article: Telling, form: str, hour: int, fate: str | int) -> None:
        self.comes_in([replace(article, form=form, hour=hour)], fate)

    @rule(article=articles, day=days, fate=fates)
    def it_is_taken_back(self, article: Telling, day: date | None, fate: str | int) -> None:
        self.comes_in([Notice(article.outlet, article.address, day)], fate)

    @precondition(lambda self: self.late)
    @rule(which=st.integers(0, 9), killed=st.none() | st.integers(0, 499))
    def what_was_late_comes(self, which: int, killed: int | None) -> None:
        file = self.late.pop(which % len(self.late))
        self.run(file, killed)
        if killed is not None:
            self.late.append(file)

    @rule()
    def everything_comes_again(self) -> None:
        before = self.warehouse.stat().st_mtime_ns
        is_known, self.late = not self.late, []
        self.run(self.inbox)
        assert not is_known or self.warehouse.stat().st_mtime_ns == before, "what was published already was published again"

    @invariant()
    def what_is_published_holds(self) -> None:
        if self.before.stat().st_mtime_ns == self.warehouse.stat().st_mtime_ns:
            return
        faults = broken(self.warehouse, self.before)
        self.is_sound = self.is_sound and not faults
        assert not faults, faults
        shutil.copy2(self.warehouse, self.before)

    def comes_in(self, told: Sequence[Telling | Notice], fate: str | int) -> None:
        """Puts records into a file of the inbox, and runs it, unless it is late."""
        remember(self.coder, ((one.text, one.day) for one in told if isinstance(one, Telling)), self.memory)
        file = self.inbox / f"{len(list(self.inbox.iterdir())):02}.jsonl"
        file.write_text("\n".join(json.dumps(one.record) for one in told))
        if isinstance(fate, int):
            self.run(file, fate)
        elif fate == NOW:
            self.run(file)
        if fate != NOW:
            self.late.append(file)

    def run(self, inbox: Path, killed: int | None = None) -> None:
        self.attempt("run", str(inbox), "--workers", "1", killed=killed)

    def attempt(self, *command: str, killed: int | None = None, **environment: str) -> int:
        """How a command ended: well, with some records refused perhaps, behind another batch; or killed, where it came to that place."""
        place = None if killed is None or not self.places else list(self.places)[killed % len(self.places)]
        self.is_sound, self.has_run = False, True
        status, passed = self.server.command(*command, "--warehouse", str(self.warehouse), settings=environment, at=place)
        self.places.update(dict.fromkeys(passed))
        if currently_in_test_context():
            note(f"{' '.join(command)}, to be killed at {place}: {status}")
        assert status in ENDS[command[0]] or (place and status == -signal.SIGKILL), status
        self.seen["runs"] += 1
        self.seen["kills"] += status == -signal.SIGKILL
        self.is_sound = True
        return status

    def teardown(self) -> None:
        try:
            if self.is_sound and self.has_run:
                self.end()
        finally:
            shutil.rmtree(self.folder)

    def end(self) -> None:
        """All that is late comes at once, and the warehouse is as a fresh one that was given everything in one run."""
        self.run(self.inbox)
        self.what_is_published_holds()
        assert left_over(self.warehouse.parent) == []
        self.count()
        self.compare(self.folder / "fresh" / "warehouse.duckdb")

    def compare(self, fresh: Path) -> None:
        status, _ = self.server.run(self.inbox, fresh)
        assert status in (0, 4)
        lived, expected = self.folder / "lived canonical", self.folder / "fresh canonical"
        names = sorted(path.name for path in export_canonical(Workspace(self.warehouse), lived))
        export_canonical(Workspace(fresh), expected)
        _, differing, _ = filecmp.cmpfiles(lived, expected, names, shallow=False)
        assert not differing, {name: _differing_lines(lived / name, expected / name) for name in differing}

    def count(self) -> None:
        """What the life had in it."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            for sql in (
                "select change, count(*) from changes group by all",
                "select 'retracted', count(*) from articles where outcome = 'rejected'",
                "select 'repeated', count(duplicate_of) from articles union all select 'replaced', count(replaced_by) from articles",
            ):
                self.seen.update(dict(connection.execute(sql).fetchall()))


def _differing_lines(one: Path, other: Path) -> list[str]:
    return sorted(set(one.read_text().splitlines()) ^ set(other.read_text().splitlines()))[:6]


class ForgetfulWarehouse(LifeOfAWarehouse):
    """One whose texts expire now and then. What was never coded cannot be coded later, so that it is not compared with a fresh one."""

    @rule(before=st.sampled_from([day for day in DAYS if day]), killed=st.none() | st.integers(0, 499))
    def texts_expire(self, before: date, killed: int | None) -> None:
        status = self.attempt("upkeep", killed=killed, **_expiring(before))
        if status == 0:
            old = pl.col("published_at") < datetime(before.year, before.month, before.day)
            texts = pl.read_parquet(Workspace(self.warehouse).lake / "article_records" / "*.parquet").filter(old)["text"]
            self.seen["expired"] += len(texts)
            assert set(texts) <= {""}
            with duckdb.connect(str(self.warehouse), read_only=True) as connection:
                kept = connection.execute("select title, published_at from articles where published_at < $1 and text is not null", [before])
                assert kept.fetchall() == []

    def compare(self, fresh: Path) -> None:
        pass


def _expiring(before: date) -> dict[str, str]:
    return {"DRAGOMAN_TEXT_RETENTION_DAYS": str((date.today() - before).days)}


@pytest.fixture(scope="module", autouse=True)
def world(coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the machines share."""
    LifeOfAWarehouse.coder, LifeOfAWarehouse.memory = coder, tmp_path_factory.mktemp("life") / "memory"
    folder = tmp_path_factory.mktemp("beginning")
    (folder / "inbox").mkdir()
    records = [
        {"title": text[:20], "text": text, "date": f"2021-05-{number + 10}", "url": f"https://post.example/{number}", "publisher": "Post"}
        for number, text in enumerate(ELSEWHERE)
    ]
    (folder / "inbox" / "beginning.jsonl").write_text("\n".join(map(json.dumps, records)))
    told = [(text, date(2021, 5, number + 10)) for number, text in enumerate(ELSEWHERE)]
    remember(coder, [*told, *(("", day) for day in DAYS)], LifeOfAWarehouse.memory)  # "": a text that expired before it was coded
    LifeOfAWarehouse.beginning = folder / "lived" / "warehouse.duckdb"
    with attempts(LifeOfAWarehouse.memory) as LifeOfAWarehouse.server:
        assert LifeOfAWarehouse.server.run(folder / "inbox", LifeOfAWarehouse.beginning)[0] == 0
        assert not (faults := broken(LifeOfAWarehouse.beginning)), faults
        yield


def test_a_life_in_which_everything_happens() -> None:
    LifeOfAWarehouse.places, LifeOfAWarehouse.seen = {}, Counter()
    talks, attack = Telling(0, "as written", DAYS[0], "Northern Wire", 1), Telling(2, "as written", DAYS[0], "Straits Ledger", 2)
    once_more = replace(attack, outlet="Northern Wire", day=DAYS[3], address=None)
    life = LifeOfAWarehouse()
    try:
        for happens in (
            lambda: life.comes_in([talks, attack], NOW),
            lambda: life.comes_in([once_more, replace(talks, story=1, day=DAYS[1], address=3)], LATE),
            lambda: life.it_is_reprinted(attack, "Harbour Post", DAYS[2], "reprinted", NOW),
            lambda: life.it_is_edited(talks, replace(talks, story=4, day=DAYS[2]), 0, 60),
            lambda: life.it_is_taken_back(attack, DAYS[2], NOW),
        ):
            happens()
            life.what_is_published_holds()
        life.end()
    finally:
        shutil.rmtree(life.folder)
    assert all(life.seen[what] for what in HAPPENS), life.seen


@pytest.mark.parametrize("machine", [LifeOfAWarehouse, ForgetfulWarehouse])
def test_any_life(is_long: bool, machine: type[LifeOfAWarehouse]) -> None:
    """In short one life, always the same."""
    if machine is ForgetfulWarehouse and not is_long:
        pytest.skip("takes minutes: make fault-test")
    machine.places, machine.seen = {}, Counter()
    given = {
        "deadline": None, "database": None, "print_blob": True, "suppress_health_check": list(HealthCheck),
        "max_examples": 200 if is_long else 2, "stateful_step_count": 12 if is_long else 5,  # in the first of two, nothing happens
    }  # fmt: skip
    run_state_machine_as_test(machine if is_long else seed(56)(machine), settings=settings(**given))
    print(machine.seen)
    assert not is_long or all(machine.seen[what] for what in HAPPENS), machine.seen
