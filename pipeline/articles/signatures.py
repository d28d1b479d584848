"""What two texts are compared by: a hash of all words, a MinHash signature of five-word shingles, and hashes of its bands.

`band_hashes[0]` is the hash of all words: equal where the texts are equal but for case, punctuation and line breaks. The rest
are hashes of 20 bands of 6 signature slots. Two texts with a similarity of 0.8 share a band in 99.8 of 100 cases, those with
0.5 in 27; the signatures then confirm. Texts under 20 words have no bands: they match only when equal, headline included,
since boilerplate differs in the headline alone ("Qtly div 20 cts vs 20 cts prior").
"""

import hashlib
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rensa

Slots = npt.NDArray[np.uint32]

SLOTS = 128  # standard error of the estimate at 0.8: 0.035
_BANDS, _ROWS = 20, 6
_SHINGLE_WORDS = 5
_SHORT_WORDS = 20
_SEED = 42
_WORD = re.compile(r"\w+")
_MULTIPLIERS = np.frombuffer(hashlib.shake_256(b"dragoman bands").digest(8 * _BANDS * (_ROWS + 1)), dtype="<u8").reshape(_BANDS, _ROWS + 1)


@dataclass(frozen=True)
class Signature:
    band_hashes: list[int]
    slots: list[int]


def signatures(texts: list[tuple[str | None, str]]) -> list[Signature]:
    """Signatures of texts, given with their titles, in order; numbers are unsigned and of 64 bits at most."""
    words = [_WORD.findall(text.casefold()) for _, text in texts]
    long = [index for index, found in enumerate(words) if len(found) >= _SHORT_WORDS]
    slots = rensa.RMinHash.digests_from_token_sets([_shingles(words[index]) for index in long], num_perm=SLOTS, seed=_SEED)
    bands = _band_hashes(slots)
    made = {index: Signature([_key(words[index]), *bands[row]], list(slots[row])) for row, index in enumerate(long)}
    return [made.get(index) or Signature([_key(["", title or "", *words[index]])], []) for index, (title, _) in enumerate(texts)]


def similarity(one: Slots, others: Slots) -> npt.NDArray[np.float64]:
    """Estimated Jaccard similarity of the shingles of one text and of each row of others: the share of equal slots."""
    shares: npt.NDArray[np.float64] = (others == one).mean(axis=1)
    return shares


def _shingles(words: list[str]) -> list[str]:
    return list(map(" ".join, zip(*(words[start:] for start in range(_SHINGLE_WORDS)), strict=False)))


def _key(words: list[str]) -> int:
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _band_hashes(slots: list[list[int]]) -> list[list[int]]:
    """Multiply-add hashes with odd random multipliers, another set for each band, so that bands do not answer for each other."""
    if not slots:
        return []
    rows = np.array(slots, dtype=np.uint64)[:, : _BANDS * _ROWS].reshape(-1, _BANDS, _ROWS)
    hashes: list[list[int]] = ((rows * (_MULTIPLIERS[:, 1:] | np.uint64(1))).sum(axis=2) + _MULTIPLIERS[:, 0]).tolist()
    return hashes
