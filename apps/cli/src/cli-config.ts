import { readFile } from 'node:fs/promises';

import { parseToml } from '@hab/templating';

import { failed } from './errors.ts';

/** What a person keeps in `cli.toml`. Unknown keys are left alone. See spec/formats 5.1. */
export interface CliConfig {
  readonly origin?: string | undefined;
  readonly bldrUrl?: string | undefined;
  readonly ctlSecret?: string | undefined;
  readonly listenCtl?: string | undefined;
  readonly authToken?: string | undefined;
  readonly refreshChannel?: string | undefined;
}

/** A missing file is an empty one. */
export async function readCliConfig(path: string): Promise<CliConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw failed(`Cannot read ${path}`, 'Check who owns the file and its permissions.', error);
  }
  const table = parse(text, path);
  const string = (key: string): string | undefined => {
    const value = table.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    origin: string('origin'),
    bldrUrl: string('bldr_url'),
    ctlSecret: string('ctl_secret'),
    listenCtl: string('listen_ctl'),
    authToken: string('auth_token'),
    refreshChannel: string('refresh_channel'),
  };
}

function parse(text: string, path: string): ReadonlyMap<string, unknown> {
  try {
    return parseToml(text, { source: path });
  } catch (error) {
    throw failed(`${path} is not TOML`, 'Mend it or remove it: `hab` then uses its defaults.', error);
  }
}
