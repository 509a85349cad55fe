/** A plan of others, and what stands in for what it would fetch. */
export interface RealPlan {
  /** Folder in the checkout of plans; `documents/…` are those that the project's documents show. */
  readonly folder: string;
  /** Source package of Debian whose upstream archive is taken, or a file of this machine. */
  readonly source: { readonly debian: string } | { readonly file: string } | { readonly git: string };
  /** Variables of the plan that another version of the sources makes necessary. */
  readonly set?: Readonly<Record<string, string>>;
  /** What another version of the sources needs, as bash in its top folder. */
  readonly adapt?: string;
  /** A word on both, for the table. */
  readonly remark?: string;
}

/** Debian has the whole tree, where the plans expect the archive of one big file without Tcl. */
const SQLITE = {
  adapt: `sed -i 's/^  use_tcl=yes/  use_tcl=no/' configure`,
  remark: 'the whole tree, its Tcl binding off',
} as const;

/** In an order in which later ones find what earlier ones built. */
export const REAL_PLANS: readonly RealPlan[] = [
  { folder: 'zlib', source: { debian: 'zlib' } },
  { folder: 'bzip2', source: { debian: 'bzip2' } },
  { folder: 'xz', source: { debian: 'xz-utils' } },
  { folder: 'pcre', source: { debian: 'pcre3' } },
  { folder: 'lua', source: { debian: 'lua5.4' } },
  {
    folder: 'tree',
    source: { debian: 'tree' },
    adapt: `sed -i 's#^PREFIX=/usr/local#prefix = /usr\\nPREFIX=$(prefix)#' Makefile`,
    remark: 'Makefile of 2.1 given the prefix line of 1.8 that the plan edits',
  },
  { folder: 'gperf', source: { debian: 'gperf' } },
  { folder: 'popt', source: { debian: 'popt' } },
  { folder: 'pv', source: { debian: 'pv' } },
  { folder: 'm4', source: { debian: 'm4/bookworm' } },
  { folder: 'sqlite', source: { debian: 'sqlite3' }, set: { pkg_dist_version: '3400100' }, ...SQLITE },
  { folder: 'jq-static', source: { file: '/usr/bin/jq' }, remark: 'the jq of this machine, not a static one' },
  { folder: 'memcached', source: { debian: 'memcached' } },
  { folder: 'redis', source: { debian: 'redis' } },
  {
    folder: 'haproxy',
    source: { debian: 'haproxy/bookworm' },
    adapt: 'mkdir -p contrib && ln -s ../addons/promex contrib/prometheus-exporter',
    remark: 'the exporter where 2.2 had it',
  },
  { folder: 'nginx', source: { debian: 'nginx/bookworm' } },
  { folder: 'documents/sqlite', source: { debian: 'sqlite3' }, set: { pkg_version: '3400100' }, ...SQLITE },
  { folder: 'documents/git-clone', source: { git: 'https://github.com/chef/chef' } },
  { folder: 'documents/httpd', source: { debian: 'apache2/bookworm' } },
];

/** Debian packages that bring what the plans above need and a machine seldom has. */
export const DEVELOPMENT_PACKAGES: readonly string[] = [
  'libapr1-dev',
  'libaprutil1-dev',
  'libedit-dev',
  'libevent-dev',
  'libldap-dev',
  'libonig-dev',
  'libpcre3-dev',
  'libsasl2-dev',
];
