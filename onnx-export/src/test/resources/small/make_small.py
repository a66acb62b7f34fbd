"""Writes a tiny random GPT-2 checkpoint with each of several activations, and in several ways of storing it, with Hugging Face's logits.

Usage: python make_small.py OUT_DIR
Needs torch 2.13, transformers 5.17, safetensors 0.8.
- OUT_DIR/activations/: one checkpoint and reference.json: {"input_ids", "logits": {activation_function: [[...] per position]}}.
- OUT_DIR/formats/<case>/: the same model stored otherwise, with reference.json: {"input_ids", "logits": [[...] per position]}.
All logits are computed in float32 from the weights as stored.
"""
import json, sys
from pathlib import Path
import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

ACTIVATIONS = ["gelu", "gelu_python", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate", "quick_gelu", "silu", "swish", "relu",
               "relu2", "tanh", "sigmoid"]
BASE = dict(vocab_size=64, n_positions=16, n_embd=16, n_layer=1, n_head=2, bos_token_id=1, eos_token_id=2, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)


def weights(model, dtype):
    return {k: v.detach().clone().to(dtype) for k, v in model.state_dict().items() if k != "lm_head.weight"}


def logits(config, state, ids):
    model = GPT2LMHeadModel(config).eval()
    model.load_state_dict({k: v.float() for k, v in state.items()} | {"lm_head.weight": state["transformer.wte.weight"].float()})
    with torch.no_grad():
        return [[round(x, 6) for x in row] for row in model(ids).logits[0].tolist()]


def main(out):
    torch.manual_seed(5)
    config = GPT2Config(**BASE, activation_function="gelu")
    model = GPT2LMHeadModel(config)
    with torch.no_grad():
        for key, p in model.named_parameters():  # wide enough that the activations differ
            p.copy_(torch.randn_like(p) * 0.6 + (1.0 if "ln_" in key and key.endswith("weight") else 0.0))
    ids = torch.tensor([[5, 17, 63, 3, 41, 9]])
    folder = Path(out) / "activations"
    folder.mkdir(parents=True, exist_ok=True)
    config.save_pretrained(folder)
    save_file(weights(model, torch.float32), folder / "model.safetensors", metadata={"format": "pt"})
    each = {name: logits(GPT2Config(**BASE, activation_function=name), weights(model, torch.float32), ids) for name in ACTIVATIONS}
    (folder / "reference.json").write_text(json.dumps({"input_ids": ids[0].tolist(), "logits": each}))

    double = {k: v + torch.randn_like(v) * 1e-9 for k, v in weights(model, torch.float64).items()}
    half = weights(model, torch.float16)
    unneeded = {"a.f8": torch.zeros(5, dtype=torch.float8_e4m3fn), "a.e5m2": torch.zeros(3, dtype=torch.float8_e5m2), "a.u32": torch.zeros(4, dtype=torch.uint32),
                "a.u16": torch.zeros(2, 2, dtype=torch.uint16), "a.c64": torch.zeros(2, dtype=torch.complex64)}
    view = torch.randn(3 * 16 + 7)  # a bias that begins within its storage
    legacy = weights(model, torch.float32) | {"transformer.h.0.attn.c_attn.bias": view[7:]}
    cases = {  # name: (state, what writes it)
        "fp64": (double, lambda s, p: save_file(s, p / "model.safetensors")),
        "legacy-bin": (legacy, lambda s, p: torch.save(s, p / "pytorch_model.bin", _use_new_zipfile_serialization=False)),
        "legacy-bin-fp64": (double, lambda s, p: torch.save(s, p / "pytorch_model.bin", _use_new_zipfile_serialization=False)),
        "unneeded": (half, lambda s, p: save_file(s | unneeded, p / "model.safetensors")),
        "unneeded-bin": (half, lambda s, p: torch.save(s | unneeded, p / "pytorch_model.bin")),
    }
    for name, (state, write) in cases.items():
        folder = Path(out) / "formats" / name
        folder.mkdir(parents=True, exist_ok=True)
        config.save_pretrained(folder)
        write(state, folder)
        (folder / "reference.json").write_text(json.dumps({"input_ids": ids[0].tolist(), "logits": logits(config, state, ids)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
