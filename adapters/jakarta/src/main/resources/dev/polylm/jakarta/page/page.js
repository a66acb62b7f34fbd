import { models } from "./api.js";
import { showChat, useSystem } from "./chat.js";
import { byId } from "./dom.js";
import { key, keepKey, keepSettings, settings } from "./store.js";
import { showTranslation } from "./translation.js";

const NUMBERS = ["max-tokens", "temperature", "top-p", "top-k", "repetition-penalty", "beams"];
const DRAWN = ["temperature", "top-p", "top-k"];

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

function showView(name) {
  byId("chat").hidden = name !== "chat";
  byId("translation-view").hidden = name === "chat";
  byId("show-chat").setAttribute("aria-pressed", String(name === "chat"));
  byId("show-translation").setAttribute("aria-pressed", String(name !== "chat"));
  document.body.dataset.view = name;
  keepSettings({ ...settings(), view: name });
}

function enableDrawn() {
  for (const id of DRAWN) {
    byId(id).disabled = !byId("do-sample").checked;
  }
}

function restoreSettings() {
  const kept = settings();
  for (const id of NUMBERS) {
    if (Number.isFinite(kept[id])) {
      byId(id).value = kept[id];
    }
  }
  byId("do-sample").checked = kept["do-sample"] === true;
  byId("key").value = key();
  enableDrawn();
  setTheme(kept.dark ?? matchMedia("(prefers-color-scheme: dark)").matches);
  showView(kept.view === "translation" ? "translation" : "chat");
}

function keepFields() {
  const kept = settings();
  for (const id of NUMBERS) {
    kept[id] = byId(id).valueAsNumber;
  }
  kept["do-sample"] = byId("do-sample").checked;
  keepSettings(kept);
  enableDrawn();
}

async function showModels() {
  try {
    const chosen = byId("model").value || settings().model;
    const names = await models(byId("key").value);
    byId("model").replaceChildren(...names.map((name) => new Option(name, name, false, name === chosen)));
    byId("status").textContent = "";
  } catch (error) {
    byId("status").textContent = error.message;
  }
}

restoreSettings();
showChat();
showTranslation();
showModels();

byId("show-chat").addEventListener("click", () => showView("chat"));
byId("show-translation").addEventListener("click", () => showView("translation"));
byId("model").addEventListener("change", () => keepSettings({ ...settings(), model: byId("model").value }));
byId("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme !== "dark";
  setTheme(dark);
  keepSettings({ ...settings(), dark });
});
byId("open-settings").addEventListener("click", () => byId("settings").showModal());
byId("settings").addEventListener("change", keepFields);
byId("system").addEventListener("change", () => useSystem(byId("system").value));
byId("key").addEventListener("change", () => {
  keepKey(byId("key").value);
  showModels();
});
byId("open-conversations").addEventListener("click", () => {
  const open = document.body.classList.toggle("drawer");
  byId("open-conversations").setAttribute("aria-expanded", String(open));
});
