pkg_name=automake
pkg_description="The automake of this machine"
host_programs=(automake aclocal)

source "${BASH_SOURCE[0]%/*}/../host.sh"
