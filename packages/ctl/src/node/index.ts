/** Client and server of the control gateway. @packageDocumentation */

export type { CtlRequestOptions } from './client.ts';
export { requestCtl } from './client.ts';
export type { CtlHandler, CtlResponder, CtlServer, CtlServerCollaborators, CtlServerOptions } from './server.ts';
export { serveCtl } from './server.ts';
