// A chip takes its filter out of the form, so that results and counts follow without a new page.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("a[data-drop]");
  const form = document.getElementById("filters");
  if (!chip || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { drop, dropValue } = chip.dataset;
  const field = document.getElementById(`f-${drop}-${dropValue}`) ?? document.getElementById(drop);
  if (!field || !form.contains(field)) return;
  event.preventDefault();
  if (field.type === "checkbox") field.checked = false;
  else field.value = "";
  field.dispatchEvent(new Event("change", { bubbles: true }));
  (field.type === "checkbox" ? field : document.getElementById("q")).focus();
});
