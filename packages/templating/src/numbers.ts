/** How an exponent looks where a format has one. */
export type ExponentStyle = 'e+21' | 'e21';

/**
 * Shortest text that reads back as the same float, never without a point or an exponent: `1.0`, `1e+21`, `1e-7`.
 * The exponent form starts at 1e16 and at 1e-6. See spec/templating 4.
 *
 * @param value - Finite.
 */
export function formatFloat(value: number, style: ExponentStyle = 'e+21'): string {
  const { sign, digits, exponent } = decompose(value);
  if (exponent >= 16 || exponent < -5) {
    const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
    return `${sign}${mantissa}e${exponent > 0 && style === 'e+21' ? '+' : ''}${exponent}`;
  }
  return sign + positional(digits, exponent);
}

/** The same digits without an exponent at any size, as TOML writes them; infinities and NaN as TOML spells them. */
export function formatTomlFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const { sign, digits, exponent } = decompose(value);
  return sign + positional(digits, exponent);
}

function decompose(value: number): { sign: string; digits: string; exponent: number } {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { sign, digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return `${digits.padEnd(exponent + 1, '0')}.0`;
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Reads a JSON number: an integer keeps every digit within 64 bits (signed or unsigned), all else is a float. */
export function parseJsonNumber(text: string): bigint | number | undefined {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  // At most 20 digits, so that no quadratic conversion starts before the range is known.
  if (/^-?\d{1,20}$/.test(text) && text !== '-0') {
    const integer = BigInt(text);
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return integer;
  }
  const float = Number(text);
  return Number.isFinite(float) ? float : undefined;
}
