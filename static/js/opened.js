// A report counts as opened once it has stood before somebody's eyes: the page says so itself, after a moment during
// which it was visible. Without script the button « J’ai lu » does it; without either, nobody claims it was read.

const SEEN_AFTER = 2000;

function seen() {
  return new Promise((resolve) => {
    let timer = 0;
    const look = () => {
      window.clearTimeout(timer);
      if (document.visibilityState === "visible") timer = window.setTimeout(resolve, SEEN_AFTER);
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}

async function tell(form) {
  await seen();
  const response = await fetch(form.action, {
    method: "POST",
    credentials: "same-origin",
    redirect: "manual",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  // Otherwise the button stays: she can still say it herself.
  if (response.status !== 204) return;
  const button = form.querySelector("button");
  button.disabled = true;
  button.dataset.kind = "second";
  button.lastChild.textContent = " Lecture notée";
}

for (const form of document.querySelectorAll("form[data-copa-opened]")) tell(form).catch(() => {});
