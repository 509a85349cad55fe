pkg_name=curl
pkg_description="curl and its library, of this machine"
host_programs=(curl)
host_scripts=(curl-config)
host_headers=(curl)
host_libraries=(curl)
host_pconfig=(libcurl)

source "${BASH_SOURCE[0]%/*}/../host.sh"
