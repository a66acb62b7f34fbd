"""Records how SentencePiece splits texts of thousands of characters.

Usage: python make_long_cases.py DIR (with tokenizer.model and cases.json)
Needs sentencepiece 0.2.2. Writes DIR/long.json: for each text the SHA-256 of its ids, joined by spaces. Text i is made of the texts of cases.json
from i on, each 2 i + 1 behind the one before, 150 + i % 100 of them, joined by the i % 4th of the separators.
"""
import hashlib, json, sys
from pathlib import Path
from sentencepiece import SentencePieceProcessor

SEPARATORS = ["", " ", "\n", ",  "]


def main(folder):
    folder = Path(folder)
    model = SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    texts = [case["text"] for case in json.loads((folder / "cases.json").read_text())]
    hashes = []
    for i in range(320):
        parts = [texts[(i + j * (2 * i + 1)) % len(texts)] for j in range(150 + i % 100)]
        ids = model.encode(SEPARATORS[i % 4].join(parts))
        hashes.append(hashlib.sha256(" ".join(map(str, ids)).encode()).hexdigest())
    (folder / "long.json").write_text(json.dumps(hashes, indent=0) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
