pkg_name=db
pkg_description="Berkeley DB of this machine"
host_headers=(db.h)
host_libraries=(db)

source "${BASH_SOURCE[0]%/*}/../host.sh"
