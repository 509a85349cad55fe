pkg_name=libtool
pkg_description="The libtool of this machine"
host_programs=(libtoolize libtool)
host_headers=(ltdl.h libltdl)
host_libraries=(ltdl)

source "${BASH_SOURCE[0]%/*}/../host.sh"
