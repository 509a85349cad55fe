pkg_name=patch
pkg_description="The patch of this machine"
host_programs=(patch)

source "${BASH_SOURCE[0]%/*}/../host.sh"
