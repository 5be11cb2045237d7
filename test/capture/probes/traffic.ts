import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/*
 * Sends real packets, for tests: KIND LOCAL_ADDRESS LOCAL_PORT ADDRESS PORT [BYTES [COUNT [RATE]]]
 *   tcp     one attempt to connect
 *   udp     COUNT datagrams of BYTES, one after the other
 *   flood   the same, RATE of them a second; prints the seconds, and those of the processor, that it took
 *   stream  BYTES by TCP to a server of its own at ADDRESS, as far as they get through
 */
const [kind, localAddress = '', localPort, address = '', port, bytes = '1', count = '1', rate] =
  process.argv.slice(2);
const MOST_AT_ONCE = 500;
const to = { host: address, port: Number(port), localAddress, localPort: Number(localPort) };

async function attempt(data: Buffer): Promise<never> {
  const socket = connect(to).on('error', () => undefined);
  socket.write(data);
  // Less than the second after which the kernel sends a SYN again.
  await delay(300);
  process.exit(0);
}

/** A socket to send from, and how a datagram is sent. */
function datagrams() {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4').on('error', () => undefined);
  socket.bind(to.localPort, localAddress);
  const datagram = Buffer.alloc(Number(bytes), 'x');
  return { socket, send: (sent: () => void) => socket.send(datagram, to.port, address, sent) };
}

async function sendDatagrams(): Promise<void> {
  const { socket, send } = datagrams();
  for (let i = 0; i < Number(count); i++) await new Promise<void>(send);
  socket.close();
}

/** Every millisecond sends what is due by then; what it is late with it makes good in small portions. */
async function flood(): Promise<void> {
  const { socket, send } = datagrams();
  await once(socket, 'listening');
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let sent = 0;
  for (let begun = 0; begun < Number(count); await delay(1)) {
    const due = Math.min(Number(count), Math.floor(seconds() * Number(rate)), begun + MOST_AT_ONCE);
    for (; begun < due; begun++) send(() => sent++);
  }
  while (sent < Number(count)) await delay(1);
  socket.close();
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ seconds: seconds(), cpuSeconds: (user + system) / 1e6 }));
}

if (kind === 'udp') await sendDatagrams();
else if (kind === 'flood') await flood();
else if (kind === 'tcp') await attempt(Buffer.alloc(0));
else {
  const server = createServer((peer) => peer.resume()).listen(to.port, address);
  await once(server, 'listening');
  await attempt(Buffer.alloc(Number(bytes)));
}
