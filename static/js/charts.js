// Draws each chart when it comes into view: nothing of plotly is loaded before. The table stays one
// key away, and stands in where the drawing cannot be made.
const plotlyAddress = document.currentScript.dataset.plotly;
const dark = matchMedia("(prefers-color-scheme: dark)");
let loading;

const plotly = () =>
  (loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = plotlyAddress;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  }));

function showTable(chart, shown) {
  chart.classList.toggle("tabled", shown);
  chart.querySelector("[data-chart-table]").setAttribute("aria-expanded", shown);
}

async function draw(chart) {
  const room = chart.querySelector(".drawing");
  try {
    const asked = fetch(dark.matches ? chart.dataset.dark : chart.dataset.light);
    const [library, answer] = await Promise.all([plotly(), asked]);
    if (!answer.ok) throw new Error(answer.status);
    const { data, layout } = await answer.json();
    const plot = document.createElement("div");
    await library.newPlot(plot, data, { ...layout, autosize: true, width: room.clientWidth }, {
      displayModeBar: false,
      doubleClick: false,
    });
    room.replaceChildren(plot);
    plot.on("plotly_click", ({ points: [point] }) => {
      if (!point.customdata) return;
      open(new URL(point.customdata, answer.url), document.querySelector("base")?.target ?? "_self");
    });
  } catch {
    showTable(chart, true);
  }
}

const inView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      inView.unobserve(target);
      draw(target);
    }
  },
  { rootMargin: "80px" },
);
const charts = document.querySelectorAll(".chart");
for (const chart of charts) inView.observe(chart);

// A drawing that does not show has no width: it is made anew when the table gives way to it.
const drawn = () => document.querySelectorAll(".chart:not(.tabled) .js-plotly-plot");

dark.addEventListener("change", () => {
  for (const plot of drawn()) draw(plot.closest(".chart"));
});

let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  for (const plot of drawn()) {
    window.Plotly.relayout(plot, { width: plot.parentElement.clientWidth });
  }
});

document.addEventListener("click", async ({ target }) => {
  const table = target.closest("[data-chart-table]");
  if (table) {
    const chart = table.closest(".chart");
    const back = chart.classList.contains("tabled");
    showTable(chart, !back);
    if (back) draw(chart);
  }
  const png = target.closest("[data-chart-png]");
  if (!png) return;
  const picture = new Image();
  picture.src = png.dataset.chartPng;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${png.closest(".chart").id}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
});
