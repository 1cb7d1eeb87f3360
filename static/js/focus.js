// [data-copa-focus]: what the page wants read first, such as the summary of what is wrong in a form.
const first = document.querySelector("[data-copa-focus]");
if (first) first.focus();
