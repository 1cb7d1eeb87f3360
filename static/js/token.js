// The CSRF token of now: signing in again, in this tab or another one, changes it, and a page drawn before knows only
// the old one. The cookie is where the browser always has the current one.
const COOKIE = "csrftoken=";

export function currentToken(form) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(COOKIE));
  return found ? found.slice(COOKIE.length) : form.elements.csrfmiddlewaretoken.value;
}

export function renewToken(form) {
  const field = form.elements.csrfmiddlewaretoken;
  if (field) field.value = currentToken(form);
}

document.addEventListener("submit", (event) => renewToken(event.target), true);
