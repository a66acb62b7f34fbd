"""Records the mean of Hugging Face's last hidden states over texts in the 18 languages: what the SDK's embeddings are held against.

Usage: python make_embeddings.py CHECKPOINT GLOSSARY_TSV OUT_JSON
Needs torch 2.13, transformers 5.17, sentencepiece 0.2. Everything is computed in float32 from the stored bf16 weights. GLOSSARY_TSV is
the glossary of examples/langchain4j-assistant: a column a language, a line a sentence.
OUT_JSON: [{"text", "ids", "mean": [hidden size]}], the mean over all ids of hidden_states[-1], which is behind the last layer norm.
"""
import csv, json, sys
import sentencepiece as spm
import torch
from transformers import GPT2LMHeadModel

OTHERS = [
    "a", " ", "  two  spaces ", "2026-11-25", "🎉 emoji 👩‍👩‍👧", "line\nbreak\n", "x" * 300,
    "Paris is the capital of France. " * 30,  # longer than a chunk of the engine
]


def main(checkpoint, glossary, out):
    torch.set_num_threads(2)
    sp = spm.SentencePieceProcessor(model_file=f"{checkpoint}/tokenizer.model")
    model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    with open(glossary, encoding="utf-8") as file:
        _, *lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    texts = [text for column, texts in enumerate(zip(*lines)) for text in (texts[column % 10], texts[(column + 3) % 10])] + OTHERS
    with open(out, "w", encoding="utf-8") as file:
        for index, text in enumerate(texts):
            ids = sp.encode(text)
            with torch.no_grad():
                mean = model(torch.tensor([ids]), output_hidden_states=True).hidden_states[-1][0].mean(0)
            case = {"text": text, "ids": ids, "mean": [round(value, 6) for value in mean.tolist()]}
            file.write(("[" if index == 0 else ",\n") + json.dumps(case, ensure_ascii=False))
        file.write("]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
