"""Records what lm-evaluation-harness makes of the YAML files in tasks/, with polylm-tiny.

Usage: python make_harness.py CHECKPOINT CORPUS_JSON OUT_DIR
Needs lm_eval 0.4.13, torch 2.13, transformers 5.17, sentencepiece 0.2. CORPUS_JSON is what polylm-tiny's recipe/make_corpus.py makes.
OUT_DIR/data: the items. OUT_DIR/expected.json: {TASK: {"results": {METRIC: VALUE}, "samples": [[[CONTEXT, CONTINUATION, SUM], ...]]}},
and for generate_until {TASK: {..., "samples": [[[PROMPT, ANSWER]]]}}.
"""
import json, os, random, sys
from pathlib import Path
import sentencepiece as spm
import torch
from lm_eval import simple_evaluate
from lm_eval.api.model import TemplateLM
from lm_eval.tasks import TaskManager
from transformers import GPT2LMHeadModel

CONTEXT, BOS, EOS = 512, 1, 2


class Tiny(TemplateLM):
    backend = "causal"

    def __init__(self, checkpoint):
        super().__init__()
        self.sp = spm.SentencePieceProcessor(model_file=f"{checkpoint}/tokenizer.model")
        self.model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()

    @property
    def eot_token_id(self): return EOS

    @property
    def prefix_token_id(self): return BOS

    def tok_encode(self, string, add_special_tokens=None, **kwargs): return self.sp.encode(string)

    @torch.no_grad()
    def _loglikelihood_tokens(self, requests, **kwargs):
        found = []
        for _, context, continuation in requests:
            ids = (context + continuation)[-(CONTEXT + 1):]
            logprobs = self.model(torch.tensor([ids[:-1]])).logits[0].double().log_softmax(-1)[-len(continuation):]
            found.append((sum(row[id].item() for row, id in zip(logprobs, continuation)),
                          all(int(row.argmax()) == id for row, id in zip(logprobs, continuation))))
        return found

    def loglikelihood_rolling(self, requests, **kwargs): raise NotImplementedError

    @torch.no_grad()
    def generate_until(self, requests, **kwargs):
        found = []
        for request in requests:
            context, settings = request.args
            ids = self.sp.encode(context)[-(CONTEXT - settings["max_gen_toks"]):]
            new = []
            while len(new) < settings["max_gen_toks"]:
                new.append(int(self.model(torch.tensor([ids + new])).logits[0, -1].argmax()))
                if new[-1] == EOS:
                    break
            text = self.sp.decode([id for id in new if id != EOS])
            for stop in settings["until"]:
                text = text.split(stop)[0]
            found.append(text)
        return found


def make_data(table, data, rng):
    def pick(lang): return rng.choice(table["sentences"])[lang]
    def word(lang): return rng.choice(table["phrases"])[lang]
    rows = {
        "xnli_de": [{"premise": pick("de"), "hypothesis": pick("de"), "label": rng.randrange(3)} for _ in range(12)],
        "xcopa_it": [{"premise": pick("it"), "choice1": pick("it"), "choice2": pick("it"), "question": rng.choice(["cause", "effect"]),
                      "label": rng.randrange(2)} for _ in range(12)],
        "paws_de": [{"sentence1": pick("de"), "sentence2": pick("de"), "label": rng.randrange(2)} for _ in range(12)],
        "xwinograd_en": [{"sentence": f"{pick('en')} _ {pick('en')}", "option1": word("en"), "option2": word("en"), "answer": rng.choice("12")}
                         for _ in range(12)],
        "belebele_fra": [{"flores_passage": pick("fr"), "question": f" {word('fr')} ? ", "correct_answer_num": rng.choice("1234"),
                          **{f"mc_answer{i}": word("fr") for i in range(1, 5)}} for _ in range(12)],
        "translate": [],
    }
    for a, b in (("en", "de"), ("en", "zh"), ("fr", "ja"), ("de", "en")) * 4:
        concept = rng.choice(table["sentences"])
        names = {"en": "English", "de": "German", "zh": "Chinese", "fr": "French", "ja": "Japanese"}
        rows["translate"].append({"source": concept[a], "from": names[a], "to": names[b], "target": concept[b]})
    data.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        (data / f"{name}.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return list(rows)


def main(checkpoint, corpus, out):
    torch.set_num_threads(2)
    out = Path(out).resolve()
    corpus = json.loads(Path(corpus).read_text(encoding="utf-8"))
    lm = Tiny(checkpoint)
    names = make_data(corpus, out / "data", random.Random(21))
    os.chdir(out / "data")  # where the harness looks for data_files
    manager = TaskManager(include_path=str(out / "tasks"), include_defaults=False)
    found = simple_evaluate(lm, tasks=names, task_manager=manager, bootstrap_iters=0)
    expected = {}
    for name in names:
        results = {k.split(",")[0]: v for k, v in found["results"][name].items() if isinstance(v, float) and "stderr" not in k}
        samples = []
        for sample in sorted(found["samples"][name], key=lambda s: s["doc_id"]):
            if name == "translate":
                samples.append([[sample["arguments"][0][0], sample["resps"][0][0]]])
            else:
                samples.append([[a[0], a[1], r[0][0]] for a, r in zip(sample["arguments"], sample["resps"])])
        expected[name] = {"results": results, "samples": samples}
    (out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
