pkg_name=less
pkg_description="The less of this machine"
host_programs=(less lesskey lessecho)

source "${BASH_SOURCE[0]%/*}/../host.sh"
