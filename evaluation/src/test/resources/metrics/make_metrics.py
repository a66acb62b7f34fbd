"""Records what the Python references give: sacreBLEU's BLEU and chrF, NLTK's stems, and rouge-score's formulas by hand.

Usage: python make_metrics.py CORPUS_JSON OUT_DIR
Needs sacrebleu 2.6.0 and nltk 3.10. CORPUS_JSON is what polylm-tiny's recipe/make_corpus.py makes from Unicode CLDR 48.2.
OUT_DIR/sacrebleu.json: {"languages": {LANG: {"tokens": NAME, "bleu": CORPUS, "bleu_signature": TEXT, "chrf": CORPUS,
  "chrf_signature": TEXT, "two": {"bleu", "bleu_signature", "chrf"} with two references, "pairs": [[HYPOTHESIS, REFERENCE,
  BLEU, CHRF], ...]}}}, 125 pairs in each of 8 languages.
OUT_DIR/stems.json: {WORD: STEM}.
"""
import json, random, sys
from pathlib import Path
from nltk.stem.porter import PorterStemmer
from sacrebleu.metrics import BLEU, CHRF

LANGS = ["en", "de", "fr", "ru", "ar", "zh", "ja", "ko"]
TOKENS = {"zh": "zh", "ja": "char", "ko": "char"}
ODD = ["3.14", "1,000", "e.g.", "\u201cquoted\u201d", "&quot;x&quot;", "A&amp;B", "5-6", "well-known", "(see p. 7)", "U.S.", "50%", "$9.99", "\u2026", "\u3000",
       "\u00bd", "don't", "<skipped>", "a\u00a0b", "#1:", "x/y", "\U0001f600", "\U00020000", "\u2014", "!?", "2,5"]
ENDINGS = ["", "s", "es", "ed", "ing", "ies", "ied", "eed", "y", "ational", "tional", "enci", "anci", "izer", "bli", "alli", "entli", "eli", "ousli",
           "ization", "ation", "ator", "alism", "iveness", "fulness", "ousness", "aliti", "iviti", "biliti", "fulli", "logi", "icate", "ative", "alize",
           "iciti", "ical", "ful", "ness", "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "sion", "tion", "ou",
           "ism", "ate", "iti", "ous", "ive", "ize", "e", "ll", "lle", "ting", "pped", "zzing", "ology", "ally"]
STEMS = ["tr", "cat", "pon", "t", "hop", "fil", "feed", "plast", "mot", "conflat", "troubl", "siz", "fall", "hiss", "happ", "sky", "rel", "valen", "oper",
         "form", "electr", "good", "reviv", "depend", "activ", "controll", "roll", "y", "sayy", "toy", "syzyg", "be", "ow", "bow", "univers", "gener"]


def mixed(rng, text, unspaced):
    """Returns a text with a few of its words (or characters) left out, doubled, moved or replaced."""
    parts = list(text) if unspaced else text.split(" ")
    for _ in range(rng.randrange(0, 4)):
        at = rng.randrange(len(parts))
        change = rng.randrange(4)
        if change == 0 and len(parts) > 1:
            del parts[at]
        elif change == 1:
            parts.insert(at, parts[at])
        elif change == 2:
            parts.append(parts.pop(at))
        else:
            parts[at] = rng.choice(ODD)
    return ("" if unspaced else " ").join(parts)


def main(corpus, out):
    rng, table, languages = random.Random(19), json.loads(Path(corpus).read_text()), {}
    for lang in LANGS:
        unspaced = lang in ("zh", "ja")
        hypotheses, references, others = [], [], []
        for i in range(125):
            texts = [rng.choice(table["sentences"])[lang]] + [rng.choice(table["phrases"])[lang] for _ in range(rng.randrange(0, 3))]
            if rng.random() < 0.5:
                texts.insert(rng.randrange(len(texts) + 1), rng.choice(ODD))
            reference = ("" if unspaced else " ").join(texts)
            references.append(reference)
            others.append(mixed(rng, reference, unspaced))
            hypotheses.append("" if i == 7 else rng.choice(table["phrases"])[lang] if i % 25 == 3 else mixed(rng, reference, unspaced))
        tokens = TOKENS.get(lang, "13a")
        bleu, chrf = BLEU(tokenize=tokens), CHRF()
        result = {"tokens": tokens, "bleu": bleu.corpus_score(hypotheses, [references]).score, "bleu_signature": str(bleu.get_signature()),
                  "chrf": chrf.corpus_score(hypotheses, [references]).score, "chrf_signature": str(chrf.get_signature())}
        bleu, chrf = BLEU(tokenize=tokens), CHRF()
        result["two"] = {"references": others, "bleu": bleu.corpus_score(hypotheses, [references, others]).score,
                         "bleu_signature": str(bleu.get_signature()), "chrf": chrf.corpus_score(hypotheses, [references, others]).score}
        result["pairs"] = [[h, r, BLEU(tokenize=tokens).corpus_score([h], [[r]]).score, CHRF().corpus_score([h], [[r]]).score]
                           for h, r in zip(hypotheses, references)]
        languages[lang] = result
    out = Path(out)
    (out / "sacrebleu.json").write_text(json.dumps({"languages": languages}, ensure_ascii=False, indent=0) + "\n")
    stemmer = PorterStemmer()
    words = sorted({stem + ending for stem in STEMS for ending in ENDINGS} | set(stemmer.pool))
    (out / "stems.json").write_text(json.dumps({word: stemmer.stem(word) for word in words}, indent=0) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
