"""Writes random PEFT LoRA adapters that also change biases or whole modules, or name ranks and alphas by regular expressions, with their logits.

Usage: python make_lora_kinds.py CHECKPOINT OUT_DIR
Needs torch 2.13, transformers 5.17, peft 0.21. OUT_DIR/<case>/ holds the adapter and reference.json: {"base", "input_ids", "logits" per position}
of the base model with the adapter on, as PEFT loads it from the files.
"""
import json, sys
from pathlib import Path
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import GPT2LMHeadModel

CASES = {  # name: (what the adapter asks for, kept as safetensors)
    "bias-all": ({"bias": "all"}, True),
    "bias-lora-only-bin": ({"bias": "lora_only"}, False),
    "saved-head": ({"modules_to_save": ["lm_head"]}, True),
    "saved-embedding": ({"modules_to_save": ["wte"]}, True),
    "saved-head-tied": ({"modules_to_save": ["lm_head"], "ensure_weight_tying": True}, True),
    "saved-both": ({"modules_to_save": ["lm_head", "wte"]}, True),
    "saved-norm": ({"modules_to_save": ["ln_f"]}, True),
    "patterns": ({"target_modules": ["c_attn", "c_proj", "c_fc"], "rank_pattern": {"h\\.1\\..*c_attn": 3, "c_fc|attn.c_proj": 1},
                  "alpha_pattern": {"transformer.h.[01].mlp.(c_fc|c_proj)": 7, "^h.0.attn.c_attn": 100, ".*h.0.attn.c_attn": 9, "attn": 50}}, True),
}


def main(checkpoint, out):
    for number, (name, (asked, safe)) in enumerate(CASES.items()):
        torch.manual_seed(number)
        folder = Path(out) / name
        base = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
        model = get_peft_model(base, LoraConfig(**({"r": 2, "lora_alpha": 4, "target_modules": ["c_attn"], "fan_in_fan_out": True, "task_type": "CAUSAL_LM"} | asked)))
        with torch.no_grad():
            for key, p in model.named_parameters():
                if p.requires_grad:
                    p.copy_(torch.randn_like(p) * 0.2 + (1.0 if "ln_" in key and key.endswith("weight") else 0.0))
        model.save_pretrained(folder, safe_serialization=safe)
        (folder / "README.md").unlink(missing_ok=True)
        ids = torch.randint(3, base.config.vocab_size, (1, 7))
        fresh = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
        with torch.no_grad():
            logits = PeftModel.from_pretrained(fresh, folder).eval()(ids).logits[0]
        (folder / "reference.json").write_text(json.dumps({"base": Path(checkpoint).name, "input_ids": ids[0].tolist(), "logits": [[round(v, 6) for v in row] for row in logits.tolist()]}))
        path = folder / "adapter_config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": Path(checkpoint).name}, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
