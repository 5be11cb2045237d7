import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/*
 * Sends real packets, for tests. Arguments:
 *   tcp LOCAL_ADDRESS LOCAL_PORT ADDRESS PORT         one attempt to connect
 *   udp LOCAL_ADDRESS LOCAL_PORT ADDRESS PORT BYTES COUNT
 *   stream LOCAL_ADDRESS LOCAL_PORT ADDRESS PORT BYTES   as much as gets through by TCP to itself
 */
const [protocol, localAddress = '', localPort, address = '', port, bytes = '1', count = '1'] =
  process.argv.slice(2);

if (protocol !== 'udp') {
  const server = createServer((peer) => peer.resume());
  if (protocol === 'stream') await new Promise<void>((ready) => server.listen(Number(port), address, ready));
  const socket = connect({ host: address, port: Number(port), localAddress, localPort: Number(localPort) });
  socket.on('error', () => undefined);
  if (protocol === 'stream') socket.write(Buffer.alloc(Number(bytes)));
  // Less than the second after which the kernel sends a SYN again.
  await delay(300);
  process.exit(0);

const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
socket.on('error', () => undefined);
socket.bind(Number(localPort), localAddress);
const datagram = Buffer.alloc(Number(bytes), 'x');
for (let i = 0; i < Number(count); i++) {
  await new Promise((sent) => socket.send(datagram, Number(port), address, sent));
}
socket.close();
