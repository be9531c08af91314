"""The baseline: a Flask server that recognizes each posted picture with ``keras.Model.predict``.

``python -m tests.bench.keras_server PORT``. It does what the original app did for each drawing: it decodes a
PNG of the whole canvas, scales it to 28×28, and calls ``predict`` on a batch of one. Its network is the
original one too. The weights make no difference to its speed.
"""

from __future__ import annotations

import base64
import io
import logging
import os
import sys

import numpy as np
from flask import Flask, jsonify, request
from flask.wrappers import Response
from PIL import Image

from recognition.alphabets import CLASSES
from recognition.render import SIZE
from tests.serving import HOST

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def create_app() -> Flask:
    """Return the application. Needs TensorFlow."""
    from training.recipes.catalog import build_network

    network = build_network("original-62")
    app = Flask(__name__)

    @app.post("/recognize")
    def recognize() -> Response:
        picture = Image.open(io.BytesIO(base64.b64decode(request.get_json()["image"])))
        levels = np.asarray(picture.resize((SIZE, SIZE)), np.float32) / 255
        channels = network.input_shape[-1]
        image = np.zeros((1, SIZE, SIZE, channels), np.float32)
        image[0, :, :, 0] = levels
        probabilities = network.predict(image, verbose=0)[0]
        best = int(probabilities.argmax())
        return jsonify(label=CLASSES[best], confidence=float(probabilities[best]))

    @app.get("/healthz")
    def answer() -> Response:
        return jsonify(status="ok")

    return app


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    create_app().run(HOST, int(sys.argv[1]), threaded=True)
