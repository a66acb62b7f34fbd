export const byId = (id) => document.getElementById(id);

export function button(name, label, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = name;
  if (label) {
    made.setAttribute("aria-label", label);
  }
  made.addEventListener("click", onClick);
  return made;
}

/** Copies a text, and says so on the button for a moment. */
export async function copy(text, from) {
  const name = from.textContent;
  try {
    await navigator.clipboard.writeText(text);
    from.textContent = "Copied";
  } catch {
    from.textContent = "Can't copy";
  }
  setTimeout(() => (from.textContent = name), 1500);
}

/** Asks a question that can be taken back, and returns whether it was confirmed. */
export function confirmed(question) {
  const dialog = byId("confirm");
  byId("question").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}

/** The settings of the page as fields of a request. */
export function requestSettings() {
  const number = (id, otherwise) => (Number.isFinite(byId(id).valueAsNumber) ? byId(id).valueAsNumber : otherwise);
  const values = { model: byId("model").value || undefined, max_tokens: number("max-tokens", 256) };
  if (number("beams", 1) > 1) {
    values.num_beams = number("beams", 1);
  }
  if (number("repetition-penalty", 1) !== 1) {
    values.repetition_penalty = number("repetition-penalty", 1);
  }
  if (byId("do-sample").checked) {
    values.do_sample = true;
    values.temperature = number("temperature", 0.7);
    values.top_k = number("top-k", 50);
    values.top_p = number("top-p", 0.9);
  }
  return values;
}

/** The counts and the speed of an answer. */
export const speed = (figures) =>
  `${figures.prompt} prompt tokens, ${figures.tokens} new, ${(figures.tokens / figures.seconds).toFixed(1)} tokens/s`;
