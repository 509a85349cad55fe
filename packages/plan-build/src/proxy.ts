/** Proxy for an address, as the usual variables say; undefined for a direct connection. */
export function proxyFor(url: URL, environment: Readonly<Record<string, string | undefined>>): URL | undefined {
  const scheme = url.protocol.slice(0, -1);
  const value = (name: string): string => environment[name] || environment[name.toUpperCase()] || '';
  if (isExempt(url, value('no_proxy'))) return undefined;
  const text = value(`${scheme}_proxy`) || value('all_proxy');
  if (text === '') return undefined;
  return URL.parse(text.includes('://') ? text : `http://${text}`) ?? undefined;
}

/** `no_proxy`: hosts, domains with or without a dot in front, each perhaps with a port; `*` for everything. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', wantedPort] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (wantedPort !== undefined && wantedPort !== port) return false;
      const domain = name.replace(/^\*?\./, '');
      return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
    });
}

/** An address without the secrets in it. */
export function redactUrl(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/i, '$1');
}

/** Name and password of an address inside a text; what variables hold is not in it. The lengths keep the search short. */
const SECRETS = /:\/\/[^\s/?#'"$:]{0,200}:[^\s/?#'"$]{1,400}@/g;

/** A text whose addresses have lost their passwords: commands and plans are shown to more people than wrote them. */
export function redactText(text: string): string {
  return text.replace(SECRETS, '://');
}
