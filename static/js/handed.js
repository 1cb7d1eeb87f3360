// [data-copa-handed]: the questions in the mother's hands. Each answer is sent until it is kept, the next screen takes
// its place in the same page (full screen stays), and nothing of what she answered stays in the browser afterwards.

import { KEPT } from "./elsewhere.js";
import { currentToken } from "./token.js";

const TIMEOUT = 10000;
const RETRY_FIRST = 1000;
const RETRY_MOST = 10000;
const WORDS = "Pas de réseau : votre réponse est gardée ici, elle part dès qu’il revient.";

const place = document.querySelector("[data-copa-handed]");
// Of this handing alone: another mother's page does not send it.
const UNSENT = `${KEPT}${place.dataset.copaHanded}`;
const idle = Number(place.dataset.copaIdle) * 1000;
let timer = 0;
let isSending = false;

const wait = (delay) => new Promise((resolve) => {
  const go = () => {
    window.clearTimeout(later);
    window.removeEventListener("online", go);
    resolve();
  };
  const later = window.setTimeout(go, delay);
  window.addEventListener("online", go);
});

// Untouched for a quarter of an hour: the server signs it out, the page asks so that nothing stays on the screen.
function touched() {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => window.location.reload(), idle + 2000);
}

async function fullScreen() {
  try {
    await document.documentElement.requestFullscreen?.();
  } catch {
    // Some devices refuse: the questions are the same without.
  }
}

function tell(words) {
  const line = document.querySelector("[data-copa-handed-words]");
  if (!line) return;
  line.textContent = words;
  line.hidden = !words;
}

// null: nobody answered, to be tried again.
async function ask(url, options = {}) {
  try {
    const response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT), ...options });
    return response.status >= 500 || response.status === 429 ? null : response;
  } catch {
    return null;
  }
}

async function untilAnswered(url, options) {
  let delay = RETRY_FIRST;
  for (;;) {
    const response = await ask(url, options());
    if (response) return response;
    tell(WORDS);
    await wait(delay);
    delay = Math.min(delay * 2, RETRY_MOST);
  }
}

async function show(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.querySelector("[data-copa-handed] main");
  if (!next) {
    // Signed out meanwhile, or something else: the browser goes where the server says.
    window.location.reload();
    return;
  }
  window.speechSynthesis?.cancel();
  place.querySelector("main").replaceWith(document.importNode(next, true));
  draw();
  window.scrollTo(0, 0);
  place.querySelector("main").focus();
}

async function send(url, fields) {
  if (isSending) return;
  isSending = true;
  try {
    const form = document.querySelector("[data-copa-handed-step]");
    const response = await untilAnswered(url, () => ({
      method: "POST", headers: { "X-CSRFToken": currentToken(form) }, body: new URLSearchParams(fields),
    }));
    sessionStorage.removeItem(UNSENT);
    await show(response);
  } finally {
    isSending = false;
  }
}

function answer(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const isAnswer = fields.some(([name]) => name === "value" || name === "skip");
  // Reloaded before it was kept, this tab still sends it.
  if (isAnswer) sessionStorage.setItem(UNSENT, JSON.stringify({ url: form.action, fields }));
  send(form.action, fields);
}

async function go(url) {
  if (!isSending) await show(await untilAnswered(url, () => ({})));
}

function speak(text) {
  const words = [text.querySelector("legend"), text.querySelector(".hint"), ...text.querySelectorAll(".tile span")];
  const said = new SpeechSynthesisUtterance(words.filter(Boolean).map((one) => one.textContent.trim()).join(". "));
  said.lang = text.lang;
  window.speechSynthesis.cancel();
  window.speechSynthesis.speak(said);
}

// Only a device that has a voice for this language offers to read.
function draw() {
  const button = place.querySelector("[data-copa-listen]");
  const text = place.querySelector("[data-copa-speech]");
  if (!button || !text || !("speechSynthesis" in window)) return;
  const voices = window.speechSynthesis.getVoices();
  button.hidden = !voices.some((voice) => voice.lang.toLowerCase().startsWith(text.lang.toLowerCase()));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-copa-handed-step]")) return;
  event.preventDefault();
  if (form.matches("[data-copa-handed-begin]")) {
    fullScreen();
    go(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  } else {
    answer(form, event.submitter);
  }
});
place.addEventListener("click", (event) => {
  const link = event.target.closest("[data-copa-handed-link]");
  if (link) {
    event.preventDefault();
    go(link.href);
  } else if (event.target.closest("[data-copa-listen]")) {
    speak(place.querySelector("[data-copa-speech]"));
  }
});
for (const move of ["pointerdown", "keydown"]) document.addEventListener(move, touched, { passive: true });
window.speechSynthesis?.addEventListener?.("voiceschanged", draw);

touched();
draw();
const left = JSON.parse(sessionStorage.getItem(UNSENT) ?? "null");
if (left && document.querySelector("[data-copa-handed-item]")) send(left.url, left.fields);
else sessionStorage.removeItem(UNSENT);
