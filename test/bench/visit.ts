import { Agent, request } from 'node:http';

/*
 * Visits URL every INTERVAL milliseconds, whether or not the answers have come, and prints for each answer when the
 * request was sent, in milliseconds since the epoch, and how many it took.
 */
const [url = '', interval] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

setInterval(() => {
  const sentAt = Date.now();
  const began = performance.now();
  const sent = request(url, { agent }, (response) => {
    response.resume();
    response.on('end', () => {
      if (response.statusCode === 200) console.log(`${sentAt} ${performance.now() - began}`);
    });
  });
  sent.on('error', (error) => console.error(`${url}: ${error.message}`));
  sent.end();
}, Number(interval));
