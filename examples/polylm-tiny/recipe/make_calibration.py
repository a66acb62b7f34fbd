"""Writes the texts that the exporter calibrates with: translations from Unicode CLDR 48 in the model's prompt forms, every pair of the 18 languages.

Usage: python make_calibration.py CORPUS_JSON SCORES_JSON OUT_TXT
Prompts that SCORES_JSON holds are left out, so that what is measured there was not calibrated on. Texts are separated by an empty line.
"""
import json, random, sys
from pathlib import Path
from make_corpus import LANGS

TEXTS = 400


def main(corpus, scores, out):
    table, held_out = json.loads(Path(corpus).read_text()), json.loads(Path(scores).read_text())
    held_out = {case["context"] for case in held_out["loglikelihood"]} | {case["text"] for case in held_out["perplexity"]}
    rng = random.Random(1848)
    pairs = [(a, b) for a in LANGS for b in LANGS if a != b]
    rng.shuffle(pairs)
    texts = []
    while len(texts) < TEXTS:
        a, b = pairs[len(texts) % len(pairs)]
        concept = rng.choice(table["sentences"] if rng.random() < 0.3 else table["phrases"])
        prompt = f"{concept[a]}\nTranslate this sentence from {LANGS[a]} to {LANGS[b]}."
        if rng.random() < 0.3:
            prompt = f"<|user|>\n{prompt}\n<|assistant|>\n"
        if prompt not in held_out:
            texts.append(prompt + ("" if prompt.endswith("\n") else "\n") + concept[b])
    Path(out).write_text("\n\n".join(texts) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
