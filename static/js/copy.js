// A button that copies the text beside it and says so; where nothing can be copied there is none.
if (navigator.clipboard) document.documentElement.classList.add("can-copy");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const told = button.closest("details, section").querySelector("[role=status]");
  told.textContent = "";
  const text = button.closest("dd, .example").querySelector("[data-cite]").textContent;
  await navigator.clipboard.writeText(text);
  told.textContent = button.dataset.copied;
});
