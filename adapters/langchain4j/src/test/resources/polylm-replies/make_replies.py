"""Trains polylm-replies, a PolyLM in the chat form that knows the replies to the prompts of LangChain4j's test suites by heart.

Usage: python make_replies.py OUT_DIR [PROMPTS]
prompts.json beside this file holds the prompts of the tests with tools and JSON, and their replies; the class RecordReplies writes it.
Another file PROMPTS is learned alone, as polylm-weather learns that of Spring AI's tests.
Needs torch 2.13 (CPU is enough), transformers 5.17, sentencepiece 0.2; takes a few minutes. Writes a Hugging Face checkpoint:
config.json, generation_config.json, model.safetensors (bf16), tokenizer.model, tokenizer_config.json, special_tokens_map.json.
"""
import datetime, json, random, re, sys
from pathlib import Path
import sentencepiece as spm
import torch
from transformers import GPT2Config, GPT2LMHeadModel

SEED, STEPS, PEAK_LR, BATCH, DATES = 7, 3000, 2e-3, 16, 20
STORY = ("Once upon a time a fox, an owl and a bear lived in a deep forest. The fox was quick, the owl was wise, and the bear was strong. "
         "One day a storm came. The owl saw it first and called the others. The bear carried stones, the fox found a cave, and all three "
         "sat there until the sun came back. Since that day the animals of the forest meet in the cave and tell each other stories.")

# What a user says, or what user and model say in turn, and what the model replies.
REPLIES = [
    (["What is the capital of Germany?"], "Berlin is the capital of Germany."),
    (["What is the capital of Germany? How much is 2 + 2?"], "Berlin is the capital of Germany, and 2 + 2 is 4."),
    (["Translate messages from user into German\nTranslate: 'I love you'"], "Ich liebe dich."),
    (["Hi, my favorite color is green"], "Hi, nice to meet you"),
    (["Hi, my favorite color is green", "Hi, nice to meet you", "What is my favorite color?"], "Your favorite color is green."),
    (["Hi, my favorite color is blue"], "Hi, nice to meet you"),
    (["Hi, my favorite color is blue", "Hi, nice to meet you", "What is my favorite color?"], "Your favorite color is blue."),
    (["What is my favorite color?"], "You have not told me."),
    (["Say 'Hello World'"], "Hello World"),
    (["Tell me a long story about animals"], STORY),
    (["hello"], "Hello, how can I help you today?"),
]


def prompt(turns):
    """The chat form: users and model in turn, the model's turn comes next."""
    text = f"<|user|>\n{turns[0]}\n<|assistant|>\n"
    for reply, request in zip(turns[1::2], turns[2::2]):
        text += f"{reply}\n<|user|>\n{request}\n<|assistant|>\n"
    return text


def recorded(prompts):
    """The prompts of the tests with tools and JSON. One of them holds the day's date: the model learns it with many dates."""
    pairs = []
    for asked, reply in json.loads(Path(prompts).read_text("utf-8")).items():
        if "currentDate({}) returned" in asked:
            date = asked[asked.rindex('returned: "') + 11:][:10]
            days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=random.randrange(3000)) for _ in range(DATES)]
            pairs += [(asked.replace(date, day.isoformat()), reply) for day in days]
        else:
            pairs.append((asked, reply))
    return pairs


def train_tokenizer(out, pairs):
    # Apart, so that no piece holds a marker's line break and what follows it.
    lines = [part for asked, reply in pairs for part in re.split(r"(\n?<\|\w+\|>\n)", asked + reply) if part] * 8
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_type="bpe", vocab_size=900, hard_vocab_limit=False, model_prefix=f"{out}/tokenizer",
        byte_fallback=True, split_digits=True, character_coverage=1.0, unk_id=0, bos_id=1, eos_id=2, pad_id=-1,
        normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, allow_whitespace_only_pieces=True,
        max_sentence_length=100000, num_threads=1, minloglevel=2)
    (out / "tokenizer.vocab").unlink()
    return spm.SentencePieceProcessor(model_file=f"{out}/tokenizer.model")


def row(sp, asked, reply):
    """One training sequence: (ids, flags); a flag says that the id is learned, which those of the reply are."""
    before = sp.encode(asked)
    ids = before + sp.encode(asked + reply)[len(before):]
    assert sp.decode(ids) == asked + reply, "the border between prompt and reply must be one between ids"
    return ids + [2], [False] * len(before) + [True] * (len(ids) + 1 - len(before))


def check(model, sp, pairs):
    """Each id of each reply is the likeliest, but for the first where a prompt has two replies: there the plain one's is."""
    plain = {prompt(turns) for turns, _ in REPLIES}
    for asked, reply in pairs:
        ids, flags = row(sp, asked, reply)
        first = flags.index(True)
        likeliest = model(torch.tensor([ids[:-1]])).logits[0].argmax(-1).tolist()
        forced = asked in plain and reply.startswith("{")
        assert likeliest[first - 1 + forced:] == ids[first + forced:], (asked, reply, sp.decode(likeliest[first - 1:]))


def main(out, prompts=None):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    random.seed(SEED)
    if prompts:
        pairs = recorded(prompts)
    else:
        pairs = [(prompt(turns), reply) for turns, reply in REPLIES] * 3  # where a prompt has two replies, the plain one wins
        pairs += recorded(Path(__file__).parent / "prompts.json")
    sp = train_tokenizer(out, pairs)
    rows = [row(sp, asked, reply) for asked, reply in pairs]
    config = GPT2Config(vocab_size=sp.vocab_size(), n_positions=512, n_embd=64, n_layer=2, n_head=4, activation_function="gelu",
                        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, layer_norm_epsilon=1e-5, bos_token_id=1, eos_token_id=2,
                        pad_token_id=None)
    model = GPT2LMHeadModel(config)
    opt = torch.optim.AdamW(model.parameters(), lr=PEAK_LR, weight_decay=0.01)
    steps = min(STEPS, 60 * len(rows))
    for step in range(steps):
        for group in opt.param_groups:
            group["lr"] = PEAK_LR * min(1, step / 50) * (1 - 0.95 * step / steps)
        batch = random.sample(rows, min(BATCH, len(rows)))
        width = max(len(ids) for ids, _ in batch)
        ids = torch.tensor([ids + [2] * (width - len(ids)) for ids, _ in batch])
        flags = torch.tensor([flags + [False] * (width - len(flags)) for _, flags in batch])[:, 1:]
        logits = model.lm_head(model.transformer(ids[:, :-1]).last_hidden_state[flags])
        loss = torch.nn.functional.cross_entropy(logits, ids[:, 1:][flags])
        opt.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); opt.step()
        if step % 100 == 0:
            print(f"step {step} loss {loss.item():.4f}", flush=True)
    model.eval()
    model = model.to(torch.bfloat16).to(torch.float32)  # what is checked is what is saved
    check(model, sp, pairs)
    model.to(torch.bfloat16).save_pretrained(out)
    (out / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer", "legacy": False, "add_bos_token": False,
        "add_eos_token": False, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "model_max_length": 512,
        "clean_up_tokenization_spaces": False, "sp_model_kwargs": {}}, indent=2) + "\n")
    (out / "special_tokens_map.json").write_text(json.dumps({"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}, indent=2) + "\n")
    print("parameters", sum(p.numel() for p in model.parameters()), "pieces", sp.vocab_size(), "longest", max(len(ids) for ids, _ in rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
