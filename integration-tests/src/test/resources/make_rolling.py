"""Records the perplexity of texts longer than polylm-tiny's context, in windows with a stride, from Hugging Face's logits.

Usage: python make_rolling.py CHECKPOINT GENERATION_JSON OUT_JSON
Needs torch 2.13, transformers 5.17. OUT_JSON: [{"ids", "stride", "perplexity"}]; every id but the first is scored once, in the first window that has it.
"""
import json, math, sys
import torch
from transformers import GPT2LMHeadModel


def main(checkpoint, generation, out):
    model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    context = model.config.n_positions
    stream = [i for case in json.load(open(generation)) for i in case["input_ids"]]
    cases = []
    for length, stride in ((1200, 256), (1200, 500), (513, 64), (512, 100), (40, 7)):
        ids, total, scored, begin = stream[:length], 0.0, 1, 0
        while scored < length:
            end = min(begin + context, length)
            with torch.no_grad():
                logp = torch.log_softmax(model(torch.tensor([ids[begin:end]])).logits[0].float(), -1)
            total += sum(logp[i - begin - 1, ids[i]].item() for i in range(scored, end))
            scored, begin = end, begin + stride
        cases.append({"ids": ids, "stride": stride, "perplexity": round(math.exp(-total / (length - 1)), 5)})
    with open(out, "w") as file:
        json.dump(cases, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
