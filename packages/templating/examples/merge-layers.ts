import { formatToml, layerOf, mergeServiceLayers, parseToml } from '@hab/templating';
import { parseEnvironmentLayer } from '@hab/templating/config';

const merged = mergeServiceLayers({
  default: parseToml('port = 6379\n[tls]\non = false\ncert = "dev.pem"\n'),
  user: parseToml('[tls]\ncert = "host.pem"\n'),
  gossip: parseToml('port = 7000\n'),
  environment: parseEnvironmentLayer('redis', '{"tls": {"on": true}}'),
});
console.log(formatToml(merged.config));
console.log(layerOf(merged, ['port']), layerOf(merged, ['tls', 'cert']), layerOf(merged, ['tls', 'on']));
