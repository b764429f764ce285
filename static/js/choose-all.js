// A box that ticks all boxes of one name; without a script each is ticked by hand.
for (const place of document.querySelectorAll("[data-choose-all]")) {
  const all = place.querySelector("input");
  const boxes = document.querySelectorAll(`input[name="${place.dataset.chooseAll}"]`);
  place.hidden = boxes.length < 2;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
