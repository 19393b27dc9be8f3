// Makes src/CanPay.Gateway/Checkout/Assets/vazirmatn.woff2: the variable Vazirmatn (SIL Open Font License 1.1, kept beside it as
// OFL.txt), cut down to what the payer's page can show. A character that is not here is shown in a font of the payer's device.
// With a weight it makes one of that weight alone: the guide's PDF is set with such (Guide/Assets/paper-400.woff2, paper-700.woff2),
// because a variable font goes into a PDF as pictures of letters, which is ten times as much.
// Run in a folder where `npm install vazirmatn@33.0.3 subset-font@2.9.0` was run:
//   node subset-font.mjs OUTPUT [WEIGHT]
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(process.cwd() + '/');
const subsetFont = require('subset-font');
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');

// Latin letters and digits; Persian letters, those that Arabic keyboards write in their place, and Persian digits; the marks
// that our texts and amounts are written with.
const text = range(0x20, 0x7e) + range(0x621, 0x63a) + range(0x641, 0x64a) + '\u064b\u0651\u0654' + 'پچژکگی' + range(0x6f0, 0x6f9)
  + '،؛؟٪٫٬«»…–—·’“”\u00a0\u200c\u200d';

// How Persian letters join and marks are set; the rest are other shapes, which no style of ours asks for.
const keepFeatures = ['ccmp', 'locl', 'rlig', 'isol', 'init', 'medi', 'fina', 'mark', 'mkmk', 'kern', 'tnum'];

const [output, weight] = process.argv.slice(2);
const source = await readFile(require.resolve('vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2'));
const font = await subsetFont(source, text, {
  targetFormat: 'woff2', variationAxes: { wght: weight ? Number(weight) : { min: 400, max: 700 } }, keepFeatures, noHinting: true,
});
await writeFile(output, font);
console.log(font.length, 'bytes');
