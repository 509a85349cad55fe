import { createRenderer, readsChanged, renderContext } from '@hab/templating';

import { proxyFacts } from './facts.ts';

const renderer = createRenderer();
const template = `listen {{cfg.port}}
backend:
{{~#eachAlive bind.backend.members as |member|}}
  server {{member.sys.ip}}:{{member.cfg.port}}
{{~/eachAlive}}
`;
renderer.register('proxy.conf', template);

const before = renderContext(proxyFacts('alive'));
const { text, reads } = renderer.renderTracked('proxy.conf', before);
console.log(text);

// The file is written again only when something that the template looked at is another.
console.log(readsChanged(reads, before, renderContext(proxyFacts('alive'))));
console.log(readsChanged(reads, before, renderContext(proxyFacts('confirmed'))));
