pkg_name=ninja
pkg_description="The Ninja of this machine"
host_programs=(ninja)

source "${BASH_SOURCE[0]%/*}/../host.sh"
