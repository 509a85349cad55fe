pkg_name=zlib
pkg_description="zlib of this machine"
host_headers=(zlib.h zconf.h)
host_libraries=(z)
host_pconfig=(zlib)

source "${BASH_SOURCE[0]%/*}/../host.sh"
