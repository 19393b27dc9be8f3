// Our tables in the words of the npm package iso_8583.
//
// What it cannot say is left out, and with it what it cannot judge:
// - bytes in hexadecimal digits (52, 64, 128) are to it a text of twice the length;
// - field 53 counts bytes but holds two digits for each: to it the length and the value are one text of that length;
// - field 127 it takes for the extensions of another product;
// - the types 1804 and 1814 (network management) it does not know;
// - values that are filled up it takes with their filling;
// - it reads and writes two bitmaps or none that are hexadecimal, so only messages with a field beyond 64.

/** @param rows As ours: [{ number, kind, length, lengthDigits }]; @param of53 bytes in field 53 of this message, or 0 */
export function formats(rows, of53) {
  const result = {
    0: { ContentType: 'n', Label: 'type', LenType: 'fixed', MaxLen: 4 },
    1: { ContentType: 'an', Label: 'bitmap', LenType: 'fixed', MaxLen: 32 },
  };
  for (const { number, kind, length, lengthDigits } of rows) {
    const isHex = kind === 'Hex';
    result[number] = number === 53 && isHex
      ? { ContentType: 'ans', Label: '53', LenType: 'fixed', MaxLen: 2 + 2 * of53 }
      : {
          ContentType: kind === 'Numeric' ? 'n' : kind === 'Track' ? 'z' : kind === 'SignedNumeric' ? 'an' : 'ans',
          Label: String(number),
          LenType: lengthDigits === 0 ? 'fixed' : lengthDigits === 2 ? 'llvar' : 'lllvar',
          MaxLen: isHex ? 2 * length : length,
        };
  }

  return result;
}
