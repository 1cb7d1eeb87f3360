// [data-copa-print]: prints the page. Hidden until this script is there, since nothing else can print.
for (const button of document.querySelectorAll("[data-copa-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
