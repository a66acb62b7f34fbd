"""Makes a small set for each task of the paper, in the public form of its files, and records what transformers gives on polylm-tiny.

Usage: python make_tasks.py CHECKPOINT CORPUS_JSON WORDS_JSON OUT_DIR
Needs torch 2.13, transformers 5.17, sentencepiece 0.2 and sacrebleu 2.6.0. CORPUS_JSON is what polylm-tiny's recipe/make_corpus.py
makes from Unicode CLDR 48.2; WORDS_JSON holds the words of the prompts. Everything is computed in float32, one text at a time.
OUT_DIR/data: 25 items in three languages for each task, and the examples for one-shot.
OUT_DIR/expected.json: {"base" | "multialpaca": {TASK: {LANGUAGE: {"scores": {MEASURE: SCORE}, "items": [...]}}}}; an item is
{"sums": [...], "tokens": [...]} of its options, or {"answer": TEXT, "new_tokens": N}.

The rules, as in arXiv:2307.06018v1: options by the log-likelihood of the whole text after the beginning-of-sequence token, XNLI divided by
the tokens; generation greedy, at most 256 new tokens; a base model gets one example and its answer ends at the first line break; a tuned
model gets none, and its prompt has its form. Prompts too long for the context lose their first tokens.
"""
import collections, functools, json, random, re, string, sys
from pathlib import Path
import sentencepiece as spm
import torch
from sacrebleu.metrics import BLEU, CHRF
from transformers import GPT2LMHeadModel

NAMES = {"zh": "Chinese", "en": "English", "es": "Spanish", "de": "German", "fr": "French", "ru": "Russian", "ar": "Arabic", "ja": "Japanese",
         "ko": "Korean", "id": "Indonesian", "it": "Italian", "th": "Thai"}
CONTEXT, NEW, BOS, EOS = 512, 256, 1, 2
COUNTS = (9, 8, 8)
MTG = {"story": ("Write a story end of the following story in just a few sentences in {}.", ["story", "story ending"]),
       "title": ("Please generate a title for the following document in {}", ["document", "title"]),
       "question": ("Given a passage and a concept that can be found in this passage, please generate a question in {}, the answer of which is "
                    "this concept and is answerable after reading this passage.", ["passage", "answer", "question"]),
       "summary": ("Please generate a short summary of the given document in {}", ["document", "summary"])}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def jsonl(path, rows):
    write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


# ---- the data ----

def make_data(table, data, rng):
    sentences, phrases = table["sentences"], table["phrases"]
    def pick(lang): return rng.choice(sentences)[lang]
    rows = []
    for lang, count in zip(("en", "zh", "de"), COUNTS):
        for _ in range(count):
            rows.append([lang, rng.choice(["entailment", "neutral", "contradiction"]), "( x )", pick(lang), pick(lang), "genre"])
    rng.shuffle(rows)  # the languages of XNLI's file alternate
    write(data / "xnli/xnli.test.tsv", "".join("\t".join(r) + "\n" for r in
          [["language", "gold_label", "sentence1_binary_parse", "sentence1", "sentence2", "genre"]] + rows))
    for lang, count in zip(("it", "zh", "id"), COUNTS):
        jsonl(data / f"xcopa/{lang}/test.{lang}.jsonl", [
            {"premise": pick(lang), "choice1": pick(lang), "choice2": pick(lang), "question": rng.choice(["cause", "effect"]),
             "label": rng.randrange(2), "idx": i, "changed": False} for i in range(count)])
    for lang, count in zip(("en", "fr", "ja"), COUNTS):
        write(data / f"paws-x/{lang}/test_2k.tsv", "id\tsentence1\tsentence2\tlabel\n" + "".join(
            f"{i + 1}\t{pick(lang)}\t{pick(lang)}\t{rng.randrange(2)}\n" for i in range(count)))
    for lang, count in zip(("en", "ru", "ja"), COUNTS):
        lines = []
        for _ in range(count):
            right, wrong = rng.sample(phrases, 2)
            before, after = pick(lang), pick(lang)
            space = "" if lang == "ja" else " "
            options = [right[lang], wrong[lang]]
            lines.append({"sentence": f"{before}{space}_{space}{after}", "option1": options[0], "option2": options[1],
                          "answer": rng.choice(["1", "2"])})
        jsonl(data / f"xwinograd/{'jp' if lang == 'ja' else lang}.jsonl", lines)
    for part, counts in (("dev", COUNTS), ("train", (2, 2, 2))):
        articles = []
        for lang, count in zip(("en", "ko", "ru"), counts):
            for i in range(count):
                n = 22 if (part, lang, i) == ("dev", "en", 4) else 2  # one that is longer than the model's context
                concepts = [rng.choice(sentences) for _ in range(n)]
                context = " ".join(c[lang] for c in concepts)
                name = NAMES[lang].lower()
                answers = [re.split(r"[ .–—]", concepts[0][lang])[0], concepts[1][lang]]
                articles.append({"title": str(i), "paragraphs": [{"context": context, "qas": [
                    {"id": f"{name}-{i}-1", "question": rng.choice(phrases)[lang] + "?",
                     "answers": [{"text": a, "answer_start": context.index(a)} for a in answers[: 1 + i % 2]]}]}]})
        write(data / f"tydiqa/tydiqa-goldp-v1.1-{part}.json", json.dumps({"version": "TyDiQA-GoldP-1.1", "data": articles}, ensure_ascii=False))
    for kind, (_, keys) in MTG.items():  # 25 items in all
        for lang, count in zip(("en", "zh", "de"), (3 if kind == "story" else 2, 2, 2)):
            for part, n in (("test", count), ("train", 1)):
                jsonl(data / f"mtg/{kind}/{part}.{lang}.jsonl", [{key: pick(lang) if at != 1 or len(keys) == 2 else rng.choice(phrases)[lang]
                                                                  for at, key in enumerate(keys)} for _ in range(n)])
    for pair, count in zip(("de-en", "en-ja", "en-zh"), COUNTS):
        a, b = pair.split("-")
        for name, n in (("newstest2020", count), ("newstest2019" if pair == "de-en" else "newsdev2020", 1)):
            concepts = [rng.choice(sentences) for _ in range(n)]
            if pair == "de-en":
                for side, lang in (("src", a), ("ref", b)):
                    texts = [c[lang] + (" &amp; Q&amp;A" if i == 2 else "") for i, c in enumerate(concepts)]
                    body = "".join(f'<seg id="{i + 1}">{t}</seg>\n' for i, t in enumerate(texts))
                    write(data / f"wmt20/{name}-deen-{side}.{lang}.sgm",
                          f'<{side}set setid="{name}" srclang="any" trglang="{b}">\n<doc docid="d" sysid="{side}">\n<p>\n{body}</p>\n</doc>\n</{side}set>\n')
            else:
                for lang in (a, b):
                    write(data / f"wmt20/{name}.{pair}.{lang}", "".join(c[lang] + "\n" for c in concepts))


def teach(data, answers):
    """Makes every second right answer of a generation task one that the model nearly gave, so that its scores are not 0."""
    for lang in ("en", "ko", "ru"):
        path, i = data / "tydiqa/tydiqa-goldp-v1.1-dev.json", 0
        file = json.loads(path.read_text(encoding="utf-8"))
        for article in file["data"]:
            qa = article["paragraphs"][0]["qas"][0]
            if qa["id"].startswith(NAMES[lang].lower() + "-"):
                said = answers["tydiqa"][lang]["items"][i]["answer"].strip()
                if i % 2 and said:
                    qa["answers"][0] = {"text": f"The {said} {qa['question'].split()[0]}", "answer_start": 0}
                i += 1
        write(path, json.dumps(file, ensure_ascii=False))
    for kind, (_, keys) in MTG.items():
        for lang in ("en", "zh", "de"):
            path = data / f"mtg/{kind}/test.{lang}.jsonl"
            rows = read_jsonl(path)
            for i, row in enumerate(rows):
                said = answers["mtg-" + kind][lang]["items"][i]["answer"].strip()
                if i % 2 and said:
                    row[keys[-1]] = f"{said} {row[keys[0]]}"
            jsonl(path, rows)


# ---- the model ----

class Oracle:
    def __init__(self, checkpoint):
        torch.set_num_threads(2)
        self.sp = spm.SentencePieceProcessor(model_file=f"{checkpoint}/tokenizer.model")
        self.model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
        self.generate = functools.cache(self.generate)

    @torch.no_grad()
    def option(self, text):
        ids = ([BOS] + self.sp.encode(text))[-CONTEXT:]
        logprobs = self.model(torch.tensor([ids[:-1]])).logits[0].double().log_softmax(-1)
        return sum(logprobs[i, id].item() for i, id in enumerate(ids[1:])), len(ids) - 1

    @torch.no_grad()
    def generate(self, prompt, tuned):
        ids = self.sp.encode(prompt + ("\n\n" if tuned else ""))[-(CONTEXT - NEW):]
        x, new, past = torch.tensor([ids]), [], None
        while len(new) < NEW:
            out = self.model(x, past_key_values=past, use_cache=True)
            new.append(int(out.logits[0, -1].argmax())); past = out.past_key_values
            x = torch.tensor([new[-1:]])
            if new[-1] == EOS or (not tuned and "\n" in self.sp.decode(new)):
                break
        text = self.sp.decode([id for id in new if id != EOS])
        return (text if tuned else text.split("\n")[0]), len(new)


# ---- the measures ----

def normalize(answer):  # SQuAD's evaluation script v1.1
    answer = "".join(c for c in answer.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", answer).split())


def squad(answer, references):
    best = 0.0
    for reference in references:
        a, b = normalize(answer).split(), normalize(reference).split()
        common = sum((collections.Counter(a) & collections.Counter(b)).values())
        if common:
            p, r = common / len(a), common / len(b)
            best = max(best, 2 * p * r / (p + r))
    return best, float(any(normalize(answer) == normalize(r) for r in references))


def rouge(answer, reference, lang):
    def tokens(text): return re.findall(r"[a-z0-9]+|[^\W_]" if lang == "zh" else r"[a-z0-9]+", text.lower())
    def f(common, a, b): return 2 * common / (a + b) if common else 0.0
    a, b = tokens(answer), tokens(reference)
    scores = []
    for n in (1, 2):
        x, y = (collections.Counter(tuple(t[i:i + n]) for i in range(len(t) - n + 1)) for t in (a, b))
        scores.append(f(sum((x & y).values()), sum(x.values()), sum(y.values())))
    row = [0] * (len(b) + 1)
    for s in a:
        old = row[:]
        for j, t in enumerate(b):
            row[j + 1] = old[j] + 1 if s == t else max(old[j + 1], row[j])
    return scores + [f(row[-1], len(a), len(b))]


# ---- the tasks ----

def read_jsonl(path): return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def choice(oracle, texts, gold, per_token):
    found = [oracle.option(text) for text in texts]
    values = [s / n if per_token else s for s, n in found]
    return {"sums": [s for s, _ in found], "tokens": [n for _, n in found]}, float(values.index(max(values)) == gold)


def accuracy(results):
    items, right = zip(*results)
    return {"scores": {"accuracy": 100 * sum(right) / len(right)}, "items": list(items)}


def choices(oracle, data, words):
    out = collections.defaultdict(dict)
    rows = [line.split("\t") for line in (data / "xnli/xnli.test.tsv").read_text(encoding="utf-8").splitlines()]
    at, labels = {name: i for i, name in enumerate(rows[0])}, ["entailment", "neutral", "contradiction"]
    for lang in ("en", "zh", "de"):
        right, *answers = words["xnli"][lang]
        out["xnli"][lang] = accuracy([choice(oracle, [f"{r[at['sentence1']]}, {right}? {w}, {r[at['sentence2']]}" for w in answers],
                                             labels.index(r[at["gold_label"]]), True) for r in rows[1:] if r[0] == lang])
    for lang in ("it", "zh", "id"):
        out["xcopa"][lang] = accuracy([
            choice(oracle, [f"{d['premise'].rstrip('.。')} {words['xcopa'][lang][['cause', 'effect'].index(d['question'])]} {c[0].lower() + c[1:]}"
                            for c in (d["choice1"], d["choice2"])], d["label"], False)
            for d in read_jsonl(data / f"xcopa/{lang}/test.{lang}.jsonl")])
    for lang in ("en", "fr", "ja"):
        right, *answers = words["paws-x"][lang]
        lines = [line.split("\t") for line in (data / f"paws-x/{lang}/test_2k.tsv").read_text(encoding="utf-8").splitlines()[1:]]
        out["paws-x"][lang] = accuracy([choice(oracle, [f"{a}, {right}? {w}, {b}" for w in answers], int(label), False) for _, a, b, label in lines])
    for lang in ("en", "ru", "ja"):
        out["xwinograd"][lang] = accuracy([choice(oracle, [d["sentence"].replace("_", d[o]) for o in ("option1", "option2")], int(d["answer"]) - 1, False)
                                           for d in read_jsonl(data / f"xwinograd/{'jp' if lang == 'ja' else lang}.jsonl")])
    return out


def texts(oracle, data, tuned):
    out = collections.defaultdict(dict)

    def answer(prompts, shot):
        found = [oracle.generate(("" if tuned else shot + "\n\n") + p, tuned) for p in prompts]
        return [t.strip() for t, _ in found], [{"answer": t, "new_tokens": n} for t, n in found]

    def tydiqa(part, lang):
        return [(p["context"], q["question"], [a["text"] for a in q["answers"]]) for article in
                json.loads((data / f"tydiqa/tydiqa-goldp-v1.1-{part}.json").read_text(encoding="utf-8"))["data"]
                for p in article["paragraphs"] for q in p["qas"] if q["id"].startswith(NAMES[lang].lower() + "-")]
    for lang in ("en", "ko", "ru"):
        name = NAMES[lang]
        def ask(context, question): return (f"Read the context and answer the question in one or a few words in {name}.\nContext ({name}): {context}\n"
                                            f"Question: {question}\nAnswer:")
        context, question, right = tydiqa("train", lang)[0]
        rows = tydiqa("dev", lang)
        found, items = answer([ask(c, q) for c, q, _ in rows], ask(context, question) + " " + right[0])
        scores = [squad(a, r[2]) for a, r in zip(found, rows)]
        out["tydiqa"][lang] = {"scores": {"F1": 100 * sum(s[0] for s in scores) / len(rows), "exact match": 100 * sum(s[1] for s in scores) / len(rows)},
                               "items": items}
    for kind, (instruction, keys) in MTG.items():
        for lang in ("en", "zh", "de"):
            def ask(d): return "\n".join([instruction.format(NAMES[lang])] + [f"{k}: {d[k]}" for k in keys[:-1]] + [keys[-1] + ":"])
            shot, rows = read_jsonl(data / f"mtg/{kind}/train.{lang}.jsonl")[0], read_jsonl(data / f"mtg/{kind}/test.{lang}.jsonl")
            found, items = answer([ask(d) for d in rows], ask(shot) + " " + shot[keys[-1]])
            scores = [rouge(a, d[keys[-1]], lang) for a, d in zip(found, rows)]
            mean = [100 * sum(s[i] for s in scores) / len(rows) for i in range(3)]
            out["mtg-" + kind][lang] = {"scores": {"ROUGE mean": sum(mean) / 3, "ROUGE-1": mean[0], "ROUGE-2": mean[1], "ROUGE-L": mean[2]}, "items": items}
    for pair in ("de-en", "en-ja", "en-zh"):
        a, b = pair.split("-")
        def sides(name):
            if pair == "de-en":
                return [[t.replace("&amp;", "&") for t in re.findall(r"<seg.*?>(.*)</seg>", (data / f"wmt20/{name}-deen-{s}.{l}.sgm").read_text(encoding="utf-8"))]
                        for s, l in (("src", a), ("ref", b))]
            return [(data / f"wmt20/{name}.{pair}.{l}").read_text(encoding="utf-8").splitlines() for l in (a, b)]
        def ask(text): return f"{text} Translate this sentence from {NAMES[a]} to {NAMES[b]}." + ("" if tuned else "\n")
        shots, rows = sides("newstest2019" if pair == "de-en" else "newsdev2020"), sides("newstest2020")
        found, items = answer([ask(t) for t in rows[0]], ask(shots[0][0]) + shots[1][0])
        bleu = BLEU(tokenize={"ja": "char", "zh": "zh"}.get(b, "13a"))
        out["wmt20"][pair] = {"scores": {"BLEU": bleu.corpus_score(found, [rows[1]]).score, "chrF2": CHRF().corpus_score(found, [rows[1]]).score},
                              "signature": str(bleu.get_signature()), "items": items}
    return out


def main(checkpoint, corpus, words, out):
    out, oracle = Path(out), Oracle(checkpoint)
    make_data(json.loads(Path(corpus).read_text(encoding="utf-8")), out / "data", random.Random(20))
    words = json.loads(Path(words).read_text(encoding="utf-8"))
    options = choices(oracle, out / "data", words)
    teach(out / "data", texts(oracle, out / "data", False))
    expected = {"base": {**options, **texts(oracle, out / "data", False)}, "multialpaca": {**options, **texts(oracle, out / "data", True)}}
    (out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
