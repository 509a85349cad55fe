pkg_name=readline
pkg_description="readline of this machine"
host_headers=(readline)
host_libraries=(readline history)
host_pconfig=(readline history)

source "${BASH_SOURCE[0]%/*}/../host.sh"
