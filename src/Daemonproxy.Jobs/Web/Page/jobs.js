// The page of the jobs. Everything that comes from a job is put into the page as text, never as markup.
"use strict";
const STATUSES = ["Queued", "Starting", "Running", "Succeeded", "Failed", "Stopped", "TimedOut", "Lost"];
const WORDS = { TimedOut: "timed out" };
const PAGE = 200;

// Enough for a screen: it is there sooner.
const FIRST = 60;
const MOST_OUTPUT = 1000000;
const COLUMNS = ["Name", "Status", "Program", "Queue", "Started", "Ran", "End"];
const at = id => document.getElementById(id);
const state = { rows: new Map(), next: null, chosen: null, choice: null, job: null, output: null, mayStart: false, load: 0,
  changes: null };

async function call(path, options = {}) {
  const headers = options.method ? { "X-Daemonproxy-Jobs": "1" } : {};
  if (options.body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { ...options, headers });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => null);
    throw new Error(problem?.detail ?? `The server answered ${answer.status}.`);
  }
  return answer.headers.get("Content-Type")?.startsWith("application/json") ? answer.json() : null;
}

const one = name => `api/jobs/${encodeURIComponent(name)}`;

function tell(text) {
  at("message").textContent = text;
}

// Runs something, and says what went wrong.
async function attempt(action) {
  tell("");
  try {
    return await action();
  } catch (problem) {
    tell(problem.message);
    return null;
  }
}

function duration(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const time = text => text ? clock.format(new Date(text)) : "";
const word = status => WORDS[status] ?? status.toLowerCase();

function ran(job) {
  if (!job.started) return "";
  return duration((job.ended ? new Date(job.ended) : new Date()) - new Date(job.started));
}

function end(job) {
  if (job.failure) return `not started, ${job.failure.step}: ${job.failure.error}`;
  if (job.signal) return job.signal;
  if (job.exitCode !== undefined) return `exit ${job.exitCode}`;
  if (job.nextTry && !job.isOver) return `next try ${time(job.nextTry)}`;
  return job.isStopAsked && !job.isOver ? "being stopped" : job.reason ?? "";
}

function fill(row, job) {
  row.job = job;
  const texts = [job.name, word(job.status), job.program, job.queue, time(job.started), ran(job), end(job)];
  texts.forEach((text, index) => {
    const place = index === 0 ? row.button : row.cells[index];
    if (place.textContent !== text) place.textContent = text;
  });
  row.cells[1].className = job.status;
}

function make(job) {
  const row = document.createElement("tr");
  row.setAttribute("role", "row");
  COLUMNS.forEach((label, index) => {
    const cell = document.createElement(index === 0 ? "th" : "td");
    cell.dataset.label = label;
    cell.setAttribute("role", index === 0 ? "rowheader" : "cell");
    if (index === 0) {
      cell.scope = "row";
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => choose(row.job.name));
      cell.append(button);
      row.button = button;
    }
    row.append(cell);
  });
  fill(row, job);
  return row;
}

function query(before) {
  const values = new URLSearchParams({ most: before ? PAGE : FIRST });
  if (at("text").value) values.set("text", at("text").value);
  if (at("status").value) values.set("status", at("status").value);
  if (at("queue").value) values.set("queue", at("queue").value);
  if (before) values.set("before", before);
  return `api/jobs?${values}`;
}

const isFiltered = () => at("text").value || at("status").value || at("queue").value;

// Older jobs are loaded before their place is seen. It is told of a change only: load() asks again.
const near = new IntersectionObserver(seen => {
  if (seen.at(-1).isIntersecting && state.next !== null) load(state.next);
}, { rootMargin: "400px" });

// Changes that come while the answer is under way are newer than it, or another one follows; null is a job that was forgotten.
async function load(before) {
  const number = ++state.load;
  const changes = new Map();
  state.changes = changes;
  const page = await attempt(() => call(query(before)));
  if (number !== state.load) return;
  state.changes = null;
  if (!page) return;
  if (!before) {
    state.rows.clear();
  }
  const rows = page.jobs.filter(job => changes.get(job.name) !== null).map(job => {
    const row = make(changes.get(job.name) ?? job);
    state.rows.set(job.name, row);
    row.classList.toggle("chosen", job.name === state.chosen);
    return row;
  });
  if (before) at("rows").append(...rows); else at("rows").replaceChildren(...rows);
  state.next = page.next ?? null;
  if (!isFiltered()) [...changes.values()].filter(job => job && !state.rows.has(job.name)).forEach(insert);
  at("more").hidden = state.next === null;
  near.unobserve(at("more"));
  near.observe(at("more"));
  await count();
}

async function count() {
  const counts = await call("api/counts").catch(() => null);
  if (!counts) return;
  const total = Object.values(counts).reduce((sum, some) => sum + some, 0);
  const parts = STATUSES.filter(status => counts[status]).map(status => `${counts[status]} ${word(status)}`);
  at("caption").textContent = `${total} jobs: ${parts.join(", ") || "none yet"}`;
}

let counting = null;
let loading = null;

function later() {
  counting ??= setTimeout(() => { counting = null; count(); }, 500);
}

// The newest job is the first row. Events of jobs that were accepted together come in any order; one older than all rows is
// on a page that is loaded later.
function insert(job) {
  let next = null;
  for (const row of at("rows").rows) {
    if (row.job.sequence < job.sequence) {
      next = row;
      break;
    }
  }
  if (!next && state.next !== null) return;
  const made = make(job);
  state.rows.set(job.name, made);
  at("rows").insertBefore(made, next);
}

function change(job) {
  later();
  state.changes?.set(job.name, job);
  if (state.choice?.name === job.name) state.choice.job = job;
  if (job.name === state.chosen) show(job);
  const row = state.rows.get(job.name);
  if (row) {
    fill(row, job);
  } else if (isFiltered()) {
    loading ??= setTimeout(() => { loading = null; load(); }, 700);
  } else {
    insert(job);
  }
}

function forget(name) {
  later();
  state.changes?.set(name, null);
  if (state.choice?.name === name) state.choice = null;
  state.rows.get(name)?.remove();
  state.rows.delete(name);
  if (name === state.chosen) close();
}

function follow() {
  let wasLost = false;
  const events = new EventSource("api/events");
  events.addEventListener("open", () => {
    at("link").textContent = "Live";
    at("link").className = "";
    if (wasLost) {
      load();
      if (state.chosen) choose(state.chosen, true);
    }
    wasLost = false;
  });
  events.addEventListener("error", () => {
    wasLost = true;
    at("link").textContent = "The connection is lost; trying again…";
    at("link").className = "lost";
    if (events.readyState === EventSource.CLOSED) setTimeout(() => { follow(); load(); }, 3000);
  });
  events.addEventListener("job", event => change(JSON.parse(event.data)));
  events.addEventListener("forgotten", event => forget(JSON.parse(event.data).name));
}

function fact(label, text) {
  if (text === undefined || text === null || text === "") return [];
  const term = document.createElement("dt");
  term.textContent = label;
  const value = document.createElement("dd");
  value.textContent = text;
  return [term, value];
}

function show(job) {
  state.job = job;
  const facts = [
    ...fact("Status", `${word(job.status)}${end(job) ? `: ${end(job)}` : ""}`),
    ...fact("Reason", job.reason),
    ...fact("Program", job.program),
    ...fact("Arguments", state.request?.arguments?.join("\n")),
    ...fact("Variables", Object.entries(state.request?.environment ?? {}).map(([key, value]) =>
      value === null ? `${key} is removed` : `${key}=${value}`).join("\n")),
    ...fact("Queue", job.queue),
    ...fact("Tags", Object.entries(job.tags).map(([key, value]) => `${key}=${value}`).join("\n")),
    ...fact("Accepted", time(job.created)),
    ...fact("Started", time(job.started)),
    ...fact("Ended", time(job.ended)),
    ...fact("Ran", ran(job)),
    ...fact("Try", `${job.attempt} of at most ${job.mostAttempts}`),
    ...fact("Next try", job.isOver ? "" : time(job.nextTry)),
    ...fact("Time limit", job.timeLimitSeconds ? duration(job.timeLimitSeconds * 1000) : ""),
    ...fact("Process", job.pid),
    ...fact("Machine", job.machine),
    ...fact("Fence", job.fence),
    ...fact("Kept until", time(job.keptUntil)),
  ];
  at("facts").replaceChildren(...facts);
  at("stop").hidden = !state.mayStart || job.isOver;
  at("again").hidden = !state.mayStart || !job.isOver;
  at("forget").hidden = !state.mayStart || !job.isOver;
  at("reach").hidden = job.reach !== "Session" || job.isOver;
}

// A change that comes while the answers are under way is newer than they are, or another one follows. The last choice counts.
async function choose(name, isAgain = false) {
  const choice = { name, job: null };
  state.choice = choice;
  const job = await attempt(() => call(one(name)));
  if (!job || state.choice !== choice) return;
  const request = state.mayStart ? await call(`${one(name)}/request`).catch(() => null) : null;
  if (state.choice !== choice) return;
  state.choice = null;
  state.rows.get(state.chosen)?.classList.remove("chosen");
  state.chosen = name;
  state.rows.get(name)?.classList.add("chosen");
  state.request = request;
  at("detail-name").textContent = name;
  at("raw").href = `${one(name)}/output`;
  at("detail").hidden = false;
  at("start").hidden = true;
  show(choice.job ?? job);
  read(name);
  if (!isAgain) {
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    at("detail-name").focus();
    at("detail").scrollIntoView({ block: "nearest" });
  }
}

function read(name) {
  state.output?.close();
  const place = at("output");
  place.replaceChildren();
  at("output-state").textContent = "";
  const events = new EventSource(`${one(name)}/output/events`);
  state.output = events;
  let length = 0;
  events.addEventListener("output", event => {
    const { text } = JSON.parse(event.data);
    place.append(text);
    length += text.length;
    while (length > MOST_OUTPUT && place.childNodes.length > 1) {
      length -= place.firstChild.data.length;
      place.firstChild.remove();
      at("output-state").textContent = "Only the end is shown here.";
    }
    if (at("follow").checked) place.scrollTop = place.scrollHeight;
  });
  events.addEventListener("over", event => {
    events.close();
    at("output-state").textContent ||= "That is all of it.";
    if (state.chosen === name) show(JSON.parse(event.data));
  });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) at("output-state").textContent = "There is no output any more.";
  });
}

function close() {
  state.output?.close();
  at("detail").hidden = true;
  const row = state.rows.get(state.chosen);
  row?.classList.remove("chosen");
  state.chosen = null;
  history.replaceState(null, "", location.pathname + location.search);
  (row?.button ?? at("list")).focus();
}

function pairs(text) {
  return Object.fromEntries(text.split("\n").filter(line => line).map(line => {
    const index = line.indexOf("=");
    return index < 0 ? [line, null] : [line.slice(0, index), line.slice(index + 1)];
  }));
}

async function submit(event) {
  event.preventDefault();
  const form = new FormData(at("start-form"));
  const text = name => form.get(name).replaceAll("\r\n", "\n");
  const body = {
    program: text("program"),
    arguments: text("arguments") ? text("arguments").split("\n") : [],
    name: text("name") || undefined,
    queue: text("queue") || "default",
    directory: text("directory") || undefined,
    environment: pairs(text("environment")),
    tags: pairs(text("tags")),
    input: text("input") || undefined,
    timeLimitSeconds: text("timeLimitSeconds") ? Number(text("timeLimitSeconds")) : undefined,
    retries: { most: Number(text("retries") || 0) },
  };
  const job = await attempt(() => call("api/jobs", { method: "POST", body: JSON.stringify(body) }));
  if (job) await choose(job.name);
}

async function begin() {
  STATUSES.forEach(status => {
    const option = document.createElement("option");
    option.value = status;
    option.textContent = word(status);
    at("status").append(option);
  });
  let typing = null;
  for (const id of ["text", "queue"]) {
    at(id).addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(load, 200); });
  }
  at("status").addEventListener("change", () => load());
  at("more").addEventListener("click", () => load(state.next));
  at("close").addEventListener("click", close);
  at("stop").addEventListener("click", () => attempt(() => call(`${one(state.chosen)}/stop`, { method: "POST" })));
  at("again").addEventListener("click", async () => {
    const job = await attempt(() => call(`${one(state.chosen)}/again`, { method: "POST" }));
    if (job) await choose(job.name);
  });
  at("forget").addEventListener("click", () => attempt(() => call(one(state.chosen), { method: "DELETE" })));
  at("open-start").addEventListener("click", () => {
    at("start").hidden = false;
    at("start-title").focus();
  });
  at("cancel").addEventListener("click", () => { at("start").hidden = true; at("open-start").focus(); });
  at("start-form").addEventListener("submit", submit);
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && state.chosen) close();
  });
  setInterval(() => state.rows.forEach(row => { if (row.job.status === "Running") fill(row, row.job); }), 5000);
  follow();
  const listed = load();
  const access = await attempt(() => call("api/access"));
  state.mayStart = access?.mayStart === true;
  at("open-start").hidden = !state.mayStart;
  if (access?.hasFleet) showFleet();
  await listed;
  if (location.hash.length > 1) await choose(decodeURIComponent(location.hash.slice(1)));
}

begin();
