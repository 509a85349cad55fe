import { TemplatingError } from './errors.ts';

/** Bytes that a text has in UTF-8, without encoding it. Lone surrogates count as the replacement they become. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

export function assertConfigSize(text: string, source: string, maxBytes: number): void {
  if (text.length <= maxBytes / 3 || utf8Length(text) <= maxBytes) return;
  throw new TemplatingError('TEMPLATE_LIMIT_EXCEEDED', `${source} is larger than ${maxBytes} bytes`, {
    details: { limit: 'configBytes', max: maxBytes },
    hint: 'Put large data into a service file: hab file upload.',
  });
}
