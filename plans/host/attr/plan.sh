pkg_name=attr
pkg_description="Extended attributes: libattr of this machine"
host_headers=(attr)
host_libraries=(attr)
host_pconfig=(libattr)

source "${BASH_SOURCE[0]%/*}/../host.sh"
