// Runs the recorded builds of the folder that it is given; prints the report as JSON. Started by private-root.ts.
import { runRecordedBuilds } from './recorded-builds.ts';

const report = await runRecordedBuilds(process.argv[2] ?? '.');
process.stdout.write(JSON.stringify(report));
