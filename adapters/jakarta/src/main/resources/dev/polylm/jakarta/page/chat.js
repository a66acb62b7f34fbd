import { ask } from "./api.js";
import { button, byId, confirmed, copy, requestSettings, speed } from "./dom.js";
import { markdown } from "./markdown.js";
import { conversations, download, keepConversations, newConversation } from "./store.js";

const IDEAS = [
  "Beijing is the capital of China.\nTranslate this sentence from English to German.",
  "Write a short poem about the sea.",
  "给我介绍一下北京。",
];
const TITLE_LENGTH = 40;

let current = conversations[0] ?? newConversation("");
let running = null;
let follows = true; // whether the page shows the newest text; no longer once the reader scrolls up
let placed = 0; // how far the page itself has scrolled

const log = () => byId("log");

/** Shows the newest text. A fast answer gets here before the event that tells of the reader's scrolling. */
function follow() {
  if (log().scrollTop < placed) {
    noteScroll();
  }
  if (follows) {
    log().scrollTop = log().scrollHeight;
    placed = log().scrollTop;
  }
}

function goToEnd() {
  follows = true;
  placed = 0;
  follow();
}

function noteScroll() {
  follows = log().scrollHeight - log().scrollTop - log().clientHeight < 24;
  byId("latest").hidden = follows;
}

/** While an answer grows, a screen reader is told not each piece, but the whole at its end. */
function setRunning(controller) {
  running = controller;
  const runs = controller !== null;
  log().setAttribute("aria-busy", String(runs));
  byId("send").disabled = byId("send").hidden = runs;
  byId("stop").disabled = byId("stop").hidden = !runs;
}

/** The element of a message, and the element of its text. */
function turnOf(message, place) {
  const turn = document.createElement("article");
  turn.className = `turn ${message.role}`;
  const who = document.createElement("h2");
  who.textContent = message.role === "user" ? "You" : "PolyLM";
  const text = document.createElement("div");
  text.className = "text";
  const actions = document.createElement("div");
  actions.className = "actions";
  turn.append(who, text, actions);
  showText(text, message);
  if (message.role === "user") {
    actions.append(
      button("Copy", "Copy your message", (event) => copy(message.content, event.currentTarget)),
      button("Edit", "Edit your message", () => edit(place, turn)),
    );
  } else if (place < current.messages.length) {
    addAnswerActions(actions, message, place);
  }
  return { turn, text };
}

function addAnswerActions(actions, message, place) {
  actions.append(button("Copy", "Copy the answer", (event) => copy(message.content, event.currentTarget)));
  if (place === current.messages.length - 1) {
    actions.append(button("Regenerate", "Regenerate the answer", () => answerFrom(place)));
  }
  const note = document.createElement("span");
  note.className = "figures";
  note.textContent = [
    message.stopped ? "stopped" : "",
    message.finish === "length" ? "cut at the limit of tokens" : "",
    message.first ? `first token after ${message.first.toFixed(2)} s` : "",
    message.rate ? `${message.rate.toFixed(1)} tokens/s` : "",
  ]
    .filter(Boolean)
    .join(" · ");
  actions.append(note);
}

/** Letters say which way a text runs, block by block. */
function showText(target, message) {
  target.className = message.error ? "text error" : "text";
  if (message.error) {
    target.textContent = message.content;
  } else if (!message.content.trim()) {
    target.textContent = message.role === "user" ? "" : "The model wrote nothing.";
    target.classList.add("nothing");
  } else if (message.role === "user") {
    target.textContent = message.content;
  } else {
    target.replaceChildren(markdown(message.content));
  }
  target.dir = "auto";
  for (const block of target.children) {
    block.dir ||= "auto";
  }
}

function showConversation() {
  byId("empty").hidden = current.messages.length > 0;
  byId("turns").replaceChildren(...current.messages.map((message, place) => turnOf(message, place).turn));
  byId("system").value = current.system ?? "";
  showList();
  goToEnd();
  noteScroll();
}

function showList() {
  byId("list").replaceChildren(
    ...conversations.map((one) => {
      const item = document.createElement("li");
      const open = button(one.title, "", () => openConversation(one));
      open.dir = "auto";
      if (one === current) {
        open.setAttribute("aria-current", "true");
      }
      item.append(open, button("✕", `Delete ${one.title}`, () => remove(one)));
      return item;
    }),
  );
}

function openConversation(one) {
  running?.abort();
  current = one;
  byId("status").textContent = "";
  document.body.classList.remove("drawer");
  byId("open-conversations").setAttribute("aria-expanded", "false");
  showConversation();
}

async function remove(one) {
  if (await confirmed(`Delete “${one.title}”?`)) {
    conversations.splice(conversations.indexOf(one), 1);
    keepConversations();
    openConversation(one === current ? newConversation("") : current);
  }
}

/** Keeps the conversation, the latest first. */
function keep() {
  const first = current.messages[0]?.content.trim() ?? "";
  current.title = first.length > TITLE_LENGTH ? `${first.slice(0, TITLE_LENGTH)}…` : first;
  const place = conversations.indexOf(current);
  if (place >= 0) {
    conversations.splice(place, 1);
  }
  conversations.unshift(current);
  keepConversations();
}

/** The messages for the model: what was said up to a place, without errors. */
function said(place) {
  const system = current.system?.trim() ? [{ role: "system", content: current.system }] : [];
  const kept = current.messages.slice(0, place).filter((message) => !message.error);
  return [...system, ...kept.map(({ role, content }) => ({ role, content }))];
}

/** Gets an answer in place of the message at a place, and of all after it. */
async function answerFrom(place) {
  if (running) {
    return;
  }
  const conversation = current;
  conversation.messages.length = place;
  keep();
  showConversation();
  const answer = { role: "assistant", content: "" };
  const { turn, text } = turnOf(answer, place);
  text.textContent = "";
  turn.classList.add("growing");
  byId("turns").append(turn);
  follow();
  setRunning(new AbortController());
  byId("status").textContent = "Answering";
  let status = "";
  try {
    const body = { ...requestSettings(), messages: said(place) };
    const figures = await ask(body, byId("key").value, running.signal, (piece) => {
      answer.content += piece;
      showText(text, answer);
      follow();
    });
    Object.assign(answer, { first: figures.first, rate: figures.tokens / figures.seconds, finish: figures.finish });
    status = speed(figures);
  } catch (error) {
    if (error.name === "AbortError") {
      answer.stopped = true;
      status = "Stopped";
    } else {
      Object.assign(answer, { error: true, content: error.message });
    }
  }
  const reading = follows;
  const scrolled = log().scrollTop;
  conversation.messages.push(answer);
  setRunning(null);
  if (conversations.includes(conversation)) {
    keepConversations();
  }
  if (conversation === current) {
    showConversation();
    follows = reading;
    log().scrollTop = reading ? log().scrollHeight : scrolled;
    noteScroll();
    byId("status").textContent = status;
  }
}

function send(text) {
  if (running || !text.trim()) {
    return;
  }
  current.messages.push({ role: "user", content: text });
  byId("text").value = "";
  grow();
  goToEnd();
  answerFrom(current.messages.length);
}

/** Turns a message into a field; its new text is sent, and what followed is forgotten. */
function edit(place, turn) {
  if (running) {
    return;
  }
  const field = document.createElement("textarea");
  field.value = current.messages[place].content;
  field.dir = "auto";
  field.rows = Math.min(12, field.value.split("\n").length + 1);
  field.setAttribute("aria-label", "Your message");
  const done = () => {
    if (field.value.trim() && !running) {
      current.messages[place] = { role: "user", content: field.value };
      answerFrom(place + 1);
    }
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      done();
    } else if (event.key === "Escape") {
      showConversation();
    }
  });
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(button("Send", "Send the edited message", done), button("Cancel", "", showConversation));
  turn.replaceChildren(turn.firstChild, field, actions);
  field.focus();
}

/** The field is as high as its text, up to a third of the window. */
function grow() {
  const field = byId("text");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight / 3)}px`;
}

export function useSystem(text) {
  current.system = text;
  if (conversations.includes(current)) {
    keepConversations();
  }
}

export function showChat() {
  byId("ideas").append(...IDEAS.map((idea) => button(idea.replace("\n", " "), "", () => send(idea))));
  for (const idea of byId("ideas").children) {
    idea.dir = "auto";
  }
  showConversation();
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send(byId("text").value);
  });
  byId("text").addEventListener("input", grow);
  byId("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send(byId("text").value);
    }
  });
  byId("stop").addEventListener("click", () => running?.abort());
  byId("new").addEventListener("click", () => {
    openConversation(newConversation(""));
    byId("text").focus();
  });
  byId("export").addEventListener("click", () => download("polylm-conversations.json", conversations));
  byId("delete-all").addEventListener("click", async () => {
    if (await confirmed("Delete all conversations?")) {
      conversations.length = 0;
      keepConversations();
      openConversation(newConversation(""));
    }
  });
  log().addEventListener("scroll", noteScroll);
  byId("latest").addEventListener("click", goToEnd);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      running?.abort();
    }
  });
}
