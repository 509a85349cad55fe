pkg_name=m4
pkg_description="The m4 of this machine"
host_programs=(m4)

source "${BASH_SOURCE[0]%/*}/../host.sh"
