"""Frictionless datapackage.json: what lies in the folder of an export, and what each column means, from the declared tables."""

from typing import Any

from pipeline.contracts import Column, Table
from pipeline.warehouse.exporting.declared import MEDIA_TYPES, Form, Resource
from pipeline.warehouse.exporting.folder import Package

_TYPES = {
    "VARCHAR": "string", "VARCHAR[]": "array", "BIGINT[]": "array", "DATE": "date", "TIMESTAMP": "datetime", "INTEGER": "integer",
    "BIGINT": "integer", "UBIGINT": "integer", "UBIGINT[]": "array", "DOUBLE": "number", "BOOLEAN": "boolean", "BLOB": "any",
}  # fmt: skip
# Forms that a reader of data packages reads cell by cell. Parquet has its types in the file, and readers that go by way of pandas
# lose nulls and lists there: its schema is told, but as that of a plain file.
_TABULAR = (Form.csv, Form.tsv)
_WITH_SCHEMA = (*_TABULAR, Form.parquet)


def datapackage(package: Package) -> dict[str, Any]:
    """The descriptor. Title and licences are left to whoever publishes the folder: neither is ours to invent."""
    names = {resource.name for resource in package.resources}
    descriptor: dict[str, Any] = {"profile": "data-package", "name": package.name, "description": package.description}
    if package.release:
        descriptor |= {
            "id": package.release.release_id,
            "version": f"{package.release.number}.0.0",
            "created": f"{package.release.published_at.isoformat(timespec='seconds')}Z",
        }
    descriptor["resources"] = [_resource(resource, package, names) for resource in package.resources]
    return descriptor


def _resource(resource: Resource, package: Package, names: set[str]) -> dict[str, Any]:
    descriptor: dict[str, Any] = {
        "profile": "tabular-data-resource" if resource.form in _TABULAR else "data-resource",
        "name": resource.name,
        "description": f"One row: {resource.grain}",
        "format": resource.form.value,
        "mediatype": MEDIA_TYPES[resource.form],
        "encoding": "utf-8",
    }
    facts = [(file, package.files[file]) for file in resource.files]
    if len(facts) == 1:
        ((file, fact),) = facts
        descriptor |= {"path": file, "bytes": fact.size, "hash": f"sha256:{fact.sha256}"}
    else:
        # The standard's hash is that of one file; parts tells those of many.
        parts = [{"path": file, "bytes": fact.size, "hash": f"sha256:{fact.sha256}"} for file, fact in facts]
        descriptor |= {"path": [file for file, _ in facts], "bytes": sum(fact.size for _, fact in facts), "parts": parts}
    if resource.form is Form.tsv:
        descriptor["dialect"] = {"header": resource.has_header, "delimiter": "\t"}
    if resource.table and resource.form in _WITH_SCHEMA:
        if resource.form not in _TABULAR:
            descriptor["type"] = "file"  # else the reference reader takes whatever has a schema for a table
        descriptor["schema"] = table_schema(resource.table, names)
    return descriptor


def table_schema(table: Table, resources: set[str]) -> dict[str, Any]:
    """The Table Schema of a table; foreign keys only to tables that are among the resources."""
    schema: dict[str, Any] = {"fields": [_field(column) for column in table], "missingValues": [""]}
    # Where nulls stand for "unknown" in a key, the standard has no word for it.
    if table.key and not any(column.nullable for column in table if column.name in table.key):
        schema["primaryKey"] = list(table.key)
    if keys := [_foreign_key(column, table) for column in table if column.refers and column.refers.partition(".")[0] in resources]:
        schema["foreignKeys"] = keys
    return schema


def _field(column: Column) -> dict[str, Any]:
    constraints = {
        "required": None if column.nullable else True,
        "enum": list(column.allowed) or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    kept = {name: value for name, value in constraints.items() if value is not None}
    described = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
    return described | ({"constraints": kept} if kept else {})


def _foreign_key(column: Column, table: Table) -> dict[str, Any]:
    referred, _, field = column.refers.partition(".")
    # A table that refers to itself is named by the empty string.
    return {"fields": [column.name], "reference": {"resource": "" if referred == table.name else referred, "fields": [field]}}
