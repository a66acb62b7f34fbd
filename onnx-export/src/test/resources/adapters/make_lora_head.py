"""Writes a random PEFT LoRA adapter on c_attn and a tied lm_head, with ranks and alphas of their own, and the adapted model's logits.

Usage: python make_lora_head.py CHECKPOINT OUT_DIR
Needs torch 2.13, transformers 5.17, peft 0.21. The logits are those of the model with the adapter on, not merged: merging a tied head in place,
PEFT changes the embedding with it, which is not what was trained (https://github.com/huggingface/peft/issues/2018).
"""
import json, sys
from pathlib import Path
import torch
from peft import LoraConfig, get_peft_model
from transformers import GPT2LMHeadModel

checkpoint, out = sys.argv[1], Path(sys.argv[2])
torch.manual_seed(1)
base = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
model = get_peft_model(base, LoraConfig(r=4, lora_alpha=12, target_modules=["c_attn", "lm_head"], rank_pattern={"lm_head": 2},
                                        alpha_pattern={"h.1.attn.c_attn": 5}, task_type="CAUSAL_LM"))
with torch.no_grad():
    for name, p in model.named_parameters():
        if "lora_" in name:
            p.copy_(torch.randn_like(p) * 0.2)
model.save_pretrained(out)
(out / "README.md").unlink(missing_ok=True)
ids = torch.randint(3, base.config.vocab_size, (1, 19))
with torch.no_grad():
    logits = model(ids).logits[0]
(out / "reference.json").write_text(json.dumps({"base": Path(checkpoint).name, "input_ids": ids[0].tolist(), "logits": [[round(v, 6) for v in row] for row in logits.tolist()]}))
path = out / "adapter_config.json"
path.write_text(json.dumps(json.loads(path.read_text()) | {"base_model_name_or_path": Path(checkpoint).name}, indent=2))
