pkg_name=libffi
pkg_description="libffi of this machine"
host_headers=(ffi.h ffitarget.h)
host_libraries=(ffi)
host_pconfig=(libffi)

source "${BASH_SOURCE[0]%/*}/../host.sh"
