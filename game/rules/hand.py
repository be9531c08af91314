"""Which drawings of a player the recognizer remembers, so that it learns their hand."""

from __future__ import annotations

from game.rules import tuning
from recognition import Prediction
from recognition.alphabets import get_look_alikes


def should_remember(prediction: Prediction, label: str) -> bool:
    """Return whether a drawing may be remembered as a drawing of ``label``.

    What counts is what the model sees without the player's hand. So nobody can teach it step by step that a dot is
    an 8. A person who draws an 8 like nobody else can.

    Args:
        prediction: what the model sees in the drawing.
        label: the character that was drawn. Its look-alikes count for it. If the alphabet of the prediction has
            none of these characters, the answer is no.
    """
    return (
        prediction.plausibility >= tuning.LEAST_PLAUSIBILITY
        and prediction.get_shared_probability(get_look_alikes(label, "any")) >= tuning.LEAST_SHARED
    )
