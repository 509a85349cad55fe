pkg_name=sed
pkg_description="The sed of this machine"
host_programs=(sed)

source "${BASH_SOURCE[0]%/*}/../host.sh"
