"""Dragoman: from news articles to a warehouse of political events.

flow        the five steps: ingest, code, load, validate, publish; the last of them in audit
recoding    an interval coded again, the old coding kept until the new one passed
upkeep      texts that expire, space, exports, coverage alarms
cli         the command line over them
articles    files -> article records, rejects and duplicates
coder       text -> actors, dates, places and events; a pure library
warehouse   partitions -> tables -> the published DuckDB file
quality     expectations and the validation report
site        the explorer, pages beside the published file
codebook    seeds/ loaded and cross-checked: ontology, actors, triggers
contracts   every table and column, declared once
scoring, calibration  the coder against articles coded by hand; how far its confidence is to be trusted
scheduling, inbox, airflow_home  what dags/ is made of; Airflow on this machine
provenance, console  what made an event, in words; what a person sees in the terminal
config, partitions, resources, overruling: settings, Parquet files, data files, a person's decision
errors, masking, logs  one exception a condition; credentials taken out of what is said; how a run is told

Imports run one way: cli and dags -> flow, audit -> articles, coder, warehouse, quality, site -> codebook -> contracts and the rest.
These five packages do not import each other.
"""
