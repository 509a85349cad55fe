pkg_name=apr
pkg_description="The Apache Portable Runtime of this machine"
host_headers=(apr-1.0)
host_libraries=(apr-1)
host_pconfig=(apr-1)
host_scripts=(apr-1-config apr-config=apr-1-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
