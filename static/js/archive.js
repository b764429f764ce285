// The lists of an archive: filtered, searched and sorted here as the live site did on its server.
// What each value and each order holds was asked of the database when the archive was written.
const list = JSON.parse(document.getElementById("archive-rows").textContent);
const MAX_VALUES = 40;
const MAX_QUERY = 200;
const MAX_BUDGET = 10 ** 15;
const MAX_TERMS = 8;
const MAX_WAYS = 12;
const tracking = new RegExp(`^(?:${list.tracking})$`);
const letters = { œ: "oe", æ: "ae", ø: "o", ß: "ss" };
const facets = new Map(list.facets.map((facet) => [facet.name, facet]));
const form = document.querySelector("#filters, form.choose");
const results = document.querySelector("#results") ?? form.parentElement;
const rows = [...results.querySelectorAll(".rows > li, .log > li")];
const holder = rows[0]?.parentElement;
const told = document.querySelector("[data-results]");
const everything = rows.map((_row, place) => place);
for (const facet of list.facets) {
  for (const value of Object.keys(facet.rows)) facet.rows[value] = new Set(facet.rows[value]);
}

const words = (text) =>
  text
    .toLowerCase()
    .replace(/[œæøß]/g, (letter) => letters[letter])
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .match(/[a-z0-9]+/g) ?? [];

const number = (n) => {
  const gap = list.money?.match(/1(\D*)000/)?.[1] ?? "";
  return String(n).replace(/\B(?=(\d{3})+$)/g, gap);
};
const money = (n) => list.money.replace(/1\D*000/, number(n));
const counted = (forms, n) => forms[Math.min(n, 2)].replace("#", number(n));

// What an address chooses; what is not understood is kept to be named.
function parse(search) {
  const given = new Map();
  for (const [name, value] of new URLSearchParams(search)) {
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  const choice = { chosen: {}, q: "", budget_min: null, budget_max: null, sort: "", unknown: [] };
  for (const [name, all] of given) {
    const values = [...new Set(all)].filter((value) => value.trim());
    const facet = facets.get(name);
    if (facet) {
      const known = values.slice(0, MAX_VALUES).filter((value) => isKnown(facet, value));
      if (known.length) choice.chosen[name] = known;
      for (const value of values) if (!known.includes(value)) choice.unknown.push([name, value]);
    } else if (takesOne(name)) {
      const last = values.pop() ?? "";
      for (const value of values) choice.unknown.push([name, value]);
      if (last && !read(choice, name, last)) choice.unknown.push([name, last]);
    } else if (!tracking.test(name)) {
      for (const _value of values.length ? values : [""]) choice.unknown.push([name]);
    }
  }
  return choice;
}

const isKnown = (facet, value) =>
  Object.hasOwn(facet.rows, value) ||
  (facet.pattern !== "" && new RegExp(`^(?:${facet.pattern})$`).test(value));
const takesOne = (name) =>
  name === "page" ||
  name === list.state?.name ||
  (list.words && ["q", "sort"].includes(name)) ||
  (list.budgets && ["budget_min", "budget_max"].includes(name));

function read(choice, name, value) {
  switch (name) {
    case "q":
      if (value.length > MAX_QUERY || value.includes("\0") || !words(value).length) return false;
      choice.q = value.trim();
      return true;
    case "budget_min":
    case "budget_max":
      if (!/^[0-9]{1,15}$/.test(value) || Number(value) > MAX_BUDGET) return false;
      choice[name] = Number(value);
      return true;
    case "sort":
      if (!Object.hasOwn(list.sorts, value.replace(/^-/, ""))) return false;
      choice.sort = value;
      return true;
    case "page":
      return /^[1-9][0-9]{0,6}$/.test(value);
    default:
      return list.state.known.includes(value);
  }
}

function query(choice) {
  const pairs = new URLSearchParams();
  if (choice.q) pairs.append("q", choice.q);
  for (const { name } of list.facets) {
    for (const value of choice.chosen[name] ?? []) pairs.append(name, value);
  }
  for (const name of ["budget_min", "budget_max"]) {
    if (choice[name] !== null) pairs.append(name, choice[name]);
  }
  if (choice.sort) pairs.append("sort", choice.sort);
  return String(pairs);
}

// Words: a word of the row, or of a record that it is found by, begins with each term.
const has = (text, term, marks) => [...marks].some((mark) => text.includes(` ${mark}${term}`));
const terms = (choice) => words(choice.q).slice(0, MAX_TERMS);
const holds = (place, term) =>
  [list.words.own[place], ...(list.words.of[place] ?? []).map((n) => list.words.others[n])].some(
    (text) => has(text, term, "^~."),
  );
const rank = (place, all) =>
  ["^", "^~"].findIndex((marks) => all.every((term) => has(list.words.own[place], term, marks)));

function narrowed(choice, but = "") {
  const all = choice.q ? terms(choice) : [];
  return everything.filter(
    (place) =>
      all.every((term) => holds(place, term)) &&
      (choice.budget_min === null ||
        (list.budgets[place] !== null && list.budgets[place] >= choice.budget_min)) &&
      (choice.budget_max === null ||
        (list.budgets[place] !== null && list.budgets[place] <= choice.budget_max)) &&
      list.facets.every(
        ({ name, rows: of }) =>
          name === but ||
          !choice.chosen[name] ||
          choice.chosen[name].some((value) => of[value]?.has(place)),
      ),
  );
}

function ordered(choice, places) {
  const kept = new Set(places);
  if (choice.q && !choice.sort) {
    const ranks = new Map(
      places.map((place) => [place, (rank(place, terms(choice)) + 3) % 3]),
    );
    const found = list.relevance.filter((place) => kept.has(place));
    return found.sort((a, b) => ranks.get(a) - ranks.get(b));
  }
  const name = choice.sort || list.default;
  const order = list.sorts[name.replace(/^-/, "")]?.[name.startsWith("-") ? 1 : 0] ?? everything;
  return order.filter((place) => kept.has(place));
}

function without(choice, name, value) {
  if (!facets.has(name)) return { ...choice, [name]: name === "q" ? "" : null };
  const left = choice.chosen[name].filter((each) => each !== value);
  const { [name]: _all, ...others } = choice.chosen;
  return { ...choice, chosen: left.length ? { ...others, [name]: left } : others };
}

// All that is chosen, in the order of the form.
function chips(choice) {
  const found = [];
  if (choice.q) found.push({ name: "q", value: choice.q, facet: "", label: `“${choice.q}”` });
  for (const name of ["budget_min", "budget_max"]) {
    if (choice[name] === null) continue;
    const label = shown(name, { amount: money(choice[name]) }).textContent;
    found.push({ name, value: String(choice[name]), facet: "", label });
  }
  for (const { name, label: facet, values } of list.facets) {
    for (const value of choice.chosen[name] ?? []) {
      found.push({ name, value, facet, label: values[value] || value });
    }
  }
  return found;
}

const here = (choice) => {
  const page = location.pathname.split("/").pop() || "./";
  return `${page}?${query(choice)}`.replace(/\?$/, "");
};

// A copy of one of the page's templates, its slots filled in.
function shown(name, slots = {}) {
  const copy = document.getElementById(`archive-${name}`).content.firstElementChild.cloneNode(true);
  for (const [slot, text] of Object.entries(slots)) {
    for (const place of copy.querySelectorAll(`[data-slot="${slot}"]`)) {
      place.textContent = text && text + (place.dataset.after ?? "");
    }
  }
  return copy;
}

function showUnknown(choice) {
  results.querySelector(".warning[role=alert]")?.remove();
  if (!choice.unknown.length) return;
  const warning = shown("unknown");
  for (const [name, value] of choice.unknown) {
    const kind = value === undefined ? "unknown-parameter" : "unknown-value";
    warning.querySelector("ul").append(shown(kind, { name, value: value ?? "" }));
  }
  results.prepend(warning);
}

function showChips(choice) {
  const room = document.getElementById("archive-chips");
  const found = list.words ? chips(choice) : [];
  room.replaceChildren();
  if (found.length) {
    const all = shown("chosen");
    for (const chip of found) {
      const copy = shown("chip", chip);
      const link = copy.querySelector("a");
      link.href = here(without(choice, chip.name, chip.value));
      Object.assign(link.dataset, { drop: chip.name, dropValue: chip.value });
      all.lastElementChild.before(copy);
    }
    all.querySelector(".clear").href = here(parse(""));
    room.append(all);
  }
  const chosen = document.getElementById("chosen");
  if (chosen) chosen.textContent = found.length ? `(${found.length})` : "";
  for (const part of document.querySelectorAll("[data-of-selection]")) part.hidden = found.length > 0;
}

function showEmpty(choice, count) {
  results.querySelector(".empty")?.remove();
  if (count || !list.words) return;
  const empty = shown("empty");
  const ways = chips(choice)
    .slice(0, MAX_WAYS)
    .map((chip) => [chip, narrowed(without(choice, chip.name, chip.value)).length])
    .filter(([_chip, n]) => n);
  for (const [chip, n] of ways) {
    const way = shown("way", { ...chip, count: counted(list.found.way, n) });
    way.querySelector("a").href = here(without(choice, chip.name, chip.value));
    empty.querySelector("ul").append(way);
  }
  empty.querySelector("[data-slot=clear] a").href = here(parse(""));
  empty.querySelector(`[data-slot=${ways.length ? "clear" : "ways"}]`).remove();
  if (!ways.length) empty.querySelector("ul").remove();
  (holder ?? results.querySelector(".sorting")).after(empty);
}

function showOrders(choice) {
  const now = choice.sort || (choice.q ? "relevance" : list.default);
  for (const name of Object.keys(list.sorts)) {
    const link = document.getElementById(`sort-${name}`);
    const state = now.replace(/^-/, "") !== name ? "" : now.startsWith("-") ? "down" : "up";
    const mostFirst = ["budget", "amount", "delay"].includes(name);
    const reverse = state ? state === "up" : mostFirst;
    link.href = here({ ...choice, sort: reverse ? `-${name}` : name });
    link.toggleAttribute("aria-current", state !== "");
    if (state) link.setAttribute("aria-current", "true");
    for (const mark of link.querySelectorAll(".visually-hidden, .arrow")) mark.remove();
    const marks = state && document.getElementById(`archive-${state}`).content.cloneNode(true);
    if (marks) link.append(marks);
  }
}

function showCounts(choice) {
  for (const { name, rows: of } of list.facets) {
    const among = narrowed(choice, name);
    for (const label of form.querySelectorAll(`label[data-facet="${CSS.escape(name)}"]`)) {
      const n = among.filter((place) => of[label.dataset.value]?.has(place)).length;
      label.dataset.count = n;
      label.querySelector(".n").textContent = number(n);
    }
  }
}

// The form says what is chosen, also after going back.
function showForm(choice) {
  for (const field of form.elements) {
    const chosen = choice.chosen[field.name] ?? [];
    if (field.type === "checkbox") field.checked = chosen.includes(field.value);
    else if (field.tagName === "SELECT") field.value = chosen[0] ?? "";
    else if (field.name === "sort") field.value = choice.sort;
    else if (field.name) field.value = choice[field.name] ?? "";
  }
}

function show(choice) {
  const places = ordered(choice, narrowed(choice));
  holder?.replaceChildren(...places.map((place) => rows[place]));
  if (holder) holder.hidden = !places.length;
  told.value = places.length;
  const heading = counted(list.found.heading, places.length);
  const line = told.closest("[data-heading]");
  if (line) line.replaceChildren(told);
  told.textContent = heading;
  showUnknown(choice);
  showChips(choice);
  showEmpty(choice, places.length);
  showOrders(choice);
  showCounts(choice);
  const search = query(choice);
  for (const link of document.querySelectorAll(".languages a, a[data-state]")) link.search = search;
}

function announce() {
  const region = document.getElementById("announcement");
  const n = Number(told.getAttribute("value"));
  if (region) region.textContent = counted(list.found.announcement, n);
}

let current = parse(location.search);

function choose(choice) {
  if (query(choice) === query(current) && !current.unknown.length) return;
  current = choice;
  try {
    history.pushState(null, "", here(choice));
  } catch {
    // Some browsers change no address of a file on a disk; the list follows all the same.
  }
  show(choice);
  announce();
}

// What the form says, with those chosen values that it does not offer.
function formChoice() {
  const offered = new Set([...form.elements].map((field) => `${field.name}=${field.value}`));
  const pairs = new URLSearchParams(new FormData(form));
  for (const [name, values] of Object.entries(current.chosen)) {
    for (const value of values) if (!offered.has(`${name}=${value}`)) pairs.append(name, value);
  }
  return parse(String(pairs));
}

function start() {
  const asked = new URLSearchParams(location.search).getAll(list.state?.name ?? "").pop();
  const other = asked && asked !== list.state.here && list.state.known.includes(asked);
  const link = other && document.querySelector(`a[data-state="${CSS.escape(asked)}"]`);
  if (link) {
    link.search = query(current);
    location.replace(link.href);
    return;
  }
  showForm(current);
  show(current);
}

let typing;
form.addEventListener("change", () => choose(formChoice()));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  choose(formChoice());
});
form.querySelector("#q")?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => choose(formChoice()), 400);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest(".sorting a, .chips a, .empty a");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(parse(new URL(link.href).search));
  showForm(current);
  const { drop, dropValue } = link.dataset;
  const box = drop && document.getElementById(`f-${drop}-${dropValue}`);
  if (!link.isConnected) (box || form.querySelector("#q"))?.focus();
});
addEventListener("popstate", () => {
  current = parse(location.search);
  showForm(current);
  show(current);
});
start();
