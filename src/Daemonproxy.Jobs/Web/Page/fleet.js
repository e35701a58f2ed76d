// The machines and queues of a fleet, on the page of the jobs: jobs.js has what it calls. All texts are put in as text.
"use strict";

// Machines tell nothing by themselves: they are looked at.
const FLEET_INTERVAL = 2000;

function seconds(number) {
  return number < 10 ? `${number.toFixed(1)} s` : duration(number * 1000);
}

// Fills the table with rows of texts; what is there already stays, so that a reader is not disturbed.
function fillTable(id, rows) {
  const body = at(id).tBodies[0];
  const labels = [...at(id).tHead.rows[0].cells].map(cell => cell.textContent);
  rows.forEach(({ texts, isBad }, index) => {
    let row = body.rows[index];
    if (!row) {
      row = document.createElement("tr");
      row.setAttribute("role", "row");
      labels.forEach((label, column) => {
        const cell = document.createElement(column === 0 ? "th" : "td");
        cell.dataset.label = label;
        cell.setAttribute("role", column === 0 ? "rowheader" : "cell");
        if (column === 0) cell.scope = "row";
        row.append(cell);
      });
      body.append(row);
    }
    row.classList.toggle("bad", isBad === true);
    texts.forEach((text, column) => {
      if (row.cells[column].textContent !== text) row.cells[column].textContent = text;
    });
  });
  while (body.rows.length > rows.length) body.lastElementChild.remove();
}

function drawFleet(fleet) {
  fillTable("machines", fleet.machines.map(machine => ({
    texts: [
      machine.name,
      machine.leaseSeconds === undefined ? "lost" : seconds(machine.leaseSeconds),
      `${machine.running} of ${machine.places}`,
      machine.queues.join(", "),
      machine.trouble ?? "",
    ],
    isBad: machine.leaseSeconds === undefined || machine.trouble !== undefined,
  })));
  fillTable("queues", fleet.queues.map(queue => ({
    texts: [
      queue.name,
      queue.priority.toLowerCase(),
      `${queue.waiting}`,
      queue.waiting > 0 ? seconds(queue.lagSeconds) : "",
      `version ${queue.recordVersion}`,
    ],
  })));
  fillTable("returned", fleet.returned.map(one => ({
    texts: [one.job, `${one.times}`, one.nextTry ? time(one.nextTry) : "now", one.why],
    isBad: true,
  })));
  at("returned").hidden = fleet.returned.length === 0;
  const there = fleet.machines.filter(machine => machine.leaseSeconds !== undefined);
  const places = there.reduce((sum, machine) => sum + machine.places, 0);
  at("machines-caption").textContent = `${fleet.machines.length} machines with ${places} places`;
}

// Looks at the fleet, and again later: not while nobody sees the page.
async function showFleet() {
  at("fleet").hidden = false;
  if (!document.hidden) {
    try {
      drawFleet(await call("api/fleet"));
      at("fleet-message").textContent = "";
    } catch (problem) {
      at("fleet-message").textContent = problem.message;
    }
  }
  setTimeout(showFleet, FLEET_INTERVAL);
}
