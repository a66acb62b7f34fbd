"""Saves a small tokenizer as transformers 4 and 5 do, in many ways, and records the ids that the same version gives when it has loaded what it saved.

Usage: python make_saved.py train CORPUS_JSON OUT_DIR   trains OUT_DIR/bpe and OUT_DIR/unigram, which the next two start from
       python make_saved.py 5 OUT_DIR                   with transformers 5.17.0: writes OUT_DIR/5-*
       python make_saved.py 4 OUT_DIR                   with transformers 4.57.6: writes OUT_DIR/4-*
Needs sentencepiece 0.2.2 and protobuf. Each folder has what was saved, a config.json with the version, and cases.json: [{"text", "ids"}] or [{"messages", "ids"}].
"""
import json, os, random, shutil, sys
from pathlib import Path
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

CHAT = ("{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>\\n' + message['content'] + '\\n' }}{% elif message['role'] == 'assistant' %}"
        "{{ '<|assistant|>\\n' + message['content'] + '\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}")
OTHER = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
BITS = ["<s>", "</s>", "<unk>", "<", "s>", "▁", "▁▁", " ", "  ", "\n", "\t", "\u3000", "🙂", "e\u0301", "<0x0A>", "12", "<|user|>", "<|assistant|>", "<pad>", "polylm", "poly", " polylm ",
        "Beijing is", "北京是中国的首都。", "ภาษาไทย", "مرحبا بالعالم", "שלום", "한국어", "Baku", "La capital", " de", "ﬁ", "Ⅷ"]
TURNS = [[("user", "Hallo")], [("user", "Baku"), ("assistant", "北京"), ("user", " La capital ")]]


def train(corpus, out):
    import sentencepiece as spm
    table, out = json.loads(Path(corpus).read_text()), Path(out)
    lines = [text for concept in table["phrases"][:60] + table["sentences"][:20] for text in concept.values()]
    for kind in ("bpe", "unigram"):
        folder = out / kind
        folder.mkdir(parents=True, exist_ok=True)
        spm.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_prefix=str(folder / "tokenizer"), model_type=kind, vocab_size=1200, character_coverage=0.98, byte_fallback=True,
                                       normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True, unk_id=0, bos_id=1, eos_id=2, pad_id=-1, num_threads=1, minloglevel=2)
        (folder / "tokenizer.vocab").unlink()
        (folder / "config.json").write_text('{"model_type": "gpt2"}\n')
        (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer", "legacy": False, "add_bos_token": False, "add_eos_token": False}) + "\n")


def save(tokenizer, folder, version, change=None):
    from transformers import AutoTokenizer
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "gpt2", "transformers_version": version}) + "\n")
    tokenizer.save_pretrained(folder)
    if change:
        change(folder)
    loaded, rng = AutoTokenizer.from_pretrained(folder), random.Random(folder.name)
    bits = [bit for bit in BITS if bit != "<0x0A>" or "unigram" not in folder.name]  # which LlamaTokenizerFast takes for a line break there, and the slow one does not
    texts = [""] + bits + ["".join(rng.choice(bits) for _ in range(rng.randint(2, 8))) for _ in range(120)]
    cases = [{"text": text, "ids": loaded(text).input_ids} for text in texts]
    if loaded.chat_template == CHAT:
        for turns in TURNS:
            messages = [{"role": role, "content": content} for role, content in turns]
            ids = loaded.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
            cases.append({"messages": messages, "ids": ids})
    (folder / "cases.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(folder.name, type(loaded).__name__, len(loaded), len(cases), "cases")


def saved_by_5(out):
    from transformers import AutoTokenizer, TokenizersBackend, __version__ as version
    assert version == "5.17.0", version
    base = out / "bpe"
    load = lambda **settings: AutoTokenizer.from_pretrained(base, **settings)
    save(load(), out / "5-base", version)
    save(load(add_bos_token=True, add_eos_token=True), out / "5-bos-eos", version)
    save(load(legacy=True), out / "5-legacy", version)
    words = load()
    words.add_tokens(["polylm", "poly", "Baku"])
    words.add_special_tokens({"pad_token": "<pad>"})
    save(words, out / "5-words", version)
    extra = load()
    extra.add_special_tokens({"additional_special_tokens": ["<|user|>", "<|assistant|>"]})
    extra.chat_template = CHAT
    save(extra, out / "5-chat", version)
    other = load()
    other.chat_template = OTHER
    save(other, out / "5-other-chat", version)
    save(TokenizersBackend(tokenizer_file=str(out / "5-words" / "tokenizer.json"), unk_token="<unk>", bos_token="<s>", eos_token="</s>"), out / "5-backend", version)


def saved_by_4(out):
    from transformers import LlamaTokenizerFast, PreTrainedTokenizerFast, __version__ as version
    assert version == "4.57.6", version
    without_model = lambda folder: (folder / "tokenizer.model").unlink()
    for kind in ("bpe", "unigram"):
        for legacy in (False, True):
            tokenizer = LlamaTokenizerFast.from_pretrained(out / kind, legacy=legacy, from_slow=True)
            save(tokenizer, out / f"4-{kind}{'-legacy' if legacy else ''}", version, without_model)
    generic = PreTrainedTokenizerFast(tokenizer_file=str(out / "4-bpe" / "tokenizer.json"), unk_token="<unk>", bos_token="<s>", eos_token="</s>", clean_up_tokenization_spaces=False)
    save(generic, out / "4-generic", version)


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(*sys.argv[2:])
    else:
        {"4": saved_by_4, "5": saved_by_5}[sys.argv[1]](Path(sys.argv[2]))
