pkg_name=patchelf
pkg_description="The patchelf of this machine"
host_programs=(patchelf)

source "${BASH_SOURCE[0]%/*}/../host.sh"
