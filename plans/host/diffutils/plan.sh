pkg_name=diffutils
pkg_description="Programs that compare files, of this machine"
host_programs=(diff cmp diff3 sdiff)

source "${BASH_SOURCE[0]%/*}/../host.sh"
