"""Thirty bugs that could have slipped in, as the text to replace, and the tests that are there to notice each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """One replacement in one file."""

    harm: str
    """What goes wrong."""
    file: str
    old: str
    """Stands in the file once."""
    new: str
    tests: tuple[str, ...]
    """The fewest files, or tests in them, that should notice."""


BUGS = (
    # Files on disk
    Bug(
        "a power cut leaves an empty partition under its final name",
        "pipeline/partitions.py",
        "            file.flush()\n            os.fsync(file.fileno())\n        Path(temporary)",
        "        Path(temporary)",
        ("tests/test_partitions.py",),
    ),
    Bug(
        "a partition in a folder such as O'Brien cannot be read",
        "pipeline/partitions.py",
        """text.replace("'", "''")""",
        "text",
        ("tests/test_partitions.py",),
    ),
    Bug(
        "the published file is written over while others read it",
        "pipeline/warehouse/publishing.py",
        "    candidate.replace(warehouse)\n",
        "    shutil.copyfile(candidate, warehouse)\n",
        ("tests/warehouse/test_release.py::test_who_has_the_old_file_open_reads_it_to_its_end",),
    ),
    # Articles
    Bug(
        "a link in the inbox leads out of it",
        "pipeline/articles/sources.py",
        "entry.is_dir(follow_symlinks=False)",
        "entry.is_dir()",
        ("tests/faults/test_odd_names.py::test_what_is_no_file_is_told_and_not_opened",),
    ),
    Bug(
        "a bomb of gzip or zstd is unpacked to its end",
        "pipeline/articles/unpacking.py",
        "budget, settings, packed=raw)",
        "budget, settings)",
        ("tests/articles/test_limits.py::test_bombs_are_refused_before_they_go_off",),
    ),
    Bug(
        "of a file that is cut short, nobody hears that its end is missing",
        "pipeline/articles/reading.py",
        "    except BROKEN as error:\n        yield broken(member.locator, error)\n",
        "    except BROKEN:\n        pass\n",
        ("tests/articles/test_limits.py::test_each_breach_has_its_reason",),
    ),
    Bug(
        "publication times keep the clock of their time zone",
        "pipeline/articles/dates.py",
        "moment.astimezone(UTC).replace(tzinfo=None)",
        "moment.replace(tzinfo=None)",
        ("tests/articles/test_dates.py",),
    ),
    Bug(
        "the last shard of a batch is lost",
        "pipeline/articles/ingest.py",
        "pending.height >= (size :=",
        "pending.height > (size :=",
        ("tests/articles/test_ingest.py::test_partitions_are_as_declared_and_shards_are_even",),
    ),
    Bug(
        "two ingestions run at once",
        "pipeline/articles/ledger.py",
        "fcntl.LOCK_EX | fcntl.LOCK_NB",
        "fcntl.LOCK_SH | fcntl.LOCK_NB",
        ("tests/articles/test_ingest.py::test_two_runs_at_once",),
    ),
    Bug(
        "texts that share a few words are near duplicates",
        "pipeline/articles/duplicates.py",
        "similarity(slots[index], slots[left]) >= threshold",
        "similarity(slots[index], slots[left]) > 0",
        ("tests/articles/test_duplicates.py::test_a_band_in_common_is_no_likeness",),
    ),
    Bug(
        "of several versions of an article the longest stands, not the newest",
        "sql/staging/retired.sql",
        "(text_length * 2 >= longest, version_at, text_length, article_id)",
        "(text_length * 2 >= longest, text_length, version_at, article_id)",
        ("tests/articles/test_versions.py::test_which_articles_speak",),
    ),
    # The coder
    Bug(
        "the last letter of a trigger is missing from its span",
        "pipeline/coder/coder.py",
        "Trigger(anchor.idx, anchor.idx + len(anchor), ",
        "Trigger(anchor.idx, anchor.idx + len(anchor) - 1, ",
        ("tests/test_json_forms.py::test_an_event_has_every_key_and_offsets_into_the_text",),
    ),
    Bug(
        "what did not happen has happened",
        "pipeline/coder/events/status.py",
        """if child.dep_ == "neg" or word in _NEGATIVE and""",
        "if word in _NEGATIVE and",
        ("tests/coder/test_events.py::test_status_of",),
    ),
    Bug(
        "in the passive, who was attacked attacks",
        "pipeline/coder/events/arguments.py",
        """    if dependencies & {"auxpass", "nsubjpass"}:\n        return True\n""",
        """    if dependencies & {"auxpass", "nsubjpass"}:\n        return False\n""",
        ("tests/coder/test_events.py::test_events_of",),
    ),
    Bug(
        "a fortnight ago is a week ago",
        "pipeline/coder/dates/relative.py",
        """unit, count = "W", 2 * count""",
        """unit, count = "W", count""",
        ("tests/coder/test_dates.py",),
    ),
    Bug(
        "an article is blamed as soon as its process is killed from outside",
        "pipeline/coding/supervisor.py",
        "elif is_killed and self.taken not in self.killed:",
        "elif is_killed and self.taken in self.killed:",
        ("tests/faults/test_poison_articles.py::test_an_article_is_blamed_when_its_process_is_killed_a_second_time",),
    ),
    # The warehouse
    Bug(
        "an article that is coded anew keeps its old mentions too",
        "pipeline/warehouse/load.py",
        """        connection.execute(f"delete from raw.{table.name} where article_id in (select article_id from recoded)")\n""",
        "",
        ("tests/warehouse/test_loading.py::test_a_newer_coding_replaces_the_older_of_its_articles_only",),
    ),
    Bug(
        "a town lies in no country: reports of Geneva and of Switzerland are two events",
        "sql/staging/mention_keys.sql",
        "then [place_country, coalesce(admin1, ''), place_id]",
        "then [place_id]",
        ("tests/warehouse/test_building.py::test_places_by_containment",),
    ),
    Bug(
        "a deed and the same deed of the next day are one event",
        "pipeline/warehouse/identity.py",
        "        return self.first_day, self.last_day\n",
        "        return self.first_day and self.first_day // 2, self.last_day and self.last_day // 2\n",
        ("tests/warehouse/test_identity.py::test_near_misses_stay_apart",),
    ),
    Bug(
        "a month without a single article is a quiet month",
        "sql/marts/dyad_month.sql",
        "if(covered_days > 0, coalesce(columns('(event|mention)_count|.*_(events|mentions)'), 0), null)",
        "coalesce(columns('(event|mention)_count|.*_(events|mentions)'), 0)",
        ("tests/warehouse/test_building.py::test_panels_tell_quiet_months_from_unknown_ones",),
    ),
    Bug(
        "the mean intensity of a dyad is divided by reports instead of events",
        "sql/marts/dyad_month.sql",
        "intensity_total::double / event_count",
        "intensity_total::double / mention_count",
        ("tests/sql/test_queries.py::test_answers",),
    ),
    Bug(
        "a release holds events that it had already withdrawn",
        "sql/macros/events_as_of.sql",
        "valid_to_release > release",
        "valid_to_release >= release",
        ("tests/warehouse/test_macros.py::test_a_release_is_told_as_it_was",),
    ),
    Bug(
        "a snapshot of the DuckLake that failed is never made good",
        "pipeline/warehouse/release.py",
        "if settings.ducklake:",
        "if settings.ducklake and is_new:",
        ("tests/warehouse/test_ducklake.py::test_a_kill_before_the_snapshot_is_made_good",),
    ),
    # Audit and publication
    Bug(
        "a batch that failed its audit is published",
        "pipeline/audit.py",
        """    if validation.outcome == "failed":\n        raise""",
        """    if validation.outcome == "failed" and validation.waits_for:\n        raise""",
        ("tests/test_audit.py::test_a_batch_that_fails_is_held_with_all_behind_it_until_a_person_releases_it",),
    ),
    Bug(
        "a release takes a held batch with it",
        "pipeline/warehouse/holding.py",
        "[held for held in _held(connection) if held != batch_id]",
        "[held for held in _held(connection) if held == batch_id]",
        ("tests/warehouse/test_holding.py::test_nothing_is_published_past_a_batch_that_failed_or_was_never_audited",),
    ),
    # What others see
    Bug(
        "a query reads any file of the machine",
        "pipeline/warehouse/door.py",
        """"enable_external_access": False""",
        """"enable_external_access": True""",
        ("tests/warehouse/test_door.py::test_duckdb_refuses_behind_the_door",),
    ),
    Bug(
        "markup in an article is markup in the report",
        "pipeline/quality/page.py",
        "autoescape=True",
        "autoescape=False",
        ("tests/quality/test_report.py::test_nothing_in_any_text_runs",),
    ),
    # Day to day
    Bug(
        "upkeep ends well although an outlet has fallen silent",
        "pipeline/upkeep.py",
        "    refuse_alarms(alarms, workspace)\n",
        "",
        ("tests/test_upkeep.py::test_alarms_are_shown_written_and_told_by_the_exit_code",),
    ),
    Bug(
        "a text without a date expires on the day it was read",
        "pipeline/articles/by_day.py",
        "fill_null(read_at)",
        "fill_null(datetime.min)",
        ("tests/test_upkeep.py::test_a_text_without_a_date_expires_by_the_day_on_which_it_was_read",),
    ),
    Bug(
        "Airflow tries a failed audit again and again",
        "pipeline/scheduling.py",
        "_HOPELESS = (ValidationFailed, InputError,",
        "_HOPELESS = (InputError,",
        ("tests/dags/test_scheduling.py::test_what_trying_again_cannot_mend_fails_at_once",),
    ),
)
