// For the bench: round trips (write, then read) of one purchase in a second of CPU time with the npm package iso_8583.
// Each line of standard input is a number of seconds; each answer the round trips in one of them.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { formats } from './formats.mjs';

const Message = createRequire(import.meta.url)('iso_8583');
const asHexadecimalBitmap = { lenHeader: false, bitmapEncoding: 'utf8' };
const row = (number, kind, length, lengthDigits = 0) => ({ number, kind, length, lengthDigits });
const table = formats([
  row(2, 'Numeric', 19, 2), row(3, 'Numeric', 6), row(4, 'Numeric', 12), row(7, 'Numeric', 10), row(11, 'Numeric', 6),
  row(12, 'Numeric', 12), row(14, 'Numeric', 4), row(18, 'Numeric', 4), row(22, 'Text', 12), row(24, 'Numeric', 3),
  row(32, 'Numeric', 11, 2), row(37, 'Text', 12), row(41, 'Text', 8), row(42, 'Text', 15), row(48, 'Text', 999, 3),
  row(49, 'Text', 3), row(52, 'Hex', 8), row(53, 'Hex', 48, 2), row(128, 'Hex', 8),
], 4);
const purchase = {
  0: '1200', 2: '5022290000087122', 3: '000000', 4: '000000010000', 7: '1124110600', 11: '000001', 12: '261124143600', 14: '0912',
  18: '5999', 22: '700101700100', 24: '200', 32: '581672000', 37: '632814000001', 41: '00000001', 42: '000000000000001',
  48: 'CV2003123', 49: '364', 52: '0102030405060708', 53: '0401010001', 128: '1122334455667788',
};

function roundTrip() {
  const read = new Message(null, table).getIsoJSON(new Message(purchase, table).getRawMessage(), asHexadecimalBitmap);
  if (read['128'] !== purchase['128']) {
    throw new Error(`What was written is not read: ${JSON.stringify(read)}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const begun = cpu();
  let count = 0;
  while (cpu() - begun < Number(line)) {
    for (let i = 0; i < 100; i++) {
      roundTrip();
    }

    count += 100;
  }

  console.log(count / (cpu() - begun));
}

/** Seconds of CPU time of this process: a busy machine makes it longer, not slower. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
