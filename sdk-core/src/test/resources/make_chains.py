"""Records what Hugging Face's whole chain of logits processors makes of random logits under random settings.

Usage: python make_chains.py OUT_JSON [SEED] [CASES] [VOCABULARY]
Needs torch 2.13, transformers 5.17. OUT_JSON: [{"config": {Hugging Face names}, "prompt_length", "max_length", "input_ids": [...],
"logits": [...], "expected": [...]}]; null stands for minus infinity. Input ids are prompt and new tokens together. Logits are float32.
"""
import json, math, random, sys
from types import SimpleNamespace
import torch
from transformers import GenerationConfig
from transformers.generation.utils import GenerationMixin

EOS = [2, 5]


def settings(rng, vocabulary):
    some = lambda n: [rng.randrange(3, min(vocabulary, 40)) for _ in range(n)]
    choices = {
        "sequence_bias": lambda: [[some(1), -3.5], [some(2), 2.25], [some(1), 1.5]],
        "repetition_penalty": lambda: rng.choice([0.8, 1.02, 1.3]),
        "no_repeat_ngram_size": lambda: rng.choice([1, 2, 3]),
        "bad_words_ids": lambda: [some(1), some(2), some(3), [2]],
        "min_length": lambda: rng.randrange(1, 30),
        "min_new_tokens": lambda: rng.randrange(1, 20),
        "forced_bos_token_id": lambda: 1,
        "forced_eos_token_id": lambda: rng.choice([2, [2, 5]]),
        "remove_invalid_values": lambda: True,
        "suppress_tokens": lambda: some(3),
        "begin_suppress_tokens": lambda: some(3),
        "renormalize_logits": lambda: True,
    }
    warpers = {
        "temperature": lambda: rng.choice([0.3, 0.7, 1.7]),
        "top_h": lambda: rng.choice([0.3, 0.6, 0.9]),
        "top_k": lambda: rng.choice([0, 1, 3, 20, 200]),
        "top_p": lambda: rng.choice([0.0, 0.3, 0.8, 0.95, 0.999]),
        "min_p": lambda: rng.choice([0.001, 0.05, 0.3]),
        "typical_p": lambda: rng.choice([0.2, 0.7, 0.95]),
        "epsilon_cutoff": lambda: rng.choice([0.0003, 0.01]),
        "eta_cutoff": lambda: rng.choice([0.0003, 0.02]),
    }
    chosen = {name: make() for name, make in choices.items() if rng.random() < 0.25}
    if {"min_length", "min_new_tokens"} <= chosen.keys():
        del chosen["min_length"]
    # An end that is ruled out and favoured at once is NaN in torch, so this comes without what rules it out.
    if rng.random() < 0.3 and not {"min_length", "min_new_tokens", "forced_bos_token_id", "forced_eos_token_id"} & chosen.keys():
        chosen["exponential_decay_length_penalty"] = [rng.randrange(0, 8), rng.choice([1.1, 2.0])]
    if rng.random() < 0.7:
        chosen["do_sample"] = True
        chosen.update({name: make() for name, make in warpers.items() if rng.random() < 0.4})
        if "forced_eos_token_id" in chosen:  # torch's sort decides by chance which of two equal logits top_p removes
            chosen["forced_eos_token_id"] = 2
    if rng.random() < 0.4:
        chosen["num_beams"] = 3
    return chosen | {"eos_token_id": rng.choice([2, EOS])}


def case(rng, vocabulary):
    config = settings(rng, vocabulary)
    prompt_length, new = rng.choice([1, 1, rng.randrange(2, 12)]), rng.choice([0, 0, 1, rng.randrange(2, 15)])
    ids = [rng.randrange(3, 12) for _ in range(prompt_length + new)]
    logits = torch.randn(1, vocabulary) * rng.choice([0.5, 2.0, 6.0])
    full = GenerationConfig(**config)
    full.update(**full._get_default_generation_params(), defaults_only=True)
    full.max_length = prompt_length + new + rng.choice([1, 9])
    full._eos_token_tensor = torch.tensor(config["eos_token_id"]).reshape(-1)
    model = SimpleNamespace(config=SimpleNamespace(is_encoder_decoder=False), _merge_criteria_processor_list=lambda ours, theirs: ours)
    chain = GenerationMixin._get_logits_processor(model, full, input_ids_seq_length=prompt_length, device="cpu")
    result = chain(torch.tensor([ids]), logits.clone())[0].tolist()
    if any(math.isnan(v) for v in result):
        return None
    return {"config": config, "prompt_length": prompt_length, "max_length": full.max_length, "input_ids": ids,
            "logits": logits[0].tolist(), "expected": [None if v == -math.inf else v for v in result]}


def main(out, seed=7, cases=150, vocabulary=48):
    rng = random.Random(int(seed))
    torch.manual_seed(int(seed))
    rows = []
    while len(rows) < int(cases):
        row = case(rng, int(vocabulary))
        rows += [row] if row else []
    with open(out, "w") as file:
        json.dump(rows, file)
    print(len(rows), "chains")


if __name__ == "__main__":
    main(*sys.argv[1:])
