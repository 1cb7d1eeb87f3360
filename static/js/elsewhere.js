// The tablet was handed to the mother in another tab, or the browser's arrow brings an old page back: what this page
// shows is not hers to read. It asks for itself again, and the server answers with the handed page.
// An answer of hers that was not kept yet waits in the tab for that page, and for nobody else.
export const KEPT = "copa-handed:";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("copa-handed") : null;
const { copaHanded } = document.querySelector("[data-copa-handed]")?.dataset ?? {};
const isHanded = copaHanded !== undefined;

for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith(KEPT) && key !== `${KEPT}${copaHanded}`) sessionStorage.removeItem(key);
}

if (isHanded) channel?.postMessage("handed");
else channel?.addEventListener("message", () => window.location.reload());

// A page kept whole by the browser did not ask the server: it does now, before it is read.
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted || isHanded || !document.body.dataset.copaStill) return;
  try {
    const response = await fetch(document.body.dataset.copaStill, { credentials: "same-origin", redirect: "manual" });
    if (!response.ok) window.location.reload();
  } catch {
    // Without network nothing says that it was handed: the page stays as it is.
  }
});
