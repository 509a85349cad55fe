pkg_name=acl
pkg_description="Access control lists: libacl of this machine"
host_headers=(acl sys/acl.h)
host_libraries=(acl)
host_pconfig=(libacl)

source "${BASH_SOURCE[0]%/*}/../host.sh"
