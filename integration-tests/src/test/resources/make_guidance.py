"""Records what Hugging Face's generate() gives on polylm-tiny with guidance_scale and a negative prompt.

Usage: python make_guidance.py CHECKPOINT OUT_JSON
Needs torch 2.13, transformers 5.17, sentencepiece 0.2. OUT_JSON: [{"input_ids", "config": {Hugging Face names}, "ids": [new ids]}], greedy, in float32.
"""
import json, sys
import sentencepiece as spm
import torch
from transformers import GPT2LMHeadModel

PROMPT = "Beijing is the capital of China.\nTranslate this sentence from English to {}."


def main(checkpoint, out):
    sp = spm.SentencePieceProcessor(model_file=f"{checkpoint}/tokenizer.model")
    model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    cases = []
    for language, negative in (("Chinese", "German"), ("German", "Dutch"), ("Italian", None), ("Thai", "Japanese")):
        for scale in (1.5, 3.0):
            ids = sp.encode(PROMPT.format(language))
            config = {"guidance_scale": scale, "max_new_tokens": 16}
            options = {}
            if negative:
                config["negative_prompt_ids"] = sp.encode(PROMPT.format(negative))
                options["negative_prompt_ids"] = torch.tensor([config["negative_prompt_ids"]])
            x = torch.tensor([ids])
            new = model.generate(x, attention_mask=torch.ones_like(x), do_sample=False, guidance_scale=scale, max_new_tokens=16, eos_token_id=2,
                                 pad_token_id=2, **options)[0, len(ids):].tolist()
            cases.append({"input_ids": ids, "config": config, "ids": new})
    with open(out, "w") as file:
        json.dump(cases, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
