// form[data-copa-alarm]: an alert that leaves. Without network it is tried again until it leaves, while the page says so
// and shows whom to call; it carries the tablet's own hours, of the tap and of the sending.
import { renewToken } from "./token.js";

const TIMEOUT = 15000;
const RETRY_FIRST = 2000;
const RETRY_MOST = 15000;
// Stored: the answer leads to the procedure. Anywhere else it leads to the page where one signs in.
const ARRIVED = /\/procedure\/$/;

class Alarm {
  constructor(form) {
    this.form = form;
    this.unsent = form.querySelector("[data-copa-unsent]");
    this.button = form.querySelector('[type="submit"]');
    this.wait = RETRY_FIRST;
    form.addEventListener("submit", (event) => this.press(event));
    window.addEventListener("online", () => this.isPressed && this.send());
    window.addEventListener("beforeunload", (event) => {
      if (this.isPressed && !this.isLeaving) event.preventDefault();
    });
  }

  press(event) {
    event.preventDefault();
    if (this.isPressed) return;
    this.isPressed = true;
    this.button.setAttribute("aria-busy", "true");
    this.form.elements.noticed_at.value ||= new Date().toISOString();
    this.send();
  }

  async send() {
    window.clearTimeout(this.timer);
    if (this.isSending) return;
    this.isSending = true;
    this.form.elements.sent_at.value = new Date().toISOString();
    renewToken(this.form);
    let response = null;
    try {
      response = await fetch(window.location.href, {
        method: "POST", credentials: "same-origin", body: new FormData(this.form), signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      response = null;
    }
    this.isSending = false;
    if (response === null || response.status >= 500) this.retry("network");
    else if (ARRIVED.test(new URL(response.url).pathname)) this.leave(() => window.location.replace(response.url));
    else if (response.redirected) this.retry("session");
    // Refused: the page itself is sent, so that it says why; what had arrived is not raised again.
    else this.leave(() => HTMLFormElement.prototype.submit.call(this.form));
  }

  leave(go) {
    this.isLeaving = true;
    go();
  }

  retry(why) {
    for (const words of this.unsent.querySelectorAll("[data-copa-why]")) words.hidden = words.dataset.copaWhy !== why;
    this.unsent.hidden = false;
    // Below every sign it would stand out of sight, and she would think that the alert has left.
    this.unsent.scrollIntoView({ block: "center" });
    this.timer = window.setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_MOST);
  }
}

for (const form of document.querySelectorAll("form[data-copa-alarm]")) new Alarm(form);
