// What is typed and not kept yet survives a reload of this tab: a session that ended, a page closed by mistake. It
// goes away with the tab, and as soon as the server has it: no health data stays on the device.

export class Unsent {
  constructor(url) {
    this.key = `copa-unsent:${url}`;
  }

  // → { fields, base, revision }, or null
  read() {
    try {
      return JSON.parse(window.sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  // A full or forbidden store takes nothing away: the page still asks before it is left.
  write(state) {
    try {
      window.sessionStorage.setItem(this.key, JSON.stringify(state));
    } catch {
      this.clear();
    }
  }

  clear() {
    window.sessionStorage.removeItem(this.key);
  }
}
