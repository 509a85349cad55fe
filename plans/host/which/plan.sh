pkg_name=which
pkg_description="The which of this machine"
host_programs=(which)
pkg_version=0

source "${BASH_SOURCE[0]%/*}/../host.sh"
