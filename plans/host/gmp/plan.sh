pkg_name=gmp
pkg_description="GMP of this machine"
host_headers=(gmp.h gmpxx.h)
host_libraries=(gmp gmpxx)
host_pconfig=(gmp gmpxx)

source "${BASH_SOURCE[0]%/*}/../host.sh"
