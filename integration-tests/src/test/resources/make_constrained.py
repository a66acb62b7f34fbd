"""Records what Hugging Face's generate() gives on polylm-tiny with prefix_allowed_tokens_fn: the reference for constraints.

Usage: python make_constrained.py CHECKPOINT GENERATION_JSON OUT_JSON
Needs torch 2.13, transformers 5.17, sentencepiece 0.2, regex. The allowed ids are found by trying every id of the vocabulary: the bytes of the
answer so far and of the id must begin a text of the constraint. OUT_JSON: [{"kind": "choice" or "regex", "constraint", "prompt", "config":
{Hugging Face names}, "sequences": [[new ids, with the one that ended them]...], "sequences_scores": [...] with beams}], in float32.
"""
import json, sys
import regex
import sentencepiece as spm
import torch
from transformers import GPT2LMHeadModel

EOS = 2
CONFIGS = [
    {"max_new_tokens": 24},
    {"max_new_tokens": 4},
    {"max_new_tokens": 24, "repetition_penalty": 1.4, "no_repeat_ngram_size": 3},
    {"max_new_tokens": 24, "num_beams": 4, "early_stopping": True},
    {"max_new_tokens": 24, "num_beams": 3, "num_return_sequences": 3, "length_penalty": 0.5},
]
REGEXES = [r"[0-9]{2,4}", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{1,3})?", r"(?:[A-Z][a-z]+ ){1,3}[a-z]{3,9}\.", r"(?:yes|no|maybe),? (?:sir|madam)!*",
           r"[A-Z][a-z]+(?: [A-Z]?[a-z]+){0,5}\.?", r"\[(?:\"[a-z]{1,6}\"(?:, \"[a-z]{1,6}\")*)?\]"]


class Allowed:
    """The ids that may follow, each tried by itself."""

    def __init__(self, sp, begins, whole, prompt_length):
        self.begins, self.whole, self.prompt_length, self.known = begins, whole, prompt_length, {}
        pieces = [sp.id_to_piece(i) for i in range(sp.get_piece_size())]
        self.later = [None if sp.is_control(i) or sp.is_unknown(i) else bytes([int(p[3:5], 16)]) if sp.is_byte(i) else p.replace("▁", " ").encode()
                      for i, p in enumerate(pieces)]
        self.first = [b[1:] if p.startswith("▁") else b for p, b in zip(pieces, self.later)]

    def text(self, ids):
        return b"".join((self.later if at else self.first)[i] for at, i in enumerate(ids))

    def __call__(self, batch, row):
        ids = row.tolist()[self.prompt_length:]
        if EOS in ids:
            return [EOS]
        text = self.text(ids)
        key = (text, len(ids) > 0)
        if key not in self.known:
            adds = self.later if ids else self.first
            found = [i for i, b in enumerate(adds) if b is not None and (b or not ids) and self.begins(text + b)]
            self.known[key] = found + ([EOS] if self.whole(text) else [])
        return self.known[key]


def choice(options):
    texts = [option.encode() for option in options]
    return (lambda text: any(t.startswith(text) for t in texts)), (lambda text: text in texts)


def pattern(text):
    compiled = regex.compile(text)

    def matches(b, partial):
        return b.isascii() and compiled.fullmatch(b.decode(), partial=partial) is not None
    return (lambda b: matches(b, True)), (lambda b: matches(b, False))


def main(checkpoint, generation, out):
    torch.set_num_threads(2)
    sp = spm.SentencePieceProcessor(model_file=f"{checkpoint}/tokenizer.model")
    model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    greedy = [case for case in json.load(open(generation)) if case["name"] == "greedy"][:20]
    answers = [case["texts"][0].strip() for case in greedy]
    asked = []
    for number, case in enumerate(greedy):
        options = [answers[(number + step) % len(answers)] for step in (1, 5, 7)] + [answers[number][:3] + " x", "yes", "yes, certainly"]
        asked.append(("choice", options, choice(options), case["prompt"]))
        text = REGEXES[number % len(REGEXES)]
        asked.append(("regex", text, pattern(text), case["prompt"]))
    cases = []
    for number, (kind, constraint, (begins, whole), prompt) in enumerate(asked):
        ids = sp.encode(prompt)
        x = torch.tensor([ids])
        allowed = Allowed(sp, begins, whole, len(ids))
        for position, config in enumerate(CONFIGS):
            if (number + position) % 2:
                continue
            result = model.generate(x, attention_mask=torch.ones_like(x), do_sample=False, return_dict_in_generate=True, output_scores=True,
                                    prefix_allowed_tokens_fn=allowed, eos_token_id=EOS, pad_token_id=EOS, **config)
            rows = [row[len(ids):].tolist() for row in result.sequences]
            rows = [row[:row.index(EOS) + 1] if EOS in row else row for row in rows]
            made = {"kind": kind, "constraint": constraint, "prompt": prompt, "config": config, "sequences": rows}
            if "num_beams" in config:
                made["sequences_scores"] = [round(v, 5) for v in result.sequences_scores.tolist()]
            cases.append(made)
    with open(out, "w") as file:
        json.dump(cases, file, ensure_ascii=False, indent=0)
    print(len(cases), "cases")


if __name__ == "__main__":
    main(*sys.argv[1:])
