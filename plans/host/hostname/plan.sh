pkg_name=hostname
pkg_description="The hostname of this machine"
host_programs=(hostname)

source "${BASH_SOURCE[0]%/*}/../host.sh"
