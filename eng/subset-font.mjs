// Makes src/CanPay.Gateway/Checkout/Assets/vazirmatn.woff2: the variable Vazirmatn (SIL Open Font License 1.1), cut down to
// what the payer's page can show. Run in a folder where `npm install vazirmatn@33.0.3 subset-font@2.9.0` was run:
//   node subset-font.mjs OUTPUT
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(process.cwd() + '/');
const subsetFont = require('subset-font');
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');
const text = range(0x20, 0x7e) + range(0x621, 0x63a) + range(0x641, 0x655) + 'پچژکگیۀہ' + range(0x6f0, 0x6f9)
  + range(0x660, 0x669) + '،؛؟٪٫٬«»…–—•·×✓\u00a0\u200c\u200d';
const source = await readFile(require.resolve('vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2'));
const font = await subsetFont(source, text, { targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 700 } } });
await writeFile(process.argv[2], font);
console.log(font.length, 'bytes');
