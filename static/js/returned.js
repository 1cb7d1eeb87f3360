// The page that asks to sign in: what a form sent when the session had ended was not stored. See keep.js: unmarked
// here, it is typed back once she is in.
const PREFIX = "copa:kept:";
const from = document.referrer ? new URL(document.referrer) : null;

for (const key of Object.keys(sessionStorage)) {
  const isOfForm = from?.origin === location.origin && key.endsWith(`:${from.pathname}${from.search}`);
  if (!key.startsWith(PREFIX) || !isOfForm) continue;
  sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), isSent: false, isReturned: true }));
}
