pkg_name=make
pkg_description="The make of this machine"
host_programs=(make gmake=make)

source "${BASH_SOURCE[0]%/*}/../host.sh"
