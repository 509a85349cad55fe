import { expect, test } from 'vitest';

import { REAL_PLANS } from '../../scripts/real-plans/plans.ts';
import { type RealBuild, Workshop } from '../../scripts/real-plans/workshop.ts';

/** Builds a plan that the documents show, with wrappers of this machine. */
async function build(workshop: Workshop, folder: string, tools: readonly string[]): Promise<RealBuild> {
  const plan = REAL_PLANS.find((one) => one.folder === folder);
  if (plan === undefined) throw new Error(`no plan ${folder}`);
  workshop.wrapHost(tools);
  return await workshop.build(plan, '');
}

test('the plan that clones a repository', async () => {
  using workshop = new Workshop();
  const tools = ['git', 'cacerts', 'make', 'coreutils', 'tar', 'bzip2'];
  const built = await build(workshop, 'documents/git-clone', tools);
  expect(built).toMatchObject({ artifact: expect.stringMatching(/^core-chef-v14\.1\.1-/) });
  expect(workshop.hab(['pkg', 'exec', 'core/chef', 'chef'])).toMatchObject({ status: 0, stdout: 'cooked\n' });
});

test('the first plan of the documents: SQLite on readline', async () => {
  using workshop = new Workshop();
  const built = await build(workshop, 'documents/sqlite', ['glibc', 'readline', 'gcc', 'make', 'coreutils']);
  expect(built).toMatchObject({ artifact: expect.stringMatching(/^core-sqlite-3400100-/) });
  const answer = workshop.hab(['pkg', 'exec', 'core/sqlite', 'sqlite3', ':memory:', 'select 6 * 7;']);
  expect(answer).toMatchObject({ status: 0, stdout: '42\n' });
});
