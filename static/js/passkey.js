// [data-copa-passkey]: shown only where the device knows passkeys; [data-copa-passkey-problem] says what went wrong.
const problem = document.querySelector("[data-copa-passkey-problem]");

if (!window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-copa-passkey]")) part.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (!problem) return;
  const wasRefused = event.detail.exception?.name === "NotAllowedError";
  problem.textContent = wasRefused
    ? "La clé n’a pas été lue : la demande a été annulée ou a pris trop de temps. Recommencez, ou passez par un code."
    : "Cette clé n’a pas fonctionné sur cet appareil. Passez par un code, ou demandez à la coordination.";
  problem.hidden = false;
});
