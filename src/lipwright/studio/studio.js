// Lists your videos; make.js makes new ones.  Uses the public API only; text from the server is set as text, never as HTML.
"use strict";

const POLL_MS = 2000;
const byId = (id) => document.getElementById(id);
const cards = new Map();
let timer;

const credentials = () => JSON.parse(sessionStorage.getItem("lipwright") || "null");

async function call(path, method = "GET", body = undefined, type = undefined) {
  const { id, key } = credentials();
  const headers = { "X-API-ID": id, "X-API-KEY": key };
  if (type) headers["Content-Type"] = type;
  const answer = await fetch(path, { method, headers, body });
  const found = await answer.json();
  if (!answer.ok) throw new Error(sentences(found).join(" "));
  return found;
}

// A refusal names every wrong field, nested as the fields are.
function sentences(refusal) {
  if (typeof refusal !== "object" || refusal === null) return [String(refusal)];
  return Object.values(refusal).flatMap(sentences);
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function statusWord(job) {
  if (job.status !== "pending") return job.status.replace("_", " ");
  return job.preview ? "preview ready" : "pending";
}

function screenOf(job) {
  const screen = element("div", "screen");
  if (job.output || job.preview) {
    const video = element("video");
    video.controls = true;
    video.preload = "metadata";
    video.src = job.output || job.preview.replace(/\/preview\/([^?]*)/, "/files/$1/preview." + (transparent(job) ? "webm" : "mp4"));
    if (job.video_thumbnail) video.poster = job.video_thumbnail;
    screen.append(video);
  } else if (job.status === "failed") {
    screen.append(element("span", "", "No video"));
  } else {
    const bar = element("progress");
    bar.value = job.progress;
    bar.setAttribute("aria-label", "Progress");
    screen.append(bar);
  }
  return screen;
}

const transparent = (job) => job.green_screen || job.transparent_background;

function wordsOf(job) {
  const words = element("div", "words");
  words.append(element("h2", "", job.name || job.text || "Recording"));
  if (job.name && job.text) words.append(element("p", "script", job.text));
  const made = new Date(job.created_at).toLocaleString();
  words.append(element("p", "", `${job.aspect_ratio} · ${job.duration ? job.duration + " s · " : ""}${made}`));
  if (job.failed_reason) words.append(element("p", "reason", job.failed_reason));
  const row = element("div", "row");
  row.append(element("span", `status ${job.status}`, statusWord(job)));
  if (job.status === "pending" && job.preview) row.append(renderButton(job));
  if (job.output) {
    const link = element("a", "", "Download");
    link.href = job.output;
    link.setAttribute("download", "");
    row.append(link);
  }
  words.append(row);
  return words;
}

function renderButton(job) {
  const button = element("button", "", "Render");
  button.type = "button";
  button.addEventListener("click", async () => {
    button.disabled = true;
    try { show(await call(`/api/lipsyncs/${job.id}/render/`, "POST")); } catch (error) { say(error.message); }
  });
  return button;
}

function show(job) {
  const seen = JSON.stringify(job);
  const old = cards.get(job.id);
  if (old && old.seen === seen) return old.card;  // leaves a playing video alone
  const card = element("article");
  card.append(screenOf(job), wordsOf(job));
  if (old) old.card.replaceWith(card);
  cards.set(job.id, { seen, card });
  return card;
}

function say(text) { byId("message").textContent = text; }

async function refresh() {
  clearTimeout(timer);
  try {
    const [jobs, credits] = await Promise.all([call("/api/lipsyncs/"), call("/api/remaining_credits/")]);
    byId("credits").textContent = `${credits.remaining_credits} credits`;
    for (const job of [...jobs].reverse()) {
      const card = show(job);
      if (!card.isConnected) byId("jobs").prepend(card);
    }
    say(jobs.length ? "" : "No videos yet. Make one above, or POST to /api/lipsyncs/preview/.");
    enter(true);
    await fillForm();
  } catch (error) {
    say(error.message);
    if (!cards.size) { enter(false); return; }
  }
  timer = setTimeout(refresh, POLL_MS);
}

function enter(inside) {
  byId("enter").hidden = inside;
  byId("account").hidden = !inside;
  byId("make").hidden = !inside;
}

byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  const entered = { id: byId("api-id").value.trim(), key: byId("api-key").value.trim() };
  sessionStorage.setItem("lipwright", JSON.stringify(entered));
  refresh();
});

byId("leave").addEventListener("click", () => {
  sessionStorage.removeItem("lipwright");
  location.reload();
});

addEventListener("DOMContentLoaded", () => { if (credentials()) refresh(); });
