/** Conversations and settings, as this browser keeps them. What can't be kept is still used. */
const CONVERSATIONS = "polylm.conversations";
const SETTINGS = "polylm.settings";
const KEY = "polylm.key";

function read(storage, name, otherwise) {
  try {
    return JSON.parse(storage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(storage, name, value) {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is full or turned off.
  }
}

const isConversation = (one) => typeof one?.id === "string" && Array.isArray(one.messages);

/** The conversations, the latest first. */
export const conversations = (() => {
  const kept = read(localStorage, CONVERSATIONS, []);
  return Array.isArray(kept) ? kept.filter(isConversation) : [];
})();

export const keepConversations = () => write(localStorage, CONVERSATIONS, conversations);

export function newConversation(system) {
  return { id: crypto.randomUUID?.() ?? String(Date.now()), title: "", system, messages: [] };
}

export const settings = () => read(localStorage, SETTINGS, {});
export const keepSettings = (values) => write(localStorage, SETTINGS, values);

/** A key is secret, so it lives no longer than the tab. */
export const key = () => read(sessionStorage, KEY, "");
export const keepKey = (value) => write(sessionStorage, KEY, value);

/** Offers a file to save. */
export function download(name, value) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
