// Answers with the greeting of its configuration, which it reads again on HUP.
const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');

const path = process.argv[2];
let settings = JSON.parse(readFileSync(path, 'utf8'));
process.on('SIGHUP', () => {
  settings = JSON.parse(readFileSync(path, 'utf8'));
});
process.on('SIGTERM', () => process.exit(0));
createServer((_, response) => response.end(`${settings.greeting}\n`)).listen(settings.port, '127.0.0.1', () => {
  console.log(`listening on ${settings.port}`);
});
