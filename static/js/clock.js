// [data-copa-clock]: the server wrote the words; each minute they are counted again, on the server's clock.
const MINUTE = 60_000;
const NBSP = "\u00a0";

function delay(span) {
  const minutes = Math.floor(Math.abs(span) / MINUTE);
  if (minutes === 0) return `moins d’1${NBSP}min`;
  if (minutes >= 48 * 60) {
    const hours = Math.floor((minutes % 1440) / 60);
    return [Math.floor(minutes / 1440), "j", ...(hours ? [hours, "h"] : [])].join(NBSP);
  }
  if (minutes < 60) return `${minutes}${NBSP}min`;
  const rest = minutes % 60;
  return [Math.floor(minutes / 60), "h", ...(rest ? [String(rest).padStart(2, "0")] : [])].join(NBSP);
}

function write(clock, selector, words) {
  const place = clock.querySelector(selector);
  if (place) place.textContent = words;
}

function refresh(clock, now) {
  const rest = Date.parse(clock.dataset.copaClock) - now;
  const whole = Number(clock.dataset.copaWhole) * 1000;
  const isLate = rest < 0;
  const isNear = rest <= Number(clock.dataset.copaNear) * 1000;
  clock.dataset.state = isLate ? "bad" : isNear ? "warn" : "ok";
  const share = isLate ? 1 : Math.min(rest / whole, 1);
  clock.querySelector(".ring-arc").setAttribute("stroke-dasharray", `${(share * 24).toFixed(2)} 24`);
  write(clock, "[data-copa-text]", isLate ? `retard de ${delay(rest)}` : `il reste ${delay(rest)}`);
  write(clock, "[data-copa-big]", delay(rest));
  write(clock, "[data-copa-small]", isLate ? "de retard" : "restent");
}

const born = Date.now();
setInterval(() => {
  for (const clock of document.querySelectorAll("[data-copa-clock]")) {
    clock.copaBorn ??= born;
    refresh(clock, Date.parse(clock.dataset.copaNow) + Date.now() - clock.copaBorn);
  }
}, MINUTE);

// A row that arrives later carries a later `now`: remember when it came.
document.addEventListener("htmx:load", (event) => {
  for (const clock of event.target.querySelectorAll("[data-copa-clock]")) clock.copaBorn = Date.now();
});

