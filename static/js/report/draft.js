// Keeps the draft on the server as one goes. A failed saving is tried again until it works; leaving before that asks
// first, and what is not kept yet waits in the tab (unsent.js).

import { currentToken } from "../token.js";

const DELAY = 800;
const TIMEOUT = 15000;
const RETRY_FIRST = 2000;
const RETRY_MOST = 30000;

const SIGNED_OUT = 401;
// The server's own sentence wins; these are for answers that carry none.
const REFUSED = {
  [SIGNED_OUT]: "Pas gardé : reconnectez-vous dans un autre onglet",
  403: "Pas gardé : reconnectez-vous dans un autre onglet",
  404: "Pas gardé : cette visite n’est plus à vous",
  413: "Pas gardé : le texte est trop long",
};

export class Draft {
  // read() → body to send; onState(state, words); onReply(json, body) once kept; onConflict(json) when another screen
  // answered the same questions otherwise; onOver() when nothing can be kept any more. State: wait, ok, warn, bad.
  constructor({ form, url, read, onState, onReply, onConflict, onOver }) {
    Object.assign(this, { form, url, read, onState, onReply, onConflict, onOver });
    this.changes = 0;
    this.saved = 0;
    this.sending = null;
    this.timer = 0;
    this.wait = RETRY_FIRST;
    // By this device's clock: when the first sign not kept yet was ticked.
    this.noticedAt = null;
    window.addEventListener("online", () => this.isUnsaved && this.flush());
    window.addEventListener("beforeunload", (event) => {
      if (this.isUnsaved && !this.isLeaving) event.preventDefault();
    });
    // Both ways: before the page may go away, and when she comes back from signing in again in another tab.
    document.addEventListener("visibilitychange", () => this.isUnsaved && !this.isHeld && this.flush());
  }

  get isUnsaved() {
    return this.saved < this.changes;
  }

  // Something was typed. `now`: an alert must not wait for the pause in the typing.
  touch({ now = false } = {}) {
    this.changes += 1;
    this.onState("wait", "Pas encore gardé");
    this.later(now ? 0 : DELAY);
  }

  notice() {
    this.noticedAt ??= new Date().toISOString();
  }

  later(delay) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), delay);
  }

  // Resolves to true when everything typed so far is kept.
  async flush() {
    window.clearTimeout(this.timer);
    if (this.sending) {
      await this.sending;
      return this.isUnsaved ? this.flush() : true;
    }
    if (!this.isUnsaved) return true;
    this.sending = this.send(this.changes);
    const isKept = await this.sending;
    this.sending = null;
    if (isKept && this.isUnsaved) this.later(DELAY);
    return isKept && !this.isUnsaved;
  }

  async send(upTo) {
    const body = this.read();
    let response;
    try {
      response = await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": currentToken(this.form) },
        body: JSON.stringify({ ...body, noticed_at: this.noticedAt, device_at: new Date().toISOString() }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      return this.retry();
    }
    if (response.ok) return this.keep(response, upTo, body);
    if (response.status >= 500 || response.status === 429) return this.retry();
    return this.refuse(response);
  }

  async keep(response, upTo, body) {
    let reply;
    try {
      reply = await response.json();
    } catch {
      return this.retry();
    }
    this.saved = Math.max(this.saved, upTo);
    this.wait = RETRY_FIRST;
    this.isHeld = false;
    if (!this.isUnsaved) {
      this.noticedAt = null;
      this.onState("ok", reply.saved_words);
    }
    this.onReply(reply, body);
    return true;
  }

  retry() {
    this.onState("warn", "Pas encore gardé, nouvel essai…");
    this.later(this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_MOST);
    return false;
  }

  // The server understood and said no: sending the same again would not help, the next change will. A lost session
  // is the exception: it may come back in another tab.
  async refuse(response) {
    const status = response.type === "opaqueredirect" ? SIGNED_OUT : response.status;
    const problem = await response.json().catch(() => ({}));
    if (problem.code === "stale_revision") {
      this.onState("warn", "Pas gardé : un autre écran a écrit");
      this.onConflict(problem.theirs);
      return false;
    }
    if (problem.code === "signed") this.onOver();
    this.onState("bad", REFUSED[status] ?? problem.message ?? "Pas gardé : rechargez la page ou appelez l’équipe");
    if (status === SIGNED_OUT || status === 403) this.later(RETRY_MOST);
    return false;
  }
}
