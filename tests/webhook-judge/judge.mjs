// Says of each message whether a receiver that uses the npm package standardwebhooks takes it.
// Standard input: [{ secret, id, timestamp, signature, body }]; standard output: [true | false].
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const letters = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(letters.map(({ secret, id, timestamp, signature, body }) => {
  try {
    new Webhook(secret).verify(body, { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature });
    return true;
  } catch {
    return false;
  }
})));
