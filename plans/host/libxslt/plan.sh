pkg_name=libxslt
pkg_description="libxslt of this machine"
host_headers=(libxslt libexslt)
host_libraries=(xslt exslt)
host_pconfig=(libxslt libexslt)

source "${BASH_SOURCE[0]%/*}/../host.sh"
