pkg_name=libcap
pkg_description="Capabilities: libcap of this machine"
host_headers=(sys/capability.h)
host_libraries=(cap)
host_pconfig=(libcap)

source "${BASH_SOURCE[0]%/*}/../host.sh"
