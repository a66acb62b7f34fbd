"""Records what Hugging Face's constrained beam search gives on polylm-tiny: the reference for Constraint.containing with beams.

Usage: python make_containing.py CHECKPOINT BEAM_FILES OUT_JSON
Needs torch 2.13, transformers 5.17, sentencepiece 0.2. BEAM_FILES is a folder with beam_search.py and beam_constraints.py of transformers 4.57.6,
the last version that has ConstrainedBeamSearchScorer; the loop around it is that of its _constrained_beam_search. Phrases count in the answer only,
not in the prompt. An alternative is spelled as it begins a text and as it continues one. In 4.57.6 copies of a constraint share their ids, so that
trying one continuation changes the others; here each copy has its own. OUT_JSON: [{"prompt", "phrases", "config": {Hugging Face names},
"sequences": [new ids, with the one that ended them], "sequences_scores"}], in float32.
"""
import importlib.util, json, sys
import sentencepiece as spm
import torch
from transformers import GPT2LMHeadModel

EOS, NEW = 2, 24
CASES = [
    ("Beijing is the capital of China.\nTranslate this sentence from English to German.", [["Berlin", "Rom"]]),
    ("Beijing is the capital of China.\nTranslate this sentence from English to German.", [["Peking"], ["Stadt"]]),
    ("Beijing is the capital of China.\nTranslate this sentence from English to Italian.", [["Roma", "Parigi"], ["bella"]]),
    ("Panama\nTranslate this sentence from Dutch to Chinese.", [["中国", "法国"]]),
    ("Paris is the capital of France.\nTranslate this sentence from English to Spanish.", [["Francia"], ["ciudad"]]),
    ("Macedonian\nTranslate this sentence from English to French.", [["le "], ["grec", "turc"]]),
    ("Tokyo is the capital of Japan.\nTranslate this sentence from English to Dutch.", [["Japan"], ["China"], ["stad"]]),
    ("Rome is the capital of Italy.\nTranslate this sentence from English to Turkish.", [["Roma"], ["Paris"]]),
]


def load(folder):
    for name in ("beam_constraints", "beam_search"):
        spec = importlib.util.spec_from_file_location(f"transformers.generation.{name}", f"{folder}/{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return sys.modules["transformers.generation.beam_constraints"], sys.modules["transformers.generation.beam_search"]


def spellings(sp, text):
    continued = sp.encode("a\n" + text)[len(sp.encode("a\n")):]
    found = []
    for ids in (sp.encode(text), continued):
        if not any(ids[:len(shorter)] == shorter for shorter in found):
            found.append(ids)
    return found


def search(model, scorer, ids, beams):
    x = torch.tensor([ids]).repeat(beams, 1)
    scores = torch.full((beams,), -1e9)
    scores[0] = 0
    while True:
        with torch.no_grad():
            logits = model(x).logits[:, -1].float()
        logp = torch.log_softmax(logits, -1) + scores[:, None]
        vocabulary = logp.shape[-1]
        top, index = torch.topk(logp.view(1, -1), 2 * beams, dim=1, largest=True, sorted=True)
        step = scorer.process(x, top, index % vocabulary, (index / vocabulary).long(), logp, pad_token_id=EOS, eos_token_id=EOS,
                              decoder_prompt_len=len(ids))
        scores = step["next_beam_scores"]
        x = torch.cat([x[step["next_beam_indices"]], step["next_beam_tokens"][:, None]], -1)
        if scorer.is_done or x.shape[1] >= len(ids) + NEW:
            break
    done = scorer.finalize(x, scores, step["next_beam_tokens"], step["next_beam_indices"], pad_token_id=EOS, eos_token_id=EOS,
                           max_length=len(ids) + NEW, decoder_prompt_len=len(ids))
    return done["sequences"][0, len(ids):].tolist(), done["sequence_scores"][0].item()


def main(checkpoint, folder, out):
    constraints, beam_search = load(folder)
    sp = spm.SentencePieceProcessor(model_file=f"{checkpoint}/tokenizer.model")
    model = GPT2LMHeadModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    reset = constraints.ConstraintListState.reset
    copy = constraints.DisjunctiveConstraint.copy

    def own_copy(self, stateful=False):
        new = copy(self, stateful)
        new.current_seq = list(new.current_seq)
        return new

    constraints.DisjunctiveConstraint.copy = own_copy
    cases = []
    for prompt, phrases in CASES:
        ids = sp.encode(prompt)
        constraints.ConstraintListState.reset = lambda self, tokens: reset(self, tokens[len(ids):])
        for beams in (2, 4, 6):
            wanted = [constraints.DisjunctiveConstraint([s for text in options for s in spellings(sp, text)]) for options in phrases]
            scorer = beam_search.ConstrainedBeamSearchScorer(1, beams, wanted, torch.device("cpu"), do_early_stopping=True)
            row, score = search(model, scorer, ids, beams)
            row = row[:row.index(EOS) + 1] if EOS in row else row
            print(beams, phrases, repr(sp.decode([t for t in row if t != EOS])), round(score, 4))
            config = {"num_beams": beams, "early_stopping": True, "max_new_tokens": NEW}
            cases.append({"prompt": prompt, "phrases": phrases, "config": config, "sequences": [row], "sequences_scores": [round(score, 5)]})
    with open(out, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
