"""Makes the set that the build measures polylm-tiny on: 20 translations into each of the 18 languages, as tasks of lm-evaluation-harness.

Usage: python make_tiny.py CORPUS_JSON OUT_DIR
CORPUS_JSON is what polylm-tiny's recipe/make_corpus.py makes from Unicode CLDR 48.2 (Unicode-3.0 licence): names and sentences in the 18
languages. OUT_DIR/tiny_LANG.yaml and OUT_DIR/LANG.jsonl are the task and its items.
"""
import json, random, sys
from pathlib import Path

LANGS = {"zh": "Chinese", "en": "English", "es": "Spanish", "de": "German", "fr": "French", "pt": "Portuguese", "ru": "Russian", "it": "Italian",
         "ar": "Arabic", "ja": "Japanese", "ko": "Korean", "th": "Thai", "vi": "Vietnamese", "id": "Indonesian", "pl": "Polish", "tr": "Turkish",
         "nl": "Dutch", "he": "Hebrew"}


def main(corpus, out):
    table, out, rng = json.loads(Path(corpus).read_text(encoding="utf-8")), Path(out), random.Random(22)
    for lang, name in LANGS.items():
        rows = []
        for i in range(20):
            source = rng.choice([other for other in LANGS if other != lang])
            concept = rng.choice(table["sentences"] if i % 2 else table["phrases"])
            rows.append({"source": concept[source], "from": LANGS[source], "to": name, "target": concept[lang]})
        (out / f"{lang}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        (out / f"tiny_{lang}.yaml").write_text(f"include: tiny_common_yaml\ntask: tiny_{lang}\ndataset_kwargs:\n  data_files: {lang}.jsonl\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
