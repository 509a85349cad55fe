pkg_name=findutils
pkg_description="Programs that find files, of this machine"
host_programs=(find xargs)

source "${BASH_SOURCE[0]%/*}/../host.sh"
