import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/*
 * Sends real packets, for tests: KIND LOCAL_ADDRESS LOCAL_PORT ADDRESS PORT [BYTES [COUNT]]
 *   tcp     one attempt to connect
 *   udp     COUNT datagrams of BYTES
 *   stream  BYTES by TCP to a server of its own at ADDRESS, as far as they get through
 */
const [kind, localAddress = '', localPort, address = '', port, bytes = '1', count = '1'] =
  process.argv.slice(2);
const to = { host: address, port: Number(port), localAddress, localPort: Number(localPort) };

async function attempt(data: Buffer): Promise<never> {
  const socket = connect(to).on('error', () => undefined);
  socket.write(data);
  // Less than the second after which the kernel sends a SYN again.
  await delay(300);
  process.exit(0);
}

async function sendDatagrams(): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4').on('error', () => undefined);
  socket.bind(to.localPort, localAddress);
  const datagram = Buffer.alloc(Number(bytes), 'x');
  for (let i = 0; i < Number(count); i++) {
    await new Promise((sent) => socket.send(datagram, to.port, address, sent));
  }
  socket.close();
}

if (kind === 'udp') await sendDatagrams();
else if (kind === 'tcp') await attempt(Buffer.alloc(0));
else {
  const server = createServer((peer) => peer.resume()).listen(to.port, address);
  await once(server, 'listening');
  await attempt(Buffer.alloc(Number(bytes)));
}
