import { createSocket } from 'node:dgram';
import { hostname } from 'node:os';

/** Where the outgoing address is looked up: nothing is sent there. See spec/supervisor 3.1. */
const LOOKUP_ADDRESS = { host: '8.8.8.8', port: 53 };

/** The address this machine uses towards others; the loopback address when it has no way out. */
export function findOutgoingAddress(): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (address: string): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => finish('127.0.0.1'));
    socket.connect(LOOKUP_ADDRESS.port, LOOKUP_ADDRESS.host, () => finish(socket.address().address));
  });
}

export function hostName(): string {
  return hostname() || 'localhost';
}
