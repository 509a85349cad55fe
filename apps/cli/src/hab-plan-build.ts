import { guardOutputs } from './guard-outputs.ts';
import { main } from './main.ts';

guardOutputs(process);

// The build program is `hab pkg build` under the name that scripts know; its options are the original's.
process.exitCode = await main(process.argv.slice(2), process.env, ['plan-build-program']);
