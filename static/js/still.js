// form[data-copa-unsaved]: before it leaves, is she still signed in, and does the site answer? A form sent to nobody
// comes back as a page to sign in, or as the browser's own page, and what was typed is gone. Here it stays on the page,
// and nowhere else: a shared tablet keeps no health of anybody. `body[data-copa-still]` is the address that answers.
import { hold, holdLinks, release, releaseLinks } from "./once.js";
import { renewToken } from "./token.js";

const TIMEOUT = 10000;
const ASKED = "copaAsked";
const WORDS = {
  network: "Pas de réponse du site : rien n’est parti, rien n’est perdu. Laissez cette page ouverte et renvoyez dans un instant.",
  session:
    "Votre session s’est arrêtée : rien n’est parti, rien n’est perdu. Connectez-vous dans l’autre onglet, revenez ici et renvoyez.",
  other: "Une autre personne s’est connectée sur cet appareil : rien n’est parti. Reconnectez-vous dans l’autre onglet avant de renvoyer.",
};

// "ok", or why it must not leave.
async function state() {
  const { copaStill, copaMember } = document.body.dataset;
  try {
    const response = await fetch(copaStill, {
      headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status >= 500) return "network";
    if (!response.ok) return "session";
    return (await response.json()).member === copaMember ? "ok" : "other";
  } catch {
    return "network";
  }
}

function wayIn() {
  const link = document.createElement("a");
  link.href = "/";
  link.target = "_blank";
  link.rel = "noopener";
  link.className = "button";
  link.textContent = "Se connecter dans un autre onglet";
  return link;
}

function tell(form, why) {
  const box = document.createElement("div");
  box.className = "well stack";
  box.setAttribute("role", "alert");
  box.dataset.copaUnsentWords = "";
  const words = document.createElement("p");
  words.textContent = WORDS[why];
  box.append(words);
  if (why !== "network") box.append(wayIn());
  (form.querySelector('.row:has([type="submit"])') ?? form.lastElementChild).before(box);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-copa-unsaved]") || !document.body.dataset.copaStill || event.defaultPrevented) return;
  if (form.dataset[ASKED] === "ok") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset[ASKED]) return;
  form.dataset[ASKED] = "asking";
  const { submitter } = event;
  if (submitter) hold(submitter);
  holdLinks(form);
  const why = await state();
  if (submitter) release(submitter);
  releaseLinks(form);
  for (const box of form.querySelectorAll("[data-copa-unsent-words]")) box.remove();
  if (why !== "ok") {
    delete form.dataset[ASKED];
    tell(form, why);
    return;
  }
  renewToken(form);
  form.dataset[ASKED] = "ok";
  form.requestSubmit(submitter);
}, true);

// Coming back with the browser's arrow: it is asked again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-copa-unsaved]")) delete form.dataset[ASKED];
});
