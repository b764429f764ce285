// The address of a list changes without a new page: the links to the same list in other languages
// follow it, and the note of it that htmx leaves in the browser is taken away.
const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
for (const moved of ["htmx:pushedIntoHistory", "htmx:historyRestore"]) {
  document.addEventListener(moved, () => {
    for (const link of document.querySelectorAll(".languages a")) link.search = location.search;
    forget();
  });
}
forget();
