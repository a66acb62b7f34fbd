import { ask, models } from "./api.js";
import { LANGUAGES } from "./languages.js";

const byId = (id) => document.getElementById(id);
const conversation = [];
let running = null;

function fillLanguages(select, chosen) {
  for (const [code, name, own] of LANGUAGES) {
    const option = new Option(`${name} – ${own}`, code, false, code === chosen);
    select.add(option);
  }
}

const language = (select) => LANGUAGES.find(([code]) => code === select.value);
const translating = () => document.forms.form.elements.mode.value === "translate";

function showMode() {
  byId("languages").hidden = !translating();
  byId("send").textContent = translating() ? "Translate" : "Send";
  byId("text-label").textContent = translating() ? "Text" : "Message";
  showDirection();
}

/** The language of a text says its direction; without one its letters do. */
function mark(element, entry) {
  element.dir = entry ? entry[3] : "auto";
  if (entry) {
    element.lang = entry[0];
  } else {
    element.removeAttribute("lang");
  }
}

function showDirection() {
  mark(byId("text"), translating() ? language(byId("from")) : null);
}

/** Adds what someone says and returns where its text goes. */
function addTurn(who, entry) {
  const turn = document.createElement("div");
  turn.className = "turn";
  const name = document.createElement("p");
  name.className = "who";
  name.textContent = who;
  const text = document.createElement("p");
  mark(text, entry);
  turn.append(name, text);
  byId("answers").append(turn);
  return text;
}

function settings() {
  const values = { max_tokens: byId("max-tokens").valueAsNumber };
  if (byId("beams").valueAsNumber > 1) {
    values.num_beams = byId("beams").valueAsNumber;
  }
  if (byId("do-sample").checked) {
    values.do_sample = true;
    values.temperature = byId("temperature").valueAsNumber;
    values.top_k = byId("top-k").valueAsNumber;
    values.top_p = byId("top-p").valueAsNumber;
  }
  return values;
}

/** The messages to send, the text of the form last. */
function messages(text) {
  if (!translating()) {
    return [...conversation, { role: "user", content: text }];
  }
  const request = `Translate this sentence from ${language(byId("from"))[1]} to ${language(byId("to"))[1]}.`;
  return [{ role: "user", content: `${text}\n${request}` }];
}

/** While an answer grows, those who listen to the page aren't told each piece, but the whole at its end. */
function setRunning(controller) {
  running = controller;
  byId("answers").setAttribute("aria-busy", String(controller !== null));
  byId("send").disabled = controller !== null;
  byId("stop").disabled = controller === null;
}

function count(usage, started) {
  const seconds = (performance.now() - started) / 1000;
  const tokens = usage ? usage.completion_tokens : 0;
  return usage
    ? `${usage.prompt_tokens} prompt tokens, ${tokens} new, ${(tokens / seconds).toFixed(1)} tokens/s`
    : "";
}

async function send() {
  const text = byId("text").value;
  if (running || !text.trim()) {
    return;
  }
  const translate = translating();
  const sent = messages(text);
  const started = performance.now();
  addTurn(translate ? language(byId("from"))[1] : "You", translate ? language(byId("from")) : null)
    .textContent = text;
  const target = translate ? language(byId("to")) : null;
  const answer = addTurn(translate ? target[1] : "PolyLM", target);
  setRunning(new AbortController());
  byId("status").textContent = "Answering";
  const body = { model: byId("model").value || undefined, messages: sent, ...settings() };
  try {
    const usage = await ask(body, byId("key").value, running.signal, (piece) => {
      answer.append(piece);
      answer.scrollIntoView({ block: "nearest" });
    });
    byId("status").textContent = count(usage, started);
  } catch (error) {
    const stopped = error.name === "AbortError";
    byId("status").textContent = stopped ? "Stopped" : "";
    if (!stopped) {
      answer.className = "error";
      answer.dir = "ltr";
      answer.textContent = error.message;
    }
  }
  const cleared = !answer.isConnected;
  if (!translate && !cleared && answer.className !== "error" && answer.textContent) {
    conversation.push({ role: "user", content: text }, { role: "assistant", content: answer.textContent });
    byId("text").value = "";
  }
  setRunning(null);
  byId("text").focus({ preventScroll: true });
}

function clear() {
  running?.abort();
  conversation.length = 0;
  byId("answers").replaceChildren();
  byId("status").textContent = "";
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

async function showModels() {
  try {
    const chosen = byId("model").value;
    const names = await models(byId("key").value);
    byId("model").replaceChildren(...names.map((name) => new Option(name, name, false, name === chosen)));
  } catch (error) {
    byId("status").textContent = error.message;
  }
}

function swap() {
  const [from, to] = [byId("from").value, byId("to").value];
  byId("from").value = to;
  byId("to").value = from;
  showDirection();
}

fillLanguages(byId("from"), "en");
fillLanguages(byId("to"), "zh");
setTheme(matchMedia("(prefers-color-scheme: dark)").matches);
showMode();
showModels();

document.forms.form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
document.forms.form.addEventListener("change", showMode);
byId("swap").addEventListener("click", swap);
byId("stop").addEventListener("click", () => running?.abort());
byId("clear").addEventListener("click", clear);
byId("key").addEventListener("change", showModels);
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
byId("do-sample").addEventListener("change", (event) => {
  for (const id of ["temperature", "top-k", "top-p"]) {
    byId(id).disabled = !event.target.checked;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    running?.abort();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    document.forms.form.requestSubmit();
  }
});
