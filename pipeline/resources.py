"""Where the data files that the code reads lie: beside pipeline/ in a checkout, inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "_resources" if (_PACKAGE / "_resources").is_dir() else _PACKAGE.parent

SQL = _ROOT / "sql"
EXPECTATIONS = _ROOT / "expectations"
SEEDS = _ROOT / "seeds"
