import { type CtlMessage, NET_ERRORS } from '@hab/ctl';
import { requestCtl, serveCtl } from '@hab/ctl/node';

// A control gateway that knows one service ...
const handler = async (request: CtlMessage): Promise<CtlMessage> =>
  request.type === 'SvcStatus'
    ? { type: 'ServiceStatus', ident: { origin: 'acme', name: 'redis' }, process: { state: 1, pid: 42 } }
    : { type: 'NetErr', code: NET_ERRORS.notSupported, msg: `no ${request.type} here` };
await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret: 'c2VjcmV0' }, { handler });

// ... and a client that asks for it.
const options = { host: '127.0.0.1', port: server.port, secret: 'c2VjcmV0' };
for await (const part of requestCtl(options, { type: 'SvcStatus' })) console.log(part);
