// Reads and writes messages with the npm package iso_8583, for tests that hold our codec against it.
// Takes one JSON object on standard input and answers with another:
//   { rows, read: [{ bytes, of53 }], write: [{ message, of53 }] }  →  { read: [message], write: [bytes] }
// Bytes are hexadecimal; a message is an object from field number to text, field 0 its type; what fails is { error }.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { formats } from './formats.mjs';

const Message = createRequire(import.meta.url)('iso_8583');
const asHexadecimalBitmap = { lenHeader: false, bitmapEncoding: 'utf8' };

const { rows, read, write } = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify({
  read: read.map(({ bytes, of53 }) => new Message(null, formats(rows, of53)).getIsoJSON(Buffer.from(bytes, 'hex'), asHexadecimalBitmap)),
  write: write.map(({ message, of53 }) => {
    const made = new Message(message, formats(rows, of53)).getRawMessage();
    return Buffer.isBuffer(made) ? made.toString('hex') : made;
  }),
}));
