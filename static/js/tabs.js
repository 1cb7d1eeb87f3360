// nav[data-copa-tabs]: where the strip is longer than the screen, it opens on the part that is read.
for (const strip of document.querySelectorAll("[data-copa-tabs]")) {
  const current = strip.querySelector("[aria-current]")?.getBoundingClientRect();
  const shown = strip.getBoundingClientRect();
  if (current) strip.scrollLeft += current.left + current.width / 2 - (shown.left + shown.width / 2);
}
