pkg_name=zstd
pkg_description="zstd and its library, of this machine"
host_programs=(zstd unzstd zstdcat)
host_headers=(zstd.h zdict.h zstd_errors.h)
host_libraries=(zstd)
host_pconfig=(libzstd)

source "${BASH_SOURCE[0]%/*}/../host.sh"
