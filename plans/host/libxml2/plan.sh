pkg_name=libxml2
pkg_description="libxml2 of this machine"
host_headers=(libxml2)
host_libraries=(xml2)
host_pconfig=(libxml-2.0)
host_scripts=(xml2-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
