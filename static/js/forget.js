// What was typed in this tab (keep.js) goes when it is stored, when somebody else sits down, and at signing out
// (form[data-copa-forget]).
export const PREFIX = "copa:kept:";
const { copaMember } = document.body.dataset;
const from = document.referrer ? new URL(document.referrer) : null;

// A page of hers that follows the form it was sent from: the form was stored. A page of trouble (500) is nobody's.
function isStored(key) {
  const isOfForm = from?.origin === location.origin && key.endsWith(`:${from.pathname}${from.search}`);
  return isOfForm && JSON.parse(sessionStorage.getItem(key)).isSent;
}

for (const key of Object.keys(sessionStorage)) {
  if (!copaMember || !key.startsWith(PREFIX)) continue;
  if (!key.startsWith(`${PREFIX}${copaMember}:`) || isStored(key)) sessionStorage.removeItem(key);
}

document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-copa-forget]")) sessionStorage.clear();
});
