pkg_name=expat
pkg_description="expat of this machine"
host_headers=(expat.h expat_external.h expat_config.h)
host_libraries=(expat)
host_pconfig=(expat)

source "${BASH_SOURCE[0]%/*}/../host.sh"
