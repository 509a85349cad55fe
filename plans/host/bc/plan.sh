pkg_name=bc
pkg_description="The bc of this machine"
host_programs=(bc dc)

source "${BASH_SOURCE[0]%/*}/../host.sh"
