pkg_name=gzip
pkg_description="The gzip of this machine"
host_programs=(gzip gunzip zcat gzexe uncompress zcmp zdiff zegrep zfgrep zforce zgrep zless zmore znew)

source "${BASH_SOURCE[0]%/*}/../host.sh"
