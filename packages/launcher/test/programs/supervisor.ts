// A Supervisor that does what its arguments say: `supervisor.ts DIR` runs DIR/service as one service, takes it over when
// it runs already, and tells what happens on standard output.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { LauncherClient } from '../../src/node/index.ts';

const [directory = ''] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`sup: ${text}\n`);
const id = 'one.default';

if (existsSync(join(directory, 'refuse'))) process.exit(86);
if (existsSync(join(directory, 'mute'))) await new Promise((resolve) => setTimeout(resolve, 60_000));

const client: LauncherClient = await LauncherClient.connect(3, {
  onExited: ({ pid, exit }) => {
    say(`exited ${pid} ${exit.code} ${exit.signal}`);
    void start();
  },
  onShutdown: () => {
    say('shutdown');
    process.exit(0);
  },
  onClosed: () => process.exit(0),
});

async function start(): Promise<void> {
  const pid = await client.spawn({ id, binary: join(directory, 'service'), env: { FROM_SPAWN: 'yes' } });
  say(`spawned ${pid}`);
}
const running = await client.pidOf(id);
if (running === undefined) await start();
else say(`adopted ${running}`);
say(`version ${await client.version()}`);
