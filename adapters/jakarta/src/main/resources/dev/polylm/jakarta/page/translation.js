import { ask } from "./api.js";
import { byId, copy, requestSettings, speed } from "./dom.js";
import { LANGUAGES } from "./languages.js";

let running = null;

const language = (select) => LANGUAGES.find(([code]) => code === select.value);

function fill(select, chosen) {
  for (const [code, name, own] of LANGUAGES) {
    select.add(new Option(`${name} – ${own}`, code, false, code === chosen));
  }
}

/** A language has a direction, and tells a screen reader how to speak. */
function mark(element, [code, , , direction]) {
  element.dir = direction;
  element.lang = code;
}

function markBoth() {
  mark(byId("source"), language(byId("from")));
  mark(byId("translation"), language(byId("to")));
}

function setRunning(controller) {
  running = controller;
  const runs = controller !== null;
  byId("translation").setAttribute("aria-busy", String(runs));
  byId("translate").disabled = byId("translate").hidden = runs;
  byId("stop-translation").disabled = byId("stop-translation").hidden = !runs;
  byId("copy-translation").disabled = runs || !byId("translation").textContent;
}

async function translate() {
  const text = byId("source").value;
  if (running || !text.trim()) {
    return;
  }
  const target = byId("translation");
  const request = `Translate this sentence from ${language(byId("from"))[1]} to ${language(byId("to"))[1]}.`;
  target.className = "";
  target.textContent = "";
  markBoth();
  byId("translation-status").textContent = "Translating";
  setRunning(new AbortController());
  try {
    const body = { ...requestSettings(), messages: [{ role: "user", content: `${text}\n${request}` }] };
    const figures = await ask(body, byId("key").value, running.signal, (piece) => target.append(piece));
    byId("translation-status").textContent = target.textContent ? speed(figures) : "The model wrote nothing.";
  } catch (error) {
    const stopped = error.name === "AbortError";
    byId("translation-status").textContent = stopped ? "Stopped" : "";
    if (!stopped) {
      target.className = "error";
      target.dir = "ltr";
      target.textContent = error.message;
    }
  }
  setRunning(null);
}

/** The text goes with its language, so the translation can be translated back. */
function swap() {
  const [from, to] = [byId("from").value, byId("to").value];
  byId("from").value = to;
  byId("to").value = from;
  const translated = byId("translation").textContent;
  if (translated && byId("translation").className !== "error" && !running) {
    byId("translation").textContent = byId("source").value;
    byId("source").value = translated;
  }
  markBoth();
}

export function showTranslation() {
  fill(byId("from"), "en");
  fill(byId("to"), "zh");
  markBoth();
  byId("translation-form").addEventListener("submit", (event) => {
    event.preventDefault();
    translate();
  });
  byId("source").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      translate();
    }
  });
  byId("swap").addEventListener("click", swap);
  byId("from").addEventListener("change", markBoth);
  byId("to").addEventListener("change", markBoth);
  byId("stop-translation").addEventListener("click", () => running?.abort());
  byId("copy-translation").addEventListener("click", (event) =>
    copy(byId("translation").textContent, event.currentTarget),
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      running?.abort();
    }
  });
}
