pkg_name=gdbm
pkg_description="GDBM of this machine"
host_headers=(gdbm.h)
host_libraries=(gdbm)

source "${BASH_SOURCE[0]%/*}/../host.sh"
