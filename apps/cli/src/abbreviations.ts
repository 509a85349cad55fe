/** Other forms of a command word that the originals of some version accept. See spec/cli 1.4. */
const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    cli: 'cl',
    config: 'co con conf confi',
    file: 'f fi fil',
    origin: 'o or ori orig origi',
    pkg: 'p pk package',
    plan: 'pl pla',
    ring: 'r ri rin',
    svc: 'sv ser serv service',
    user: 'u us use',
    start: 'sta star',
    stop: '',
    install: 'i in ins inst insta instal',
    apply: 'ap app appl',
  },
  config: { apply: 'ap app appl', show: 'sh sho' },
  origin: { key: 'k ke' },
  'origin key': {
    export: 'e ex exp expo expor',
    generate: 'g ge gen gene gener genera generat',
    import: 'i im imp impo impor',
  },
  pkg: {
    config: 'conf cfg',
    dependencies: 'dep deps',
    exec: 'exe',
    hash: 'ha has',
    header: 'hea head heade',
    info: 'inf',
    install: 'i in ins inst insta instal',
    list: 'li',
    path: 'p pa pat',
    sign: 's si sig',
    uninstall: 'un unin',
    verify: 'v ve ver veri verif',
  },
  plan: { init: 'i in ini', render: 'r re ren rend rende' },
  sup: { run: 'r ru', secret: 'sec secr', status: 'stat statu', term: 'ter' },
  svc: {
    key: 'k ke',
    load: 'l lo loa',
    start: 'star',
    status: 'stat statu',
    stop: 'sto',
    unload: 'u un unl unlo unloa',
  },
};

/** Aliases of a word below a group; `''` is the top. */
export function aliasesOf(group: string, word: string): string[] {
  return (FORMS[group]?.[word] ?? '').split(' ').filter((form) => form !== '');
}

/** The full word behind any form of it, at the top level. */
export function expandTopWord(word: string): string {
  for (const full of Object.keys(FORMS[''] ?? {})) {
    if (aliasesOf('', full).includes(word)) return full;
  }
  return word;
}
