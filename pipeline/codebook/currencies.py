"""Names and signs of currencies, with their ISO 4217 codes.

A name without a country stands for the currency that news means by it ("dollar" USD, "rupee" and "Rs" INR, "pound" GBP);
where news means many ("peso", "franc"), the code is unknown.
"""

import re
from pathlib import Path

from pipeline import resources
from pipeline.codebook.seed_files import read_seed

_CODE = re.compile(r"[A-Z]{3}|")


def load_currencies(folder: Path = resources.SEEDS / "codebook") -> dict[str, str | None]:
    """Reads currencies.csv: names in lower case and the singular, with their codes; SeedError for one that stands twice or is malformed."""
    currencies: dict[str, str | None] = {}
    for row in read_seed(folder / "currencies.csv", ("name", "currency_code")):
        if row["name"] in currencies or row["name"] != row["name"].lower() or not row["name"]:
            raise row.error(f"currency {row['name']!r} stands twice, is empty, or is not in lower case")
        if not _CODE.fullmatch(row["currency_code"]):
            raise row.error(f"{row['currency_code']!r} is no ISO 4217 code")
        currencies[row["name"]] = row["currency_code"] or None
    return currencies
