"""Which event type holds between two spans of a sentence: a small trained encoder, beside the rules.

model       the shipped model, and what it says of the dyads of a sentence
training    how it was made: `make model` trains it anew from seeds/training
MODEL_CARD.md    what it is good for, what it is not
"""

from pipeline.coder.classifier.model import NONE, Classifier, Judgement

__all__ = ["NONE", "Classifier", "Judgement"]
