pkg_name=wget
pkg_description="The wget of this machine"
host_programs=(wget)

source "${BASH_SOURCE[0]%/*}/../host.sh"
