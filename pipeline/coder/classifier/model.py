"""The shipped model: a sentence is encoded once, then each pair of its spans is judged.

`classifier.onnx` takes the tokens of one sentence and, for each dyad, which tokens make up the source and which the target
(none where the role is open). It gives a score for each label: a PLOVER type with its mode, or NONE, "nothing between these two".
Sentences go through one by one: in a batch their numbers would depend on their neighbours.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

NONE = "NONE"
MODEL = Path(__file__).with_name("classifier.onnx")
TOKENIZER = Path(__file__).with_name("tokenizer.json")
MOST_TOKENS = 128  # word pieces of a sentence; what lies behind them is not seen

Span = tuple[int, int] | None
Dyad = tuple[Span, Span]
Label = tuple[str, str | None]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Judgement:
    """What the model thinks of a dyad: the probability of each type, NONE among them, and the likeliest mode of each."""

    types: dict[str, float]
    modes: dict[str, str | None]

    @property
    def none(self) -> float:
        return self.types[NONE]

    @property
    def event_type(self) -> str:
        """The likeliest type, given that something holds between the two."""
        return max((kind for kind in self.types if kind != NONE), key=self.types.__getitem__)


class Classifier:
    """Loads the model; one thread, as work is spread over processes."""

    def __init__(self, model: Path = MODEL, tokenizer: Path = TOKENIZER) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._labels = read_labels(self._session.get_modelmeta().custom_metadata_map["labels"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def judge(self, sentence: str, dyads: Sequence[Dyad]) -> list[Judgement]:
        """One judgement a dyad; spans count characters of the sentence."""
        if not dyads:
            return []
        encoding = self._tokenizer.encode(sentence)
        scores = self._session.run(
            None,
            {
                "tokens": np.array([encoding.ids], dtype=np.int64),
                "source": np.stack([token_mask(encoding.offsets, source) for source, _ in dyads]),
                "target": np.stack([token_mask(encoding.offsets, target) for _, target in dyads]),
            },
        )[0]
        return [self._judgement(row) for row in softmax(scores)]

    def _judgement(self, probabilities: Floats) -> Judgement:
        types: dict[str, float] = {}
        best: dict[str, tuple[float, str | None]] = {}
        for (kind, mode), probability in zip(self._labels, map(float, probabilities), strict=True):
            types[kind] = types.get(kind, 0.0) + probability
            best[kind] = max(best.get(kind, (-1.0, None)), (probability, mode), key=lambda pair: pair[0])
        return Judgement(types, {kind: mode for kind, (_, mode) in best.items()})


def read_labels(written: str) -> list[Label]:
    return [(kind, mode) for kind, mode in json.loads(written)]


def token_mask(offsets: Sequence[tuple[int, int]], span: Span) -> Floats:
    """1 for each token that overlaps the span, else 0."""
    start, end = span or (0, 0)
    return np.array([first < end and start < last and first < last for first, last in offsets], dtype=np.float32)


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
