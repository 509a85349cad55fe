pkg_name=rsync
pkg_description="The rsync of this machine"
host_programs=(rsync)

source "${BASH_SOURCE[0]%/*}/../host.sh"
