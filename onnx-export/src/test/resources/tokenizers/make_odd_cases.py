"""Records how the slow LlamaTokenizer treats odd texts, plain and with special tokens parsed, and odd sequences of ids.

Usage: python make_odd_cases.py train CORPUS_JSON MODEL_PREFIX   trains a BPE model with user-defined and control symbols, without bytes
       python make_odd_cases.py cases MODEL_DIR SEED             writes MODEL_DIR/odd.json
Needs transformers 4.57.6 and sentencepiece 0.2.2.
"""
import json, random, sys
from pathlib import Path
import sentencepiece as spm
from transformers import LlamaTokenizer

BITS = ["<s>", "</s>", "<unk>", "<", "</", "s>", "<s", "▁", "▁▁", " ", "  ", "\n", "\t", "\u3000", "\u200b", "\ufeff", "\u0000", "🙂", "👩‍👩‍👧", "e\u0301", "e\u0301\u0302",
        "\u0e01\u0e33", "\u0627\u0653\u0650", "\u05e9\u05bc\u05c1", "\u1100\u1161\u11a8", "ﬁ", "Ⅷ", "<0x0A>", "....", "abab", "12", "\u0301", "\ufffd", "\x85", "½", "㍿",
        "<|user|>", "<|assistant|>", "<mask>", "aa", "Beijing is", "北京是中国的首都。", "ภาษาไทย", "مرحبا بالعالم", "שלום", "한국어"]


def train(corpus, prefix):
    table = json.loads(Path(corpus).read_text())
    lines = [text for concept in table["phrases"] for text in concept.values()]
    spm.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_prefix=prefix, model_type="bpe", vocab_size=3000, character_coverage=0.98, byte_fallback=False,
                                   normalization_rule_name="identity", remove_extra_whitespaces=True, unk_id=0, bos_id=1, eos_id=2, pad_id=-1, num_threads=1,
                                   user_defined_symbols=["<|user|>", "aa", "▁▁", "e\u0301"], control_symbols=["<mask>"], minloglevel=2)


def random_ids(rng, model):
    ids, size = [], model.get_piece_size()
    kinds = [[i for i in range(size) if model.is_byte(i)], [i for i in range(size) if "▁" in model.id_to_piece(i)], [0, 1, 2], range(size)]
    for _ in range(rng.randint(0, 16)):
        ids.append(rng.choice(rng.choice([kind for kind in kinds if kind])))
    if kinds[0]:
        sequence = rng.choice(["中", "é", "🙂", "ก"]).encode()
        ids += [kinds[0][byte] for byte in sequence[:rng.randint(1, len(sequence))]] + ids[:rng.randint(0, 2)]
    return ids


def cases(folder, seed):
    rng, options = random.Random(int(seed)), dict(use_fast=False, add_bos_token=False)
    new, old = (LlamaTokenizer.from_pretrained(folder, legacy=legacy, **options) for legacy in (False, True))
    result = []
    for _ in range(150):
        text, sequence = "".join(rng.choice(BITS) for _ in range(rng.randint(1, 8))), random_ids(rng, new.sp_model)
        case = {"text": text, "random_ids": sequence}
        for suffix, tokenizer in (("", new), ("_legacy", old)):
            case["trusted" + suffix] = tokenizer(text).input_ids
            case["plain" + suffix] = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text, split_special_tokens=True))
            case["decoded" + suffix] = tokenizer.decode(sequence, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        result.append(case)
    (Path(folder) / "odd.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in result) + "\n]\n")
    print(len(result), "odd cases")


if __name__ == "__main__":
    {"train": train, "cases": cases}[sys.argv[1]](*sys.argv[2:])
