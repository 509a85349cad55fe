import { parseToml, renderTemplate } from '@hab/templating';

const cfg = parseToml('port = 4545\nhosts = ["host-1", "host-2"]');
const template = `{{#each cfg.hosts as |host| ~}}
server {{host}}:{{../cfg.port}}
{{/each ~}}
`;
console.log(renderTemplate(template, new Map([['cfg', cfg]]), { name: 'service.conf' }));
