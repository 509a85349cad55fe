import { TemplatingError } from '../errors.ts';
import { MAX_GOSSIP_CONFIG_BYTES } from '../limits.ts';
import { parseToml } from '../toml/parse-toml.ts';
import type { ConfigTable } from '../values.ts';

/**
 * Reads a configuration that `hab config apply` brings: UTF-8, TOML, at most 65,536 bytes. The same check for the
 * client that sends it, the gateway that takes it and the Supervisor that receives the rumor.
 *
 * @throws {@link TemplatingError} `TEMPLATE_CONFIG_INVALID`, `TEMPLATE_LIMIT_EXCEEDED`.
 */
export function parseGossipLayer(bytes: Uint8Array, source = 'the configuration'): ConfigTable {
  if (bytes.length > MAX_GOSSIP_CONFIG_BYTES) {
    const text = `${source} has ${bytes.length} bytes, at most ${MAX_GOSSIP_CONFIG_BYTES} are gossiped`;
    throw new TemplatingError('TEMPLATE_LIMIT_EXCEEDED', text, {
      details: { limit: 'configBytes', max: MAX_GOSSIP_CONFIG_BYTES },
      hint: 'Put large data into a service file: hab file upload.',
    });
  }
  return parseToml(decode(bytes, source), { source, maxBytes: MAX_GOSSIP_CONFIG_BYTES });
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TemplatingError('TEMPLATE_CONFIG_INVALID', `${source} is not UTF-8 text`, {
      details: { source, format: 'toml' },
      hint: 'Save the file as UTF-8.',
      cause,
    });
  }
}
