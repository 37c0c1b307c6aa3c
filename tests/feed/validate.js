// SPDX-License-Identifier: Apache-2.0
// Validates events with ajv, in its strict mode: node validate.js AJV_FOLDER SCHEMA_FOLDER EVENTS_FOLDER
// Prints one line per fault, then the numbers of events and of faults.
"use strict";
const fs = require("fs");
const path = require("path");

const [ajvFolder, schemaFolder, eventsFolder] = process.argv.slice(2);
const Ajv = require(path.resolve(ajvFolder, "dist/2020")).default;

const ajv = new Ajv({ strict: true, allErrors: true });
for (const name of fs.readdirSync(schemaFolder)) {
  ajv.addSchema(JSON.parse(fs.readFileSync(path.join(schemaFolder, name), "utf8")), name);
}

let events = 0;
let faults = 0;
for (const name of fs.readdirSync(eventsFolder)) {
  for (const line of fs.readFileSync(path.join(eventsFolder, name), "utf8").split("\n").filter(Boolean)) {
    const event = JSON.parse(line);
    const validate = ajv.getSchema(event.event.dataset.replace("telltale.", "") + ".json");
    events += 1;
    if (!validate(event)) {
      faults += 1;
      console.log(`${name}: ${event.event.id}: ${ajv.errorsText(validate.errors)}`);
    }
  }
}
console.log(`${events} ${faults}`);
