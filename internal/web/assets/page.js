// What pages do with JavaScript that they also do without, only quicker: filter
// and sort the table of items in place; and keys to walk from row to row.
"use strict";

document.documentElement.classList.add("script");

// ---------------------------------------------------------------- items

const table = document.querySelector("table.items");
if (table) {
  const form = document.querySelector("form.filter");
  const heads = [...table.tHead.querySelectorAll("a[data-sort]")];
  const columns = heads.map((a) => a.dataset.sort);
  const chunk = 100; // rows in one body, and how many rows make a table long:
  const long = 1000; // as the server has it

  // read takes in the rows of a table, with what they are filtered and sorted by.
  const read = (from) =>
    [...from.tBodies].flatMap((body) => [...body.rows]).map((tr) => {
      const [kind, state, cls, result, level, has] = tr.dataset.f.split("|");
      return {
        tr, kind, state, class: cls, result, level: level.split(" "), has: has.split(" "),
        order: tr.dataset.n.split(" ").map(Number),
        text: (tr.cells[0].textContent + " " + tr.cells[2].textContent).toLowerCase(),
      };
    });

  let rows = null;
  // all rows: those of this page, or where it is filtered those of the whole one.
  const all = async () => {
    if (rows) return rows;
    if (!("filtered" in table.dataset)) return (rows = read(table));
    const answer = await fetch(form.dataset.items);
    if (!answer.ok) throw new Error("status " + answer.status);
    const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
    rows = read(whole.querySelector("table.items"));
    for (const row of rows) row.tr = document.adoptNode(row.tr);
    return rows;
  };

  const sorted = table.tHead.querySelector("th[aria-sort]");
  let sort = sorted ? sorted.querySelector("a").dataset.sort : "key";
  let descending = sorted ? sorted.getAttribute("aria-sort") === "descending" : false;

  const asked = () => Object.fromEntries(new FormData(form));

  const matches = (row, want, words) =>
    (!want.kind || row.kind === want.kind) && (!want.state || row.state === want.state) &&
    (!want.class || row.class === want.class) && (!want.result || row.result === want.result) &&
    (!want.level || row.level.includes(want.level)) && (!want.has || row.has.includes(want.has)) &&
    words.every((word) => row.text.includes(word));

  // address is the page as it is shown now, for reloading, copying and going back.
  const address = (order) => {
    const want = new URLSearchParams();
    for (const [name, value] of Object.entries(asked())) {
      if (value && name !== "sort" && name !== "order") want.set(name, value);
    }
    const by = order || { sort, descending };
    if (by.sort !== "key") want.set("sort", by.sort);
    if (by.descending) want.set("order", "desc");
    const text = want.toString();
    return form.dataset.items + (text ? "?" + text : "");
  };

  const show = async () => {
    let list;
    try {
      list = await all();
    } catch {
      location.assign(address() + "#items"); // the server can do it alone
      return;
    }
    const want = asked();
    const words = (want.q || "").toLowerCase().split(/\s+/).filter(Boolean);
    const column = columns.indexOf(sort);
    const shown = list.filter((row) => matches(row, want, words)).sort((a, b) => a.order[column] - b.order[column]);
    if (descending) shown.reverse();
    const bodies = [];
    for (let i = 0; i < shown.length || i === 0; i += chunk) {
      const body = document.createElement("tbody");
      body.append(...shown.slice(i, i + chunk).map((row) => row.tr));
      bodies.push(body);
    }
    for (const body of [...table.tBodies]) body.remove();
    table.append(...bodies);
    table.classList.toggle("long", shown.length > long);
    document.getElementById("shown").textContent = shown.length;
    document.getElementById("nothing").hidden = shown.length > 0;
    for (const a of heads) {
      const here = a.dataset.sort === sort;
      if (here) a.parentElement.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else a.parentElement.removeAttribute("aria-sort");
      a.href = address({ sort: a.dataset.sort, descending: here && !descending }) + "#items";
    }
    history.replaceState(null, "", address() + location.hash);
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, Number(table.dataset.all) > 2000 ? 120 : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.querySelector("a.clear").addEventListener("click", (event) => {
    event.preventDefault();
    form.elements.q.value = "";
    for (const select of form.querySelectorAll("select")) select.value = "";
    show();
  });
  for (const a of heads) {
    a.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      descending = a.dataset.sort === sort && !descending;
      sort = a.dataset.sort;
      show();
    });
  }
}

// ---------------------------------------------------------------- keys

const remember = (value) => {
  try {
    if (value !== undefined) localStorage.setItem("single-keys", value);
    return localStorage.getItem("single-keys");
  } catch {
    return null; // storage may be forbidden
  }
};
const singleKeys = document.getElementById("single-keys");
if (singleKeys) {
  singleKeys.checked = remember() !== "off";
  singleKeys.addEventListener("change", () => remember(singleKeys.checked ? "on" : "off"));
}

// rowLinks lists what the keys go through: the first link of each row.
const rowLinks = () =>
  [...document.querySelectorAll("[data-rows] > tbody > tr, [data-rows] li, li[data-row]")]
    .map((row) => row.querySelector("a:not(.term)"))
    .filter((a) => a);

const step = (by) => {
  const links = rowLinks();
  if (!links.length) return;
  const row = document.activeElement.closest("[data-rows] > tbody > tr, [data-rows] li");
  const at = row ? links.findIndex((a) => a.closest("tr, li") === row) : -1;
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  const typing = at.matches("input:not([type=checkbox]), select, textarea");
  if (typing) {
    if (event.key === "Escape" && at.id === "filter") {
      at.blur();
      const first = table && table.querySelector("tbody a");
      if (first) first.focus();
    }
    return;
  }
  const keys = !singleKeys || singleKeys.checked;
  const inRows = at.closest("[data-rows]");
  const filter = document.getElementById("filter");
  if (event.key === "/" && keys && filter) filter.focus();
  else if ((event.key === "j" && keys) || (event.key === "ArrowDown" && inRows)) step(1);
  else if ((event.key === "k" && keys) || (event.key === "ArrowUp" && inRows)) step(-1);
  else return;
  event.preventDefault();
});
