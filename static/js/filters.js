// nav.filters: on a phone its choices slide; the one that is chosen is in sight when the page opens.
for (const chosen of document.querySelectorAll("nav.filters [aria-current]")) {
  const line = chosen.closest(".filter-line") ?? chosen.parentElement;
  const beyond = chosen.getBoundingClientRect().right - line.getBoundingClientRect().right;
  if (beyond > 0) line.scrollLeft = beyond + chosen.parentElement.clientWidth / 8;
}
