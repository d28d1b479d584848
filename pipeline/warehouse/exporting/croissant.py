"""Croissant 1.0 metadata (croissant.json): schema.org with the files, their hashes and the columns, from the declared tables.

References between tables stand in datapackage.json alone: readers of Croissant would join all that a row refers to.
"""

from typing import Any

from pipeline.contracts import Column, Table
from pipeline.warehouse.exporting.declared import MEDIA_TYPES, Form, Resource
from pipeline.warehouse.exporting.folder import Package

_TYPES = {
    "VARCHAR": "sc:Text", "DATE": "sc:Date", "TIMESTAMP": "sc:DateTime", "INTEGER": "sc:Integer", "BIGINT": "sc:Integer",
    "UBIGINT": "sc:Integer", "DOUBLE": "sc:Float", "BOOLEAN": "sc:Boolean", "BLOB": "sc:Text",
}  # fmt: skip

# Where the names that Croissant's readers know differ from the registered ones.
_MEDIA_TYPES = MEDIA_TYPES | {Form.parquet: "application/x-parquet", Form.geojson: "application/json"}

# The context that the specification gives, word for word: readers compare it.
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField",
    "path": "cr:path", "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet", "references": "cr:references",
    "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator",
    "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip


def croissant(package: Package) -> dict[str, Any]:
    """The metadata. Licence and citation are left to whoever publishes the folder."""
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": package.name,
        "description": package.description,
    }
    if package.release:
        described |= {
            "identifier": package.release.release_id,
            "version": f"{package.release.number}.0.0",
            "datePublished": package.release.published_at.date().isoformat(),
        }
    described["distribution"] = [entry for resource in package.resources for entry in _distribution(resource, package)]
    described["recordSet"] = [_record_set(resource, resource.table) for resource in package.resources if resource.table]
    return described


def _distribution(resource: Resource, package: Package) -> list[dict[str, Any]]:
    media_type = _MEDIA_TYPES[resource.form]
    files: list[dict[str, Any]] = [
        {
            "@type": "cr:FileObject",
            "@id": file,
            "name": file,
            "contentUrl": file,
            "contentSize": f"{package.files[file].size} B",
            "encodingFormat": media_type,
            "sha256": package.files[file].sha256,
        }
        for file in resource.files
    ]
    if resource.pattern:
        files.append(
            {
                "@type": "cr:FileSet",
                "@id": _set_id(resource),
                "name": resource.name,
                "encodingFormat": media_type,
                "includes": resource.pattern,
            }
        )
    return files


def _set_id(resource: Resource) -> str:
    return f"{resource.name}-files"


def _record_set(resource: Resource, table: Table) -> dict[str, Any]:
    described: dict[str, Any] = {"@type": "cr:RecordSet", "@id": resource.name, "name": resource.name, "description": table.grain}
    if table.key:
        described["key"] = [{"@id": _field_id(resource.name, key)} for key in table.key]
    described["field"] = [_field(resource, column, position) for position, column in enumerate(table)]
    return described


def _field(resource: Resource, column: Column, position: int) -> dict[str, Any]:
    is_list = column.type.endswith("[]") and resource.form in (Form.parquet, Form.geojson)
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": _field_id(resource.name, column.name),
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES.get(column.type.removesuffix("[]") if is_list else column.type, "sc:Text"),
        "source": _source(resource, column, position),
    }
    if is_list:
        described["repeated"] = True
    return described


def _field_id(record_set: str, column: str) -> str:
    return f"{record_set}/{column.replace(' ', '_')}"


def _source(resource: Resource, column: Column, position: int) -> dict[str, Any]:
    if resource.pattern:
        source: dict[str, Any] = {"fileSet": {"@id": _set_id(resource)}}
    else:
        source = {"fileObject": {"@id": resource.files[0]}}
    if resource.form is Form.geojson:
        return source | {"extract": {"jsonPath": f"$.features[*].properties.{column.name}"}}
    if resource.has_header:
        return source | {"extract": {"column": column.name}}
    # Columns without a header have no name to extract them by: the line is taken apart.
    return source | {"extract": {"fileProperty": "lines"}, "transform": {"regex": f"^(?:[^\\t]*\\t){{{position}}}([^\\t]*)"}}
