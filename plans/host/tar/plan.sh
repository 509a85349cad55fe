pkg_name=tar
pkg_description="The tar of this machine"
host_programs=(tar)

source "${BASH_SOURCE[0]%/*}/../host.sh"
