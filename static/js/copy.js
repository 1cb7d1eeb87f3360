// button[data-copa-copy="#id"]: copies the text of that element and says so for a moment.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copa-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copaCopy);
  const words = button.querySelector("[data-copa-words]") || button;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText("value" in source ? source.value : source.innerText.trim());
    words.textContent = "Copié";
  } catch {
    words.textContent = "Copie refusée par le navigateur";
  }
  setTimeout(() => { words.textContent = before; }, 2000);
});
